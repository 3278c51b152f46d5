"""A second kind of generator through all commands, at a size of seconds."""

import json
import shutil

import pytest
import soundfile

from gansynth_isa.cli import classify, evaluate, experiment, export, generate, report, train
from gansynth_isa.cli.runtime import run_command
from gansynth_isa.data.simulation.writer import simulate_balls

SIZE = ("--dataset=mb", "--mel_bins=8", "--classifier_steps=4", "--classifier=cnn", "--samples_per_class=4")
GAN_SIZE = ("--num_resolutions=2", "--start_height=16", "--start_width=4")
KIND = "--generator=gaussian"


@pytest.fixture(scope="module")
def recordings(tmp_path_factory):
    folder = tmp_path_factory.mktemp("recordings")
    simulate_balls(folder, train_files_per_class=5, test_files=6)
    return folder


@pytest.fixture(scope="module")
def data(recordings, tmp_path_factory):
    cache = tmp_path_factory.mktemp("cache")
    return (*SIZE, "--clips_per_class=4", f"--data_dir={recordings}", f"--feature_cache_dir={cache}")


@pytest.fixture(scope="module")
def unlabelled(tmp_path_factory):
    """A folder of recordings whose paths are those of labelled ones, but not their contents."""
    folder = tmp_path_factory.mktemp("unlabelled")
    simulate_balls(folder, train_files_per_class=2, test_files=1, seed=5)
    return folder


@pytest.fixture(scope="module")
def fitted(data, tmp_path_factory):
    """(train_root_dir, synthetic_dir) made by the commands."""
    folder = tmp_path_factory.mktemp("gaussian")
    assert run_command(train.main, ["train", *data, KIND, f"--train_root_dir={folder / 'run'}"]) == 0
    clips = (f"--train_root_dir={folder / 'run'}", f"--output_dir={folder / 'clips'}", "--samples_per_class=4")
    assert run_command(generate.main, ["generate", *clips]) == 0
    return folder / "run", folder / "clips"


def test_train_dry_run_prints_the_plan_and_writes_nothing(data, tmp_path, capfd):
    assert run_command(train.main, ["train", *data, KIND, f"--train_root_dir={tmp_path / 'G'}", "--dry_run"]) == 0
    assert "gaussian: clips of shape (32, 8, 1), at most 64 principal components" in capfd.readouterr().out
    assert not (tmp_path / "G").exists()


def test_folder_and_clips_name_the_kind_and_the_recordings(fitted):
    description = json.loads((fitted[0] / "experiment.json").read_text())
    metadata = json.loads((fitted[1] / "metadata.json").read_text())
    assert description["generator"] == metadata["generator"] == "gaussian"
    assert metadata["data"] == description["data"] and len(metadata["data"]["files"]) == 12
    assert metadata["gaussian_sharing"] in (0.0, 0.25, 0.5, 0.75, 1.0)


def test_train_again_says_that_it_is_finished(fitted, data, capfd):
    assert run_command(train.main, ["train", *data, KIND, f"--train_root_dir={fitted[0]}"]) == 0
    assert "finished, nothing to do" in capfd.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--generator=gausian",), "did you mean 'gaussian'?"),
        ((KIND, "--init_from=X"), "init_from: expected nothing for the kind gaussian, got 'X'"),
        ((KIND, "--strategy=mirrored"), "strategy: expected 'none' for the kind gaussian, got 'mirrored'"),
        ((KIND, "--gaussian_components=3"), "gaussian_components: 64 -> 3"),
        ((KIND, "--gaussian_sharing=2"), "gaussian_sharing: expected at most 1"),
        ((*GAN_SIZE, "--generator=gansynth"), "holds a training of the kind gaussian; expected gansynth"),
        ((KIND, "--clips_per_class=1"), "two clips more than there are classes"),
        ((KIND, "--unlabelled_dir=X"), "unlabelled_dir: expected --guessed_clips=folder beside it, got 'none'"),
        (
            (KIND, "--guessed_clips=folder"),
            "unlabelled_dir: expected a folder of recordings for --guessed_clips=folder",
        ),
        (
            ("--generator=specgan", "--guessed_clips=folder", "--unlabelled_dir=X"),
            "guessed_clips: expected none or pool for the kind specgan",
        ),
    ],
)
def test_wrong_usage_of_train_is_one_line_and_status_2(fitted, data, tmp_path, capfd, arguments, message):
    folder = tmp_path if "clips_per_class=1" in arguments[-1] else fitted[0]
    assert run_command(train.main, ["train", *data, *arguments, f"--train_root_dir={folder}"]) == 2
    error = capfd.readouterr().err
    assert message in error and error.count("\n") == 1


@pytest.mark.parametrize("source", ["pool", "folder"])
def test_unlabelled_clips_are_learnt_from_and_a_classifier_may_use_what_comes_of_it(
    data, unlabelled, tmp_path, capfd, source
):
    folder = (f"--unlabelled_dir={unlabelled}",) if source == "folder" else ()
    run, clips = f"--train_root_dir={tmp_path / 'run'}", tmp_path / "clips"
    assert run_command(train.main, ["train", *data, KIND, f"--guessed_clips={source}", *folder, run]) == 0
    assert "guessed classes of unlabelled clips: " in capfd.readouterr().out
    trained_on = json.loads((tmp_path / "run" / "experiment.json").read_text())["data"]
    assert trained_on["guessed"] == len(trained_on["clips"]) - 12 > 0
    assert any(path.startswith("<unlabelled>/") for path in trained_on["files"]) == (source == "folder")
    assert run_command(generate.main, ["generate", run, f"--output_dir={clips}", "--samples_per_class=4"]) == 0
    place = (f"--synthetic_dir={clips}", f"--output_dir={tmp_path / 'C'}")
    assert run_command(classify.main, ["classify", *data, "--method=gan", *place]) == 0


def test_recordings_that_were_guessed_are_on_no_test_side(data, recordings, unlabelled, tmp_path, capfd):
    run, clips = f"--train_root_dir={tmp_path / 'run'}", tmp_path / "clips"
    folder = (f"--unlabelled_dir={unlabelled}", "--guessed_clips=folder")
    assert run_command(train.main, ["train", *data, KIND, *folder, run]) == 0
    assert run_command(generate.main, ["generate", run, f"--output_dir={clips}", "--samples_per_class=4"]) == 0
    shutil.copytree(recordings / "train", tmp_path / "D" / "train")
    for number, path in enumerate(sorted((unlabelled / "train").rglob("*.wav"))):  # under other names
        copy = tmp_path / "D" / "test" / path.parent.name / f"other{number}.wav"
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy)
    capfd.readouterr()
    place = (f"--data_dir={tmp_path / 'D'}", f"--synthetic_dir={clips}", f"--output_dir={tmp_path / 'C'}")
    assert run_command(classify.main, ["classify", *data, *place, "--method=gan"]) == 2
    error = capfd.readouterr().err
    assert "expected a generator that has seen no test file" in error and error.count("\n") == 1


def test_converted_copies_of_test_and_labelled_recordings_are_found_by_their_sound(data, recordings, tmp_path, capfd):
    def convert(path, name):
        samples, rate = soundfile.read(path)
        (tmp_path / "U").mkdir(exist_ok=True)
        soundfile.write(tmp_path / "U" / name, 0.5 * samples, rate, format="FLAC")

    places = (f"--unlabelled_dir={tmp_path / 'U'}", f"--train_root_dir={tmp_path / 'run'}")
    every = [argument for argument in data if not argument.startswith("--clips_per_class")]
    for number, path in enumerate(sorted((recordings / "train").rglob("*.wav"))):
        convert(path, f"copy{number}.flac")
    assert run_command(train.main, ["train", *every, KIND, "--guessed_clips=folder", *places]) == 2
    assert "unlabelled: expected one unlabelled clip or more, got none" in capfd.readouterr().err
    convert(min((recordings / "test").rglob("*.wav")), "other.flac")
    assert run_command(train.main, ["train", *every, KIND, "--guessed_clips=folder", *places]) == 2
    error = capfd.readouterr().err
    assert "other.flac has the content of test/broken/broken_0000.wav" in error and error.count("\n") == 1


def test_model_card_says_how_many_classes_were_guessed(data, tmp_path):
    run = f"--train_root_dir={tmp_path / 'run'}"
    assert run_command(train.main, ["train", *data, KIND, "--guessed_clips=pool", run]) == 0
    assert run_command(export.main, ["export", run, f"--export_dir={tmp_path / 'X'}"]) == 0
    guessed = json.loads((tmp_path / "run" / "experiment.json").read_text())["data"]["guessed"]
    assert f"{guessed} of these clips are unlabelled" in (tmp_path / "X" / "MODEL_CARD.md").read_text()


def test_judge_of_clips_is_not_asked_about_a_generator_that_learnt_from_guesses(data, tmp_path, capfd):
    run = f"--train_root_dir={tmp_path / 'run'}"
    assert run_command(train.main, ["train", *data, KIND, "--guessed_clips=pool", run]) == 0
    arguments = (f"--output_dir={tmp_path / 'clips'}", "--samples_per_class=4", "--keep=agreed", data[-2])
    assert run_command(generate.main, ["generate", run, *arguments]) == 2
    error = capfd.readouterr().err
    assert "have a class that was guessed" in error and error.count("\n") == 1


def test_evaluate_measures_its_clips(fitted, data, tmp_path):
    assert (
        run_command(evaluate.main, ["evaluate", *data, f"--synthetic_dir={fitted[1]}", f"--output_dir={tmp_path}"]) == 0
    )
    assert 0.2 < json.loads((tmp_path / "evaluation.json").read_text())["relative_spread"] < 3.0


def test_classify_uses_its_clips(fitted, data, tmp_path):
    arguments = ("--method=gan", f"--synthetic_dir={fitted[1]}", f"--output_dir={tmp_path}")
    assert run_command(classify.main, ["classify", *data, *arguments]) == 0
    assert json.loads((tmp_path / "result.json").read_text())["counts"]["synthetic"] == dict.fromkeys(
        ("broken", "coated", "eloxed"), 4
    )


@pytest.mark.parametrize("export_format", ["saved_model", "keras"])
def test_export_writes_the_model_and_a_card(fitted, tmp_path, export_format):
    arguments = (f"--train_root_dir={fitted[0]}", f"--export_dir={tmp_path / 'X'}", f"--format={export_format}")
    assert run_command(export.main, ["export", *arguments]) == 0
    assert "A Gaussian for each class" in (tmp_path / "X" / "MODEL_CARD.md").read_text()


@pytest.mark.slow
def test_experiment_and_report_compare_it(recordings, tmp_path, capfd):
    arguments = (*SIZE, f"--data_dir={recordings}", "--generators=gaussian", "--levels=4", "--trials=1")
    grid = ("--gan_repeats=1", "--methods=baseline,gan", f"--output_dir={tmp_path / 'E'}", "--feature_cache_dir=")
    assert run_command(experiment.main, ["experiment", *arguments, *grid]) == 0
    assert run_command(report.main, ["report", f"--experiment_dir={tmp_path / 'E'}"]) == 0
    assert "| gaussian" in (tmp_path / "E" / "report.md").read_text()


@pytest.mark.parametrize("flag", ["--guessed_clips=pool", "--match_moments=class", "--keep=agreed"])
def test_experiment_refuses_what_no_generator_is_asked_for(data, tmp_path, capfd, flag):
    arguments = (*SIZE, data[-2], "--levels=4", "--methods=baseline,auto", flag, f"--output_dir={tmp_path / 'E'}")
    assert run_command(experiment.main, ["experiment", *arguments]) == 2
    name = flag[2:].split("=")[0]
    assert f"{name}: expected a method with clips of --generators, got baseline, auto" in capfd.readouterr().err


@pytest.mark.parametrize("more", [(), ("--dry_run",), ("--unlabelled_dir=X",)])
def test_experiment_refuses_guessed_clips_of_a_folder(data, tmp_path, capfd, more):
    arguments = (*SIZE, data[-2], "--levels=4", "--generators=gaussian", "--guessed_clips=folder", *more)
    assert run_command(experiment.main, ["experiment", *arguments, f"--output_dir={tmp_path / 'E'}"]) == 2
    assert capfd.readouterr().err == "error: guessed_clips: expected pool or none for an experiment, got 'folder'\n"


@pytest.mark.parametrize("more", [(), ("--dry_run",)])
def test_experiment_refuses_synthetic_clips_that_have_no_spread_before_it_reads_recordings(tmp_path, capfd, more):
    arguments = (*SIZE, f"--data_dir={tmp_path / 'nowhere'}", f"--output_dir={tmp_path / 'E'}", *more)
    assert run_command(experiment.main, ["experiment", *arguments, "--samples_per_class=1"]) == 2
    error = capfd.readouterr().err
    assert error.startswith("error: samples_per_class: expected at least 2 for an experiment")
    assert error.count("\n") == 1
    real = ("--methods=baseline,augmented,lda", "--samples_per_class=1")
    assert run_command(experiment.main, ["experiment", *arguments, *real]) == 2
    assert "data_dir: " in capfd.readouterr().err  # those that use no synthetic clips get further


def test_experiment_refuses_the_flag_of_a_single_training(data, tmp_path, capfd):
    assert run_command(experiment.main, ["experiment", *SIZE, KIND, data[-2], f"--output_dir={tmp_path}"]) == 2
    assert "generator: expected --generators for an experiment, got 'gaussian'" in capfd.readouterr().err
