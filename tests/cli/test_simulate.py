"""The command that writes simulated recordings, and the one that measures how hard they are."""

import pytest

from gansynth_isa.cli import learning_curve, simulate
from gansynth_isa.cli.runtime import run_command
from gansynth_isa.data.simulation.mark import is_simulated
from gansynth_isa.data.simulation.writer import simulate_balls


def test_simulate_dry_run_tells_the_counts_and_writes_nothing(tmp_path, capfd):
    arguments = ["simulate", "--dataset=pucks", f"--data_dir={tmp_path / 'new'}", "--dry_run"]
    assert run_command(simulate.main, arguments) == 0
    output = capfd.readouterr().out
    assert "6 training files of each class (abs, no_impacts, petg, pla, tpu) and 75 test files of 60 s" in output
    assert "105.0 minutes" in output
    assert not (tmp_path / "new").exists()


def test_simulate_of_a_data_set_that_is_not_simulated_names_those_that_are(tmp_path, capfd):
    arguments = ["simulate", "--dataset=folder", f"--data_dir={tmp_path / 'new'}"]
    assert run_command(simulate.main, arguments) == 2
    assert capfd.readouterr().err.startswith("error: dataset: expected mb, rolling balls, or pucks")
    assert not (tmp_path / "new").exists()


def test_simulate_writes_the_asked_training_files_beside_the_full_test_side(tmp_path, capfd):
    arguments = ["simulate", "--dataset=mb", f"--data_dir={tmp_path}", "--files_per_class=2"]
    assert run_command(simulate.main, arguments) == 0
    assert len(list((tmp_path / "train").rglob("*.wav"))) == 6
    assert len(list((tmp_path / "test").rglob("*.wav"))) == 171
    assert "177 simulated recordings" in capfd.readouterr().out
    assert is_simulated(str(tmp_path)) and not is_simulated(str(tmp_path / "train")) and not is_simulated(None)


@pytest.fixture
def recordings(tmp_path):
    """Three training files of each class of balls."""
    folder = tmp_path / "recordings"
    simulate_balls(folder, train_files_per_class=3, test_files=6)
    return folder


@pytest.mark.slow
def test_learning_curve_prints_and_writes_a_row_per_level(recordings, tmp_path, capfd):
    arguments = ["curve", "--dataset=mb", f"--data_dir={recordings}", f"--output_dir={tmp_path / 'out'}"]
    arguments += ["--levels=2,3", "--mel_bins=64", "--classifier_steps=2"]
    assert run_command(learning_curve.main, arguments) == 0
    table = (tmp_path / "out" / "learning_curve.md").read_text()
    assert [line.split("|")[1].strip() for line in table.splitlines()[2:]] == ["2", "3"]
    assert table in capfd.readouterr().out


def test_learning_curve_at_a_level_above_the_data_says_so(recordings, capfd):
    arguments = ["curve", "--dataset=mb", f"--data_dir={recordings}", "--levels=4", "--mel_bins=64"]
    assert run_command(learning_curve.main, arguments) == 2
    assert "expected at least 4 training clips per class" in capfd.readouterr().err
