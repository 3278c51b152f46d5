"""The main job through the commands, at a size of seconds: simulate, train, generate, classify, measure, compare."""

import json
import shutil

import pytest

from gansynth_isa.cli import classify, evaluate, experiment, generate, report, train
from gansynth_isa.cli.runtime import run_command
from gansynth_isa.data.simulation.writer import simulate_balls

NETWORK_SIZE = (
    "--dataset=mb",
    "--mel_bins=8",
    "--num_resolutions=2",
    "--start_height=16",
    "--start_width=4",
    "--fmap_max=4",
    "--latent_vector_size=8",
    "--stable_stage_num_images=16",
    "--transition_stage_num_images=16",
    "--moving_average_half_life_images=8",
    "--classifier_steps=4",
    "--samples_per_class=4",
)
SIZE = (*NETWORK_SIZE, "--clips_per_class=3")


@pytest.fixture(scope="module")
def recordings(tmp_path_factory):
    folder = tmp_path_factory.mktemp("recordings")
    simulate_balls(folder, train_files_per_class=5, test_files=6)
    return folder


@pytest.fixture(scope="module")
def trained(recordings, tmp_path_factory):
    """(train_root_dir, synthetic_dir) of a GAN trained by the commands."""
    folder = tmp_path_factory.mktemp("gan")
    run = (*SIZE, f"--data_dir={recordings}", f"--train_root_dir={folder / 'run'}")
    assert run_command(train.main, ["train", *run]) == 0
    clips = (f"--train_root_dir={folder / 'run'}", f"--output_dir={folder / 'clips'}", "--samples_per_class=4")
    assert run_command(generate.main, ["generate", *clips]) == 0
    return folder / "run", folder / "clips"


def contents(folder):
    return {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in folder.rglob("*") if path.is_file()}


def test_train_again_after_the_end_changes_nothing(trained, recordings, capfd):
    before = contents(trained[0])
    arguments = ["train", *SIZE, f"--data_dir={recordings}", f"--train_root_dir={trained[0]}"]
    assert run_command(train.main, arguments) == 0
    assert "nothing to do" in capfd.readouterr().out
    assert contents(trained[0]) == before


def test_train_with_another_configuration_says_what_differs(trained, recordings, capfd):
    arguments = ["train", *SIZE, "--fmap_max=8", f"--data_dir={recordings}", f"--train_root_dir={trained[0]}"]
    assert run_command(train.main, arguments) == 2
    error = capfd.readouterr().err
    assert "fmap_max: 4 -> 8" in error and error.count("\n") == 1


def test_train_log_holds_plan_and_reports(trained):
    log = (trained[0] / "log.txt").read_text()
    assert "total 48 images, final (frames, mel_bins) = (32, 8)" in log
    assert "images/s" in log


def test_generate_with_an_unknown_class_offers_the_nearest(trained, tmp_path, capfd):
    arguments = ["generate", f"--train_root_dir={trained[0]}", f"--output_dir={tmp_path}", "--classes=brokn"]
    assert run_command(generate.main, arguments) == 2
    assert "did you mean 'broken'?" in capfd.readouterr().err


def test_generate_without_a_trained_gan_names_the_folder(tmp_path, capfd):
    arguments = ["generate", f"--train_root_dir={tmp_path}", f"--output_dir={tmp_path / 'clips'}"]
    assert run_command(generate.main, arguments) == 2
    assert str(tmp_path) in capfd.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("method", ["baseline", "gan_augmented"])
def test_classify_writes_result_and_model(trained, recordings, tmp_path, method):
    arguments = [*SIZE, f"--data_dir={recordings}", f"--method={method}", f"--synthetic_dir={trained[1]}"]
    assert run_command(classify.main, ["classify", *arguments, f"--output_dir={tmp_path}"]) == 0
    result = json.loads((tmp_path / "result.json").read_text())
    assert {"accuracy", "accuracy_per_clip", "accuracy_per_file", "recall", "confusion_matrix"} <= set(result)
    assert result["steps"] == 4 and result["counts"]["test"] == {"broken": 2, "coated": 2, "eloxed": 2}
    assert (tmp_path / "model.keras").stat().st_size > 0
    assert not list(tmp_path.glob("*unfinished*"))


def test_classify_again_changes_nothing_and_with_other_settings_is_refused(recordings, tmp_path, capfd):
    arguments = ["classify", *SIZE, f"--data_dir={recordings}", f"--output_dir={tmp_path}"]
    assert run_command(classify.main, arguments) == 0
    before = contents(tmp_path)
    capfd.readouterr()
    assert run_command(classify.main, arguments) == 0
    assert "finished, nothing to do" in capfd.readouterr().out
    assert run_command(classify.main, [*arguments, "--method=augmented"]) == 2
    assert "holds another classifier (method: baseline -> augmented)" in capfd.readouterr().err
    assert contents(tmp_path) == before


def test_classify_with_a_gan_that_has_seen_a_test_file_is_refused(trained, recordings, tmp_path, capfd):
    # Another reading of the same folders: the training files are the test side now.
    group = r"--file_pattern=(?P<group>train|test)/(?P<label>\w+)/"
    arguments = [*SIZE, f"--data_dir={recordings}", "--dataset=folder", group, "--test_groups=train"]
    sizes = ["--clip_seconds=0.4", "--clips_per_class=2", "--method=gan", f"--synthetic_dir={trained[1]}"]
    assert run_command(classify.main, ["classify", *arguments, *sizes, f"--output_dir={tmp_path / 'c'}"]) == 2
    assert "expected a generator that has seen no test file, but it was trained on train/" in capfd.readouterr().err
    assert not (tmp_path / "c").exists()


def test_classify_by_a_gan_method_without_clips_asks_for_them(recordings, tmp_path, capfd):
    arguments = [*SIZE, f"--data_dir={recordings}", "--method=gan", f"--output_dir={tmp_path / 'c'}"]
    assert run_command(classify.main, ["classify", *arguments]) == 2
    assert capfd.readouterr().err == "error: synthetic_dir: expected synthetic clips for --method=gan, got nothing\n"


def test_evaluate_prints_and_writes_the_measures(trained, recordings, tmp_path, capfd):
    arguments = [*SIZE, f"--data_dir={recordings}", f"--synthetic_dir={trained[1]}", f"--output_dir={tmp_path}"]
    assert run_command(evaluate.main, ["evaluate", *arguments]) == 0
    output = capfd.readouterr().out
    assert "class agreement" in output and "relative spread" in output
    values = json.loads((tmp_path / "evaluation.json").read_text())
    assert 0 <= values["class_agreement"] <= 1
    assert set(values["relative_spread_per_class"]) == {"broken", "coated", "eloxed"}
    assert "usefulness (1 is best)" in output and "2 trials of 4 steps" in output
    assert values["instruments"]["memorisation"]["mean"] > 0 and len(values["instruments"]["accuracies"]) == 3
    assert {path.name for path in tmp_path.glob("*.png")} == {"neighbours.png", "mean_spectra.png", "distributions.png"}


def test_evaluate_without_trials_trains_no_classifier_for_instruments(trained, recordings, capfd):
    arguments = [*SIZE, f"--data_dir={recordings}", f"--synthetic_dir={trained[1]}", "--instrument_trials=0"]
    assert run_command(evaluate.main, ["evaluate", *arguments]) == 0
    output = capfd.readouterr().out
    assert "usefulness: not measured" in output and "grain (1 is best): " in output
    assert "not measured: usefulness and kernel distance: expected a trial, got none" in output


@pytest.mark.slow
def test_experiment_and_report_make_table_and_figure(recordings, tmp_path, capfd):
    arguments = ["experiment", *NETWORK_SIZE, f"--data_dir={recordings}", f"--output_dir={tmp_path}", "--levels=3"]
    arguments += ["--trials=1", "--gan_repeats=1"]
    assert run_command(experiment.main, arguments) == 0
    rows = [json.loads(line) for line in (tmp_path / "results.jsonl").read_text().splitlines()]
    assert [row["method"] for row in rows] == ["baseline", "augmented", "gan", "gan_augmented"]
    assert all(row["steps"] == 4 and row["dataset"] == recordings.name for row in rows)
    assert run_command(report.main, ["report", f"--experiment_dir={tmp_path}"]) == 0
    assert "| clips per class |" in capfd.readouterr().out.replace("  ", " ")
    assert (tmp_path / "accuracy.png").stat().st_size > 0
    before = (tmp_path / "results.jsonl").read_bytes()
    assert run_command(experiment.main, arguments) == 0
    assert (tmp_path / "results.jsonl").read_bytes() == before


def test_experiment_at_a_level_above_the_data_starts_nothing(recordings, tmp_path, capfd):
    arguments = [*NETWORK_SIZE, f"--data_dir={recordings}", f"--output_dir={tmp_path / 'e'}", "--levels=3,6"]
    assert run_command(experiment.main, ["experiment", *arguments]) == 2
    assert "levels: expected at most 5 clips per class" in capfd.readouterr().err
    assert not (tmp_path / "e").exists()


@pytest.mark.parametrize("command", [train, classify, experiment])
def test_command_with_a_missing_data_folder_names_it(command, tmp_path, capfd):
    arguments = ["command", f"--data_dir={tmp_path / 'nothing'}", f"--output_dir={tmp_path / 'x'}"]
    assert run_command(command.main, [*arguments, f"--train_root_dir={tmp_path / 'x'}"]) == 2
    error = capfd.readouterr().err
    assert "nothing" in error and error.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_train_with_other_recordings_says_which_file_differs(trained, recordings, tmp_path, capfd):
    other = tmp_path / recordings.name
    shutil.copytree(recordings, other)
    changed = sorted(other.rglob("*.wav"))
    for path in changed:
        path.write_bytes(path.read_bytes()[:-2] + b"\x01\x00")
    arguments = ["train", *SIZE, f"--data_dir={other}", f"--train_root_dir={trained[0]}"]
    assert run_command(train.main, arguments) == 2
    error = capfd.readouterr().err
    assert ".wav" in error and error.count("\n") == 1


def test_generate_from_an_unfinished_run_asks_to_go_on_training(trained, tmp_path, capfd):
    run = tmp_path / "run"
    shutil.copytree(trained[0], run)
    shutil.rmtree(sorted(run.glob("stage_*"))[-1])
    assert run_command(generate.main, ["generate", f"--train_root_dir={run}", f"--output_dir={tmp_path / 'c'}"]) == 2
    assert "training is not finished" in capfd.readouterr().err
    assert not (tmp_path / "c").exists()


def test_generate_twice_writes_the_same_shards(trained, tmp_path):
    for name in ("one", "two"):
        arguments = [f"--train_root_dir={trained[0]}", f"--output_dir={tmp_path / name}", "--samples_per_class=3"]
        assert run_command(generate.main, ["generate", *arguments, "--seed=7"]) == 0
    shards = sorted(path.name for path in (tmp_path / "one").glob("*.tfrecord"))
    assert shards
    for name in shards:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_dry_run_of_generate_and_report_writes_nothing_and_refuses_a_wrong_folder(trained, tmp_path, capfd):
    arguments = [f"--output_dir={tmp_path / 'c'}", "--dry_run"]
    assert run_command(generate.main, ["generate", f"--train_root_dir={trained[0]}", *arguments]) == 0
    assert run_command(generate.main, ["generate", f"--train_root_dir={tmp_path}", *arguments]) == 2
    assert run_command(report.main, ["report", f"--experiment_dir={tmp_path}", *arguments]) == 2
    assert list(tmp_path.iterdir()) == []


def test_experiment_with_settings_that_it_would_ignore_is_refused(recordings, tmp_path, capfd):
    arguments = ["experiment", *NETWORK_SIZE, f"--data_dir={recordings}", f"--output_dir={tmp_path / 'e'}"]
    assert run_command(experiment.main, [*arguments, "--clips_per_class=3"]) == 2
    assert "clips_per_class: expected --levels" in capfd.readouterr().err
    assert run_command(experiment.main, [*arguments, "--folds=group", "--test_groups=1"]) == 2
    assert "test_groups: expected none with --folds=group" in capfd.readouterr().err
    assert run_command(experiment.main, [*arguments, "--strategy=mirrored"]) == 2
    assert "strategy: expected 'none' for an experiment" in capfd.readouterr().err
    assert run_command(experiment.main, [*arguments, "--levels=3", "--init_from=RUN"]) == 2
    assert "RUN: " in capfd.readouterr().err
    real_alone = ("--levels=3", "--methods=baseline", "--init_from=RUN")
    assert run_command(experiment.main, [*arguments, *real_alone]) == 2
    assert "init_from: expected a method with clips of --generators, got baseline" in capfd.readouterr().err
