"""Commands refuse to begin something in the folder of something else, before anything is trained."""

import pytest

from gansynth_isa.classifiers.files import RESULT_FILE
from gansynth_isa.cli import classify, experiment, generate, train
from gansynth_isa.cli.runtime import run_command
from gansynth_isa.data.clip_sets.synthetic_metadata import METADATA_NAME
from gansynth_isa.data.simulation.writer import simulate_balls
from gansynth_isa.experiments.experiment import EXPERIMENT_FILE
from gansynth_isa.export.folder import EXPORT_FILE
from gansynth_isa.files import MARKS
from gansynth_isa.runs.run_folder import RunFolder

COMMANDS = {
    "experiment.json": (train, "train_root_dir", "a training", ("--generator=gaussian",)),
    "result.json": (classify, "output_dir", "a classifier", ("--method=baseline",)),
    "grid.json": (experiment, "output_dir", "an experiment", ("--methods=baseline", "--levels=4", "--trials=1")),
}


def test_marks_are_the_files_that_folders_begin_with():
    assert {RESULT_FILE, METADATA_NAME, EXPERIMENT_FILE, EXPORT_FILE, RunFolder("run").description_path.name} == {
        *MARKS
    }


@pytest.fixture(scope="module")
def common(tmp_path_factory):
    recordings = tmp_path_factory.mktemp("recordings")
    simulate_balls(recordings, train_files_per_class=5, test_files=6)
    cache = tmp_path_factory.mktemp("cache")
    return (
        *("--dataset=mb", "--mel_bins=64", "--classifier_steps=2", "--classifier=cnn"),
        *(f"--data_dir={recordings}", f"--feature_cache_dir={cache}"),
    )


@pytest.mark.parametrize(
    ("own", "other"),
    [
        (own, other)
        for own in COMMANDS
        for other in MARKS
        # An experiment of version 0.1 has experiment.json too, so that such a file is read and judged by its contents.
        if own != other and (own, other) != ("grid.json", "experiment.json")
    ],
)
def test_folder_of_something_else_is_refused_in_one_line_and_left_alone(common, tmp_path, capfd, own, other):
    command, flag, what, flags = COMMANDS[own]
    (tmp_path / other).write_text("{}")
    name = command.__name__.rsplit(".", 1)[-1]
    assert run_command(command.main, [name, *common, f"--{flag}={tmp_path}", *flags]) == 2
    error = capfd.readouterr().err
    assert error == f"error: {flag}: expected a folder of its own for {what}, but {tmp_path} holds {other}\n"
    assert [path.name for path in tmp_path.iterdir()] == [other]


def test_each_command_goes_on_in_its_own_folder_and_refuses_that_of_the_others(common, tmp_path, capfd):
    folders = {}
    for own, (command, flag, _, flags) in COMMANDS.items():
        folders[own] = tmp_path / own.split(".")[0]
        arguments = ["command", *common, f"--{flag}={folders[own]}", *flags]
        assert run_command(command.main, arguments) == 0
        assert run_command(command.main, arguments) == 0
        assert (folders[own] / own).exists()
    clips = tmp_path / "clips"
    arguments = [f"--train_root_dir={folders['experiment.json']}", f"--output_dir={clips}", "--samples_per_class=2"]
    assert run_command(generate.main, ["generate", *arguments]) == 0
    capfd.readouterr()
    for own, (command, flag, _, flags) in COMMANDS.items():
        for folder in {*folders.values(), clips} - {folders[own]}:
            before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
            assert run_command(command.main, ["command", *common, f"--{flag}={folder}", *flags]) == 2
            assert capfd.readouterr().err.count("\n") == 1
            assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
