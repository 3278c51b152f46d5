"""The command gansynth_isa_export: what it writes, and what it refuses with one line."""

import json
import shutil

import keras
import numpy as np
import pytest
import soundfile
import tensorflow as tf

from gansynth_isa.cli import export
from gansynth_isa.cli.runtime import run_command
from gansynth_isa.generators.gansynth.trained_generator import TrainedGansynth


def run(capfd, *arguments):
    status = run_command(export.main, ["export", *map(str, arguments)])
    output = capfd.readouterr()
    return status, output.out, output.err


def test_classifier_and_generator_are_written_with_card_and_checksums(classifier_dir, gan_dir, capfd, tmp_path):
    for name, source in (("C", f"--classifier_dir={classifier_dir}"), ("G", f"--train_root_dir={gan_dir}")):
        status, out, err = run(capfd, source, "--format=keras", f"--export_dir={tmp_path / name}")
        assert (status, err) == (0, "")
        assert "of high, low as keras to" in out
        assert (tmp_path / name / "MODEL_CARD.md").read_text().startswith("# Model card")
        files = json.loads((tmp_path / name / "export.json").read_text())["files"]
        assert set(files) == {path.name for path in (tmp_path / name).iterdir()} - {"export.json"}


def test_generator_trained_in_bfloat16_is_exported_in_float32_and_gives_its_clips(gan_dir, capfd, tmp_path):
    shutil.copytree(gan_dir, tmp_path / "R")
    path = tmp_path / "R" / "experiment.json"
    text = path.read_text()
    path.write_text(text.replace('"mixed_precision": "float32"', '"mixed_precision": "bfloat16"'))
    assert path.read_text() != text
    for name, export_format in (("S", "saved_model"), ("K", "keras")):
        arguments = (f"--train_root_dir={tmp_path / 'R'}", f"--format={export_format}")
        assert run(capfd, *arguments, f"--export_dir={tmp_path / name}")[0] == 0
    labels = (np.arange(35) % 2).astype(np.int32)  # not the batch size of the command that generates
    expected = TrainedGansynth(gan_dir).clips(labels, 7)
    loaded = tf.saved_model.load(str(tmp_path / "S"))
    found = loaded.signatures["generate"](class_index=tf.constant(labels), seed=tf.constant(7))["log_mel"]
    np.testing.assert_allclose(found, expected, atol=1e-5 * np.ptp(expected))
    assert np.abs(TrainedGansynth(tmp_path / "R").clips(labels, 7) - expected).max() > 1e-4 * np.ptp(expected)
    layers = keras.models.load_model(tmp_path / "K" / "generator.keras")._flatten_layers()
    assert {layer.dtype_policy.name for layer in layers} == {"float32"}
    assert "Trained in bfloat16, exported in float32" in (tmp_path / "K" / "MODEL_CARD.md").read_text()


def test_litert_reads_the_recordings_and_prints_the_comparison(classifier_dir, waveform_of, capfd, tmp_path):
    shutil.copytree(classifier_dir, tmp_path / "C")
    result = json.loads((tmp_path / "C" / "result.json").read_text())
    pattern = r"(?P<split>train|test)/(?P<label>\w+)/"
    result["data"] |= {"data_dir": str(tmp_path / "moved"), "file_pattern": pattern}
    (tmp_path / "C" / "result.json").write_text(json.dumps(result))
    for split in ("train", "test"):
        for label, name in enumerate(("high", "low")):
            folder = tmp_path / "data" / split / name
            folder.mkdir(parents=True)
            soundfile.write(folder / "a.wav", waveform_of(label, 0.4, len(split)), 8000)
    arguments = (f"--classifier_dir={tmp_path / 'C'}", "--format=litert", f"--export_dir={tmp_path / 'X'}")
    status, _, err = run(capfd, *arguments, "--feature_cache_dir=")
    assert status == 2 and "moved" in err and not (tmp_path / "X").exists()
    status, out, _ = run(capfd, *arguments, "--feature_cache_dir=", f"--data_dir={tmp_path / 'data'}")
    assert status == 0
    rows = json.loads((tmp_path / "X" / "comparison.json").read_text())["models"]
    assert [row["name"] for row in rows] == ["Keras", "float32", "float16", "int8_weights", "int8"]
    assert f"| float32 | {rows[1]['accuracy']:.3f} |" in out and rows[1]["accuracy"] == rows[0]["accuracy"] > 0.9


def test_dry_run_checks_and_writes_nothing(classifier_dir, capfd, tmp_path):
    status, out, _ = run(capfd, f"--classifier_dir={classifier_dir}", f"--export_dir={tmp_path / 'X'}", "--dry_run")
    assert status == 0 and out.startswith("would write a classifier of high, low")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--export_dir=X"], "got neither"),
        (["--export_dir=X", "--classifier_dir=C", "--train_root_dir=R"], "got both"),
        (["--classifier_dir=C"], "export_dir: expected the folder to write"),
        (["--export_dir=X", "--classifier_dir=C", "--format=savedmodel"], "did you mean 'saved_model'"),
        (["--export_dir=X", "--classifier_dir=C"], "C: expected the folder of a trained classifier"),
        (["--export_dir=X", "--train_root_dir=R"], "R: expected the folder of a trained generator"),
    ],
)
def test_wrong_usage_is_one_line_and_status_2(capfd, tmp_path, monkeypatch, arguments, message):
    monkeypatch.chdir(tmp_path)
    status, out, err = run(capfd, *arguments)
    assert (status, out) == (2, "")
    assert message in err and err.count("\n") == 1
    assert not list(tmp_path.iterdir())
