"""What of other projects' settings counts in a program of a person's own."""

import json
import os
import subprocess
import sys

import keras
import pytest

import gansynth_isa as isa
from gansynth_isa.environment import settle_program

FOREIGN = {
    "KERAS_BACKEND": "jax",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "TF_USE_LEGACY_KERAS": "1",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "TF_VAR_region": "north",
    "TF_NUM_INTRAOP_THREADS": "1",
}
START = """
import os, sys
{before}
import gansynth_isa as isa
try:
    isa.load_clips(isa.DataConfig(data_dir="NONE"))
except isa.InputError as error:
    print(error)
import keras
print(keras.config.floatx(), keras.config.backend(), os.environ["MPLBACKEND"], os.environ["TF_VAR_region"])
"""


@pytest.fixture
def start(tmp_path):
    """Runs a program that calls a function of the API where other projects have settings; returns its process."""
    (tmp_path / "home" / ".keras").mkdir(parents=True)
    (tmp_path / "home" / ".keras" / "keras.json").write_text(json.dumps({"floatx": "float16", "backend": "jax"}))

    def run(before: str, **variables: str) -> subprocess.CompletedProcess:
        plain = {name: value for name, value in os.environ.items() if not name.startswith(("KERAS_", "TF_"))}
        environment = {**plain, **FOREIGN, "HOME": str(tmp_path / "home"), **variables}
        code = START.format(before=before)
        return subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)

    return run


def test_first_call_leaves_out_what_would_change_results_and_says_it_once(start):
    done = start("")
    assert done.stdout.splitlines() == [
        "data_dir: expected a folder with recordings, but NONE does not exist",
        "float32 tensorflow module://matplotlib_inline.backend_inline north",
    ]
    assert "KERAS_BACKEND, TF_ENABLE_ONEDNN_OPTS, TF_USE_LEGACY_KERAS: removed or replaced" in done.stderr
    assert done.stderr.count("UserWarning") == 1


def test_first_call_after_keras_was_imported_refuses_its_settings(start):
    done = start("import keras", KERAS_BACKEND="tensorflow")
    assert done.stdout.startswith("keras.config.floatx(): expected 'float32', got 'float16'; it comes from ")
    assert "TF_ENABLE_ONEDNN_OPTS, TF_USE_LEGACY_KERAS: may change results: TensorFlow or Keras was" in done.stderr
    assert "MPLBACKEND" not in done.stderr and "KERAS_" not in done.stderr


def test_plain_environment_is_left_alone_without_a_word():
    assert settle_program({"PATH": "/bin", "TF2_BEHAVIOR": "1", "TF_CPP_MIN_LOG_LEVEL": "2"}) is None


@pytest.mark.filterwarnings("error")
def test_setting_of_keras_that_the_program_changes_is_refused_at_the_next_call(example):
    keras.config.set_floatx("float16")
    try:
        with pytest.raises(isa.InputError, match=r"keras.config.floatx\(\): expected 'float32', got 'float16'"):
            isa.generate_clips(example["generator"], 1)
    finally:
        keras.config.set_floatx("float32")
    assert len(isa.generate_clips(example["generator"], 1)) == 2
