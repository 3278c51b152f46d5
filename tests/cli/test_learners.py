"""--learner and its companions on the command line, and in an experiment from its rows to its report."""

import json
import shutil

import pytest

from gansynth_isa.cli import classify, experiment, report
from gansynth_isa.cli.runtime import run_command
from gansynth_isa.data.simulation.writer import simulate_balls

COMMANDS = {"classify": (classify, "--method="), "experiment": (experiment, "--levels=4 --methods=")}
DRY = ["--dataset=mb", "--dry_run", "--output_dir=nowhere"]
SIZE = ("--dataset=mb", "--mel_bins=8", "--classifier=cnn", "--classifier_steps=4", "--classifier_batch_size=8")


def run_dry(command, method, *flags):
    module, prefix = COMMANDS[command]
    return run_command(module.main, ["x", *DRY, *f"{prefix}{method}".split(), *flags])


def refusal(capfd):
    error = capfd.readouterr().err
    assert error.count("\n") == 1
    return error


@pytest.fixture(scope="module")
def recordings(tmp_path_factory):
    folder = tmp_path_factory.mktemp("recordings")
    simulate_balls(folder, train_files_per_class=5, test_files=6)
    return folder


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("flag", ["--unlabelled=pool", "--unlabelled_dir=somewhere", "--unlabelled_threshold=0.8"])
def test_unlabelled_clips_for_the_supervised_learner_are_refused_in_one_line(command, flag, capfd):
    assert run_dry(command, "augmented", flag) == 2
    name = flag[2:].split("=")[0]
    assert f"{name}: expected a --learner of unlabelled clips, got supervised, which uses none" in refusal(capfd)


def test_unlabelled_clips_in_a_flag_file_are_passed_over_by_the_supervised_learner(tmp_path, capfd):
    (tmp_path / "pool.flags").write_text("--unlabelled=pool\n")
    assert run_dry("experiment", "augmented", f"--flagfile={tmp_path / 'pool.flags'}") == 0
    assert "learner" not in capfd.readouterr().out


@pytest.mark.parametrize("command", COMMANDS)
def test_learner_without_unlabelled_clips_is_refused_in_one_line(command, capfd):
    assert run_dry(command, "augmented", "--learner=fixmatch") == 2
    assert "learner: fixmatch expects unlabelled clips, by --unlabelled=pool or --unlabelled_dir" in refusal(capfd)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("method", ["lda", "auto"])
def test_learner_of_a_method_that_trains_no_network_is_refused(command, method, capfd):
    assert run_dry(command, method, "--learner=mean_teacher", "--unlabelled=pool") == 2
    assert f"expected one that trains a network at once for --learner=mean_teacher, got '{method}'" in refusal(capfd)


@pytest.mark.parametrize("command", COMMANDS)
def test_learner_and_weights_to_start_from_of_embeddings_are_refused(command, capfd):
    assert run_dry(command, "baseline", "--classifier=embedding", "--learner=fixmatch", "--unlabelled=pool") == 2
    assert "learner: expected a classifier that is a network of clips, got 'embedding'" in refusal(capfd)
    assert run_dry(command, "baseline", "--classifier=embedding", "--classifier_init_from=x") == 2
    assert "classifier_init_from: expected a classifier that is a network of clips, got 'embedding'" in refusal(capfd)


def test_folder_and_pool_together_are_refused(capfd):
    assert run_dry("classify", "augmented", "--learner=fixmatch", "--unlabelled=pool", "--unlabelled_dir=x") == 2
    assert "unlabelled_dir: expected nothing beside --unlabelled=pool, got 'x'" in refusal(capfd)


def test_folder_of_unlabelled_recordings_in_an_experiment_is_refused(capfd):
    assert run_dry("experiment", "augmented", "--learner=fixmatch", "--unlabelled_dir=x") == 2
    assert "unlabelled_dir: expected --unlabelled=pool for an experiment, got 'x'" in refusal(capfd)


def test_learner_that_does_not_exist_offers_the_nearest(capfd):
    assert run_dry("classify", "augmented", "--learner=fixmach") == 2
    assert "got 'fixmach'; did you mean 'fixmatch'?" in refusal(capfd)


def test_plan_of_an_experiment_names_the_learner(capfd):
    assert run_dry("experiment", "augmented", "--learner=mean_teacher", "--unlabelled=pool") == 0
    assert "; learner mean_teacher" in capfd.readouterr().out


def classify_in(folder, recordings, *flags):
    arguments = (*SIZE, f"--data_dir={recordings}", f"--output_dir={folder}", "--method=augmented", *flags)
    return run_command(classify.main, ["classify", *arguments, f"--feature_cache_dir={recordings.parent / 'cache'}"])


@pytest.fixture(scope="module")
def others(recordings, tmp_path_factory):
    """Three recordings that are neither trained on nor tested, one of the training side, and a text."""
    made, folder = tmp_path_factory.mktemp("made"), tmp_path_factory.mktemp("others")
    simulate_balls(made, train_files_per_class=1, test_files=6, seed=7)
    for number, path in enumerate(sorted(made.rglob("train/**/*.wav"))):
        shutil.copy(path, folder / f"{number}.wav")
    shutil.copy(min(recordings.rglob("train/**/*.wav")), folder / "known.wav")
    return folder


def test_classifier_learns_from_a_folder_and_knows_it_again(recordings, others, tmp_path, capfd):
    flags = ("--learner=fixmatch", f"--unlabelled_dir={others}")
    assert classify_in(tmp_path, recordings, *flags) == 0
    output = capfd.readouterr().out
    assert "unlabelled: 1 recordings left out, which are labelled" in output
    assert "3 unlabelled clips, none of a labelled recording" in output and "; learner fixmatch" in output
    result = json.loads((tmp_path / "result.json").read_text())
    assert result["unlabelled"].items() >= {"clips": 3, "recordings": 3, "apart": "folder"}.items()
    assert result["configuration"]["learner"] == "fixmatch" and len(result["seen_recordings"]) == 15 + 3
    assert classify_in(tmp_path, recordings, *flags) == 0
    assert "finished, nothing to do" in capfd.readouterr().out
    (others / "0.wav").rename(others / "moved.wav")
    assert classify_in(tmp_path, recordings, *flags) == 2
    assert "holds another classifier (unlabelled clips: others)" in refusal(capfd)


def test_test_recording_among_the_unlabelled_ones_is_refused_by_its_content(recordings, tmp_path, capfd):
    tested = min(recordings.rglob("test/**/*.wav"))
    (tmp_path / "others").mkdir()
    shutil.copy(tested, tmp_path / "others" / "innocent.wav")
    flags = ("--learner=fixmatch", f"--unlabelled_dir={tmp_path / 'others'}")
    assert classify_in(tmp_path / "classifier", recordings, *flags) == 2
    expected = "unlabelled: expected no recording of the test side, but innocent.wav is the test recording test/"
    assert expected in refusal(capfd)


def test_pool_that_is_empty_and_folder_that_is_missing_are_refused(recordings, tmp_path, capfd):
    assert classify_in(tmp_path, recordings, "--learner=pseudo_labels", "--unlabelled=pool") == 2
    assert "but all 15 are labelled" in refusal(capfd)
    assert classify_in(tmp_path, recordings, "--learner=fixmatch", f"--unlabelled_dir={tmp_path / 'nowhere'}") == 2
    assert "unlabelled_dir: expected a folder with recordings" in refusal(capfd)
    assert not (tmp_path / "result.json").exists()


def test_classifier_starts_from_another_and_refuses_one_that_has_seen_the_test_side(recordings, tmp_path, capfd):
    assert classify_in(tmp_path / "first", recordings, "--clips_per_class=2") == 0
    start = f"--classifier_init_from={tmp_path / 'first'}"
    assert classify_in(tmp_path / "second", recordings, start) == 0
    assert f"from the weights in {tmp_path / 'first'}" in capfd.readouterr().out
    result = json.loads((tmp_path / "second" / "result.json").read_text())
    assert len(result["configuration"]["classifier_init_sha256"]) == 64
    swapped = tmp_path / "swapped"
    for side, other in (("train", "test"), ("test", "train")):
        shutil.copytree(recordings / side, swapped / other)
    assert classify_in(tmp_path / "third", swapped, start) == 2
    assert "classifier_init_from: expected weights that have seen no test recording" in refusal(capfd)


def experiment_in(folder, recordings, *flags):
    arguments = (*SIZE, f"--data_dir={recordings}", f"--output_dir={folder}", "--levels=2", "--generators=gaussian")
    grid = ("--methods=augmented,gan_augmented", "--samples_per_class=4", "--trials=1", "--gan_repeats=1", *flags)
    return run_command(
        experiment.main, ["experiment", *arguments, *grid, f"--feature_cache_dir={recordings.parent / 'cache'}"]
    )


def test_experiment_with_a_learner_has_rows_and_a_report_that_name_it(recordings, tmp_path, capfd):
    flags = ("--learner=mean_teacher", "--unlabelled=pool")
    assert experiment_in(tmp_path, recordings, *flags) == 0
    assert "fold all, level 2: 9 unlabelled clips, none of a recording or group" in capfd.readouterr().out
    rows = [json.loads(line) for line in (tmp_path / "results.jsonl").read_text().splitlines()]
    assert [(row["method"], row["learner"], row["unlabelled"]["clips"]) for row in rows] == [
        ("augmented", "mean_teacher", 9),
        ("gan_augmented", "mean_teacher", 9),
    ]
    assert experiment_in(tmp_path, recordings, *flags) == 0
    assert "2 classifiers, 2 of them trained before" in capfd.readouterr().out
    assert experiment_in(tmp_path, recordings, "--learner=fixmatch", "--unlabelled=pool") == 2
    assert "learner: mean_teacher -> fixmatch" in refusal(capfd)
    assert run_command(report.main, ["report", f"--experiment_dir={tmp_path}"]) == 0
    text = (tmp_path / "report.md").read_text()
    assert "baseline + augmentation, mean_teacher" in text and "gaussian + augmentation, mean_teacher" in text
    assert "All classifiers by the learner mean_teacher, from unlabelled clips too." in text


def test_experiment_without_a_pool_leaves_no_folder_behind(recordings, tmp_path, capfd):
    folder = tmp_path / "experiment"
    assert experiment_in(folder, recordings, "--levels=5", "--learner=fixmatch", "--unlabelled=pool") == 2
    assert "but all 15 are labelled" in refusal(capfd)
    assert not folder.exists()


@pytest.mark.slow
def test_experiment_with_a_learner_and_two_jobs_has_the_rows_of_one(recordings, tmp_path):
    flags = ("--learner=pseudo_labels", "--unlabelled=pool", "--unlabelled_threshold=0.4")
    found = []
    for name, jobs in (("one", 1), ("two", 2)):
        assert experiment_in(tmp_path / name, recordings, *flags, f"--jobs={jobs}") == 0
        rows = [json.loads(line) for line in (tmp_path / name / "results.jsonl").read_text().splitlines()]
        found.append(sorted(json.dumps({**row, "minutes": 0}) for row in rows))
    assert found[0] == found[1]
