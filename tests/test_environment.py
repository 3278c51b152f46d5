"""What of other projects reaches in: variables, a keras.json, a matplotlibrc, streams, and what cannot be overruled."""

import ast
import json
import os
import subprocess
import sys
import zipfile
from unittest.mock import MagicMock

import keras
import numpy as np
import pytest
import soundfile

from gansynth_isa.environment import check_keras, settle
from gansynth_isa.errors import InputError

LIBRARIES = ("numpy", "scipy", "tqdm", "matplotlib", "keras", "tensorflow", "sklearn", "librosa")
COMMANDS = (
    "train", "generate", "classify", "evaluate", "experiment", "report", "inspect", "export", "predict", "simulate",
    "import_clips",
)  # fmt: skip
# What other projects set; a shell that has any of these must not notice a difference.
HOSTILE = {
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "MATPLOTLIBRC": "/does/not/exist",
    "KERAS_BACKEND": "torch",
    "KERAS_MAX_EPOCHS": "1",
    "KERAS_MAX_STEPS_PER_EPOCH": "1",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "TF_SET_ONEDNN_FPMATH_MODE": "BF16",
    "TF_XLA_FLAGS": "--tf_xla_auto_jit=2 --tf_xla_cpu_global_jit",
    "XLA_FLAGS": "--no_such_flag",
    "TF_USE_LEGACY_KERAS": "1",
    "TF2_BEHAVIOR": "0",
    "TF_CONFIG": '{"cluster": {"worker": ["127.0.0.1:1", "127.0.0.1:2"]}, "task": {"type": "worker", "index": 1}}',
    "PYTHONIOENCODING": "cp1252",
    "PYTHONWARNINGS": "error",
    "PYTHONHASHSEED": "7",
    "PYTHONOPTIMIZE": "1",
    "LANG": "C",
    "COLUMNS": "3",
    "TQDM_DISABLE": "1",
    "TQDM_MININTERVAL": "often",
    "SOURCE_DATE_EPOCH": "long ago",
    "TMPDIR": "/does/not/exist",
    "PROTOCOL_BUFFERS_PYTHON_IMPLEMENTATION": "python",
}
MATPLOTLIBRC = "text.usetex: True\nsavefig.dpi: 300\nfigure.facecolor: red\nfont.family: none\nfont.size: 30\nodd: 1\n"
KERAS_JSON = {"floatx": "float16", "epsilon": 0.01, "backend": "jax", "image_data_format": "channels_first"}
SIZE = (
    "--dataset=folder", "--dataset_name=x", "--mel_bins=8", "--fft_length=256", "--hop_length=64", "--clip_seconds=0.1",
    "--num_resolutions=1", "--fmap_max=4", "--latent_vector_size=4", "--stable_stage_num_images=8",
    "--transition_stage_num_images=8", "--batch_size_schedule=8", "--classifier_steps=3",
    r"--file_pattern=(?P<label>[^/]+)/(?P<group>\d)", "--test_groups=1",
)  # fmt: skip
JOB = """
import sys
from gansynth_isa.cli import classify, generate, inspect, train
from gansynth_isa.cli.runtime import run_command
data, out, *flags = sys.argv[1:]
train_flags = [*flags, f"--data_dir={data}", f"--train_root_dir={out}/run"]
generate_flags = [f"--train_root_dir={out}/run", f"--output_dir={out}/clips", "--samples_per_class=2", "--wav"]
classify_flags = [*flags, f"--data_dir={data}", f"--synthetic_dir={out}/clips", f"--output_dir={out}/classifier"]
inspect_flags = [*flags, f"--data_dir={data}", f"--picture={out}/picture.png"]
jobs = {train: train_flags, generate: generate_flags, classify: classify_flags, inspect: inspect_flags}
for command, arguments in jobs.items():
    if status := run_command(command.main, ["command", *arguments, "--method=gan_augmented"]):
        sys.exit(status)
"""


def run(code, *arguments, variables=None, **settings):
    """A Python process with this environment and `variables`."""
    environment = {**os.environ, **(variables or {})}
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], env=environment, capture_output=True, check=False, **settings
    )


@pytest.fixture
def hostile_folders(tmp_path):
    """(working directory, home) with the settings of other projects in them."""
    working, home = tmp_path / "working", tmp_path / "home"
    working.mkdir()
    (working / "matplotlibrc").write_text(MATPLOTLIBRC)
    (home / ".keras").mkdir(parents=True)
    (home / ".keras" / "keras.json").write_text(json.dumps(KERAS_JSON))
    return working, home


def results(folder):
    """Contents of the files that must not differ, by path; tables of values without what the clock says."""
    files = [path for pattern in ("**/*.npz", "**/*.png", "**/*.tfrecord", "**/*.wav") for path in folder.glob(pattern)]
    rows = [json.loads(line) for line in (folder / "run" / "metrics.jsonl").read_text().splitlines()]
    timeless = [{name: value for name, value in row.items() if not name.endswith("_s")} for row in rows]
    with zipfile.ZipFile(folder / "classifier" / "model.keras") as model:
        weights = model.read("model.weights.h5")
    contents = {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
    return contents | {"metrics": timeless, "classifier": weights}


@pytest.mark.slow
def test_results_in_the_environment_of_other_projects_are_those_in_a_plain_one(tmp_path, hostile_folders):
    for name in ("Ba$$in", "螺母"):
        for index in range(2):
            (tmp_path / "data" / name).mkdir(parents=True, exist_ok=True)
            samples = 0.1 * np.random.default_rng([len(name), index]).normal(size=4410)
            soundfile.write(tmp_path / "data" / name / f"{index}.wav", samples, 44100)
    working, home = hostile_folders
    plain = run(JOB, str(tmp_path / "data"), str(tmp_path / "plain"), *SIZE)
    variables = HOSTILE | {"HOME": str(home), "MPLCONFIGDIR": str(tmp_path / "fonts")}
    hostile = run(JOB, str(tmp_path / "data"), str(tmp_path / "hostile"), *SIZE, variables=variables, cwd=working)
    assert (plain.returncode, hostile.returncode) == (0, 0), (plain.stderr + hostile.stderr).decode(errors="replace")
    expected, received = results(tmp_path / "plain"), results(tmp_path / "hostile")
    assert expected.keys() == received.keys() and len(expected) > 5
    assert [name for name in expected if expected[name] != received[name]] == []
    assert b"\\u87ba" in hostile.stdout and "螺母" in plain.stdout.decode()
    log = (tmp_path / "hostile" / "run" / "log.txt").read_text(encoding="utf-8")
    assert "螺母" in log and "which do not count: KERAS_BACKEND, KERAS_MAX_EPOCHS" in log


def test_settle_leaves_what_says_something_about_the_machine_alone():
    kept = {
        "TF_NUM_INTRAOP_THREADS": "3", "TF_CPP_MIN_LOG_LEVEL": "0", "TF_CONFIG": "{}", "TF_GPU_ALLOCATOR": "x",
        "TF_FORCE_GPU_ALLOW_GROWTH": "true", "OMP_NUM_THREADS": "3", "CUDA_VISIBLE_DEVICES": "1", "PATH": "/bin",
        "MPLCONFIGDIR": "/fonts",
    }  # fmt: skip
    variables = dict(kept)
    assert settle(variables) == []
    assert {name: variables[name] for name in kept} == kept


def test_settle_removes_what_changes_results_and_names_it():
    variables = {
        "TF_ENABLE_ONEDNN_OPTS": "0", "KERAS_BACKEND": "jax", "MPLBACKEND": "x", "TQDM_NCOLS": "x", "HOME": "/root",
        "XLA_FLAGS": "--xla_cpu_enable_fast_math=true --xla_gpu_cuda_data_dir=/cuda",
    }  # fmt: skip
    ignored = settle(variables)
    assert ignored == ["KERAS_BACKEND", "MPLBACKEND", "TF_ENABLE_ONEDNN_OPTS", "TQDM_NCOLS", "XLA_FLAGS"]
    assert variables.pop("KERAS_HOME").startswith(os.devnull)
    expected = {"HOME": "/root", "KERAS_BACKEND": "tensorflow", "XLA_FLAGS": "--xla_gpu_cuda_data_dir=/cuda"}
    assert variables == expected
    assert settle(variables) == []


def test_commands_import_no_library_before_the_environment_is_settled():
    names = ", ".join(f"gansynth_isa.cli.{command}" for command in COMMANDS)
    done = run(f"import sys, {names}; print([name for name in {LIBRARIES} if name in sys.modules])")
    assert ast.literal_eval(done.stdout.decode()) == []


def test_task_on_another_machine_of_a_cluster_settles_the_environment_there(monkeypatch):
    from gansynth_isa.experiments.workers import ray_workers

    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setenv("TF_ENABLE_ONEDNN_OPTS", "0")
    monkeypatch.setenv("TF_FORCE_GPU_ALLOW_GROWTH", "true")
    monkeypatch.setattr(ray_workers, "_unfit", lambda start: None)
    monkeypatch.setattr("gansynth_isa.experiments.folds.make_folds", stop)
    with pytest.raises(KeyboardInterrupt):
        ray_workers.perform_task(MagicMock(num_threads=2), None, None)
    assert "TF_ENABLE_ONEDNN_OPTS" not in os.environ


@pytest.mark.parametrize("home", [None, "/proc"])
def test_pictures_are_drawn_without_a_home_that_can_be_written(home, tmp_path):
    variables = {name: value for name, value in os.environ.items() if name not in ("HOME", "MPLCONFIGDIR")}
    code = (
        "import sys; from gansynth_isa.environment import settle; settle()\n"
        "from gansynth_isa.drawing import Figure, drawing\n"
        "with drawing(): Figure(figsize=(1, 1)).savefig(sys.argv[1])"
    )
    program = [sys.executable, "-c", code, str(tmp_path / "picture.png")]
    done = subprocess.run(program, env=variables | ({"HOME": home} if home else {}), check=False)
    assert done.returncode == 0 and (tmp_path / "picture.png").stat().st_size > 100


@pytest.mark.parametrize(
    ("name", "value"), [("floatx", "float16"), ("image_data_format", "channels_first"), ("epsilon", 0.01)]
)
def test_networks_refuse_a_setting_of_keras_that_would_change_them(name, value):
    from gansynth_isa.classifiers.networks import build_classifier
    from gansynth_isa.generators.gansynth.config import NetworkConfig
    from gansynth_isa.generators.gansynth.networks.building import build_discriminator, build_generator

    network = NetworkConfig(latent_vector_size=4, fmap_max=4, num_resolutions=2)
    before = getattr(keras.config, name)()
    getattr(keras.config, f"set_{name}")(value)
    try:
        for build in (
            lambda: build_classifier("cnn", (4, 8, 1), 2),
            lambda: build_generator(network, 2, 1, False),
            lambda: build_discriminator(network, 2, 1, False),
        ):
            with pytest.raises(InputError, match=rf"keras.config.{name}\(\): expected '?{before}'?, got '?{value}'?"):
                build()
    finally:
        getattr(keras.config, f"set_{name}")(before)
    check_keras()


def test_networks_refuse_a_policy_of_all_layers():
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        with pytest.raises(InputError, match=r"dtype_policy\(\): expected 'float32', got 'mixed_bfloat16'"):
            check_keras()
    finally:
        keras.config.set_dtype_policy(before)


INSPECT = "import sys; from gansynth_isa.cli.inspect import run; run()"


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, b"error: locale: expected UTF-8"),
        ({"PYTHONOPTIMIZE": "2"}, b"error: PYTHONOPTIMIZE: expected 0 or 1"),
    ],
)
def test_what_cannot_be_overruled_is_refused_in_one_line(variables, message):
    done = run(INSPECT, variables=variables)
    assert done.returncode == 2
    assert done.stderr.startswith(message) and done.stderr.count(b"\n") == 1


def test_module_in_the_working_directory_does_not_stand_in_for_a_library(tmp_path):
    (tmp_path / "numpy").mkdir()
    (tmp_path / "numpy" / "__init__.py").write_text("raise RuntimeError('not this one')")
    for name in "ab":
        (tmp_path / "data" / name).mkdir(parents=True)
        soundfile.write(tmp_path / "data" / name / "1.wav", np.full(4410, 0.1), 44100)
    program = [sys.executable, "-m", "gansynth_isa.cli.inspect", "--dataset=folder", "--data_dir=data"]
    done = subprocess.run(program, cwd=tmp_path, env=_with_path_of_package(), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


def _with_path_of_package() -> dict[str, str]:
    import gansynth_isa

    return {**os.environ, "PYTHONPATH": os.path.dirname(os.path.dirname(gansynth_isa.__file__))}
