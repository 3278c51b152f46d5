"""Kinds whose clips are made of training clips through the commands, at a size of seconds."""

import json

import pytest

from gansynth_isa.cli import export, generate, train
from gansynth_isa.cli.runtime import run_command
from gansynth_isa.data.simulation.writer import simulate_balls

SIZE = ("--dataset=mb", "--mel_bins=8")
KINDS = ("transfer", "smote", "events", "copies")


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("recordings")
    simulate_balls(folder, train_files_per_class=4, test_files=3)
    return (*SIZE, f"--data_dir={folder}", "--feature_cache_dir=")


@pytest.fixture(scope="module")
def fitted(data, tmp_path_factory):
    """{kind: train_root_dir}."""
    folders = {kind: tmp_path_factory.mktemp(kind) / "run" for kind in KINDS}
    for kind, folder in folders.items():
        assert run_command(train.main, ["train", *data, f"--generator={kind}", f"--train_root_dir={folder}"]) == 0
    return folders


@pytest.mark.parametrize("kind", KINDS)
def test_clips_are_written_without_the_recordings_and_say_that_they_have_parents(fitted, kind, tmp_path):
    clips = (f"--train_root_dir={fitted[kind]}", f"--output_dir={tmp_path / 'S'}", "--samples_per_class=4")
    assert run_command(generate.main, ["generate", *clips]) == 0
    metadata = json.loads((tmp_path / "S" / "metadata.json").read_text())
    assert (metadata["generator"], metadata["parents"]) == (kind, "training clips")
    assert kind in metadata["configuration"] and len(metadata["data"]["files"]) == 12


@pytest.mark.parametrize("kind", KINDS)
def test_dry_run_prints_the_plan(data, kind, tmp_path, capfd):
    arguments = (f"--generator={kind}", f"--train_root_dir={tmp_path / 'G'}", "--dry_run")
    assert run_command(train.main, ["train", *data, *arguments]) == 0
    assert f"{kind}: clips of shape (32, 8, 1), " in capfd.readouterr().out
    assert not (tmp_path / "G").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--generator=smote", "--clips_per_class=1"), "expected two clips of each class or more for the neighbours"),
        (("--generator=transfer", "--clips_per_class=1"), "expected two clips of a class or more for the differences"),
        (("--generator=transfer", "--transfer_from=owm"), "transfer_from: expected one of any, own, got 'owm'"),
        (("--generator=transfer", "--transfer_over=clips"), "did you mean 'clip'?"),
        (("--generator=transfer", "--transfer_largest_share=0"), "transfer_largest_share: expected more than 0, got 0"),
        (("--generator=smote", "--smote_neighbours=0"), "smote_neighbours: expected at least 1, got 0"),
        (("--generator=copies", "--copies_probability=2"), "copies_probability: expected at most 1, got 2"),
        (("--generator=gaussian", "--gaussian_shrinkage=-1"), "gaussian_shrinkage: expected at least 0, got -1"),
        (("--generator=events", "--events_background=copies"), "events_background: expected one of transfer, gaussian"),
        (("--generator=events", "--events_length_ms=0"), "events_length_ms: expected more than 0, got 0"),
        (("--generator=events", "--data_type=mel"), "data_type: expected log_mel for the generator events"),
        (("--generator=smotte",), "did you mean 'smote'?"),
    ],
)
def test_wrong_usage_is_one_line_and_status_2_before_anything_is_written(data, tmp_path, capfd, arguments, message):
    assert run_command(train.main, ["train", *data, *arguments, f"--train_root_dir={tmp_path / 'G'}"]) == 2
    error = capfd.readouterr().err
    assert message in error and error.count("\n") == 1
    assert not (tmp_path / "G").exists()


def test_other_settings_than_those_of_the_folder_are_refused(fitted, data, capfd):
    arguments = ("--generator=smote", "--smote_neighbours=2", f"--train_root_dir={fitted['smote']}")
    assert run_command(train.main, ["train", *data, *arguments]) == 2
    assert "smote_neighbours: 5 -> 2" in capfd.readouterr().err


def test_export_of_copies_is_refused_and_that_of_others_warns_of_the_clips_within(fitted, tmp_path, capfd):
    def exported(kind):
        arguments = (f"--train_root_dir={fitted[kind]}", f"--export_dir={tmp_path / kind}", "--format=keras")
        return run_command(export.main, ["export", *arguments])

    assert exported("copies") == 2
    assert "a generator of the kind copies cannot be exported" in capfd.readouterr().err
    assert exported("transfer") == 0
    assert "It holds the training clips themselves" in (tmp_path / "transfer" / "MODEL_CARD.md").read_text()
