"""The command gansynth_isa_inspect from end to end."""

import matplotlib
import numpy as np
import pytest
import soundfile

from gansynth_isa.cli import inspect
from gansynth_isa.cli.runtime import run_command


@pytest.fixture
def recordings(tmp_path):
    """Metal Balls' classes, two recordings of noise each per side."""
    for number, name in enumerate(
        f"{split}/{label}/{take}"
        for split in ("train", "test")
        for label in ("eloxed", "coated", "broken")
        for take in "ab"
    ):
        path = tmp_path / "balls" / f"{name}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(path, np.random.default_rng(number).normal(0.0, 0.1, 17640), 44100)
    return tmp_path / "balls"


def test_inspect_prints_tables_and_leaves_the_data_alone(recordings, capfd):
    before = sorted(recordings.rglob("*"))
    assert run_command(inspect.main, ["inspect", "--dataset=mb", f"--data_dir={recordings}"]) == 0
    output, errors = capfd.readouterr()
    lines = [" ".join(line.split()) for line in output.splitlines()]
    assert "eloxed train 2 2 0.80 0.40 0.40 0.40 -20.0" in "\n".join(lines)
    assert "test files 171 6" in lines and "training files per class 360 or more 2" in lines
    assert errors == ""
    assert sorted(recordings.rglob("*")) == before


def test_inspect_of_a_set_that_cannot_be_used_prints_tables_and_exits_2(recordings, capfd):
    (recordings / "train" / "broken" / "c.wav").write_text("no audio")
    assert run_command(inspect.main, ["inspect", "--dataset=mb", f"--data_dir={recordings}"]) == 2
    output, errors = capfd.readouterr()
    assert "eloxed" in output and "1 recordings that cannot be used:" in output
    assert errors.startswith("error: data_dir: 1 of 13 recordings") and errors.count("\n") == 1
    flags = ["--dataset=mb", f"--data_dir={recordings}", "--skip_bad_files"]
    assert run_command(inspect.main, ["inspect", *flags]) == 0


def test_inspect_draws_a_row_of_clips_per_class_that_the_seed_chooses(recordings, tmp_path, capfd):
    pictures = []
    for number, seed in enumerate((0, 1)):
        path = tmp_path / "new" / f"{number}.png"
        flags = ["--dataset=mb", f"--data_dir={recordings}", f"--picture={path}", f"--seed={seed}", "--mel_bins=64"]
        assert run_command(inspect.main, ["inspect", *flags]) == 0
        pictures.append(matplotlib.image.imread(path))
    assert pictures[0].shape == pictures[1].shape and (pictures[0] != pictures[1]).any()
    assert np.unique(pictures[0].reshape(-1, 4), axis=0).shape[0] > 50


def test_inspect_that_cannot_write_the_picture_names_it(recordings, capfd):
    path = recordings / "train" / "broken" / "a.wav" / "x.png"
    flags = ["--dataset=mb", f"--data_dir={recordings}", f"--picture={path}", "--mel_bins=64"]
    assert run_command(inspect.main, ["inspect", *flags]) == 2
    assert f"picture: cannot write {path}" in capfd.readouterr().err
