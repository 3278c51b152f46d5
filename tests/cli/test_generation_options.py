"""Options of generation through the commands, at a size of seconds."""

import json
import shutil

import pytest

from gansynth_isa.cli import evaluate, experiment, generate, train
from gansynth_isa.cli.runtime import run_command
from gansynth_isa.data.clip_sets.synthetic_folder import read_synthetic
from gansynth_isa.data.simulation.writer import simulate_balls

SIZE = ("--dataset=mb", "--mel_bins=64", "--classifier_steps=4", "--classifier=cnn")


@pytest.fixture(scope="module")
def recordings(tmp_path_factory):
    folder = tmp_path_factory.mktemp("recordings")
    simulate_balls(folder, train_files_per_class=5, test_files=6)
    return folder


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def run(recordings, cache, tmp_path_factory):
    """The folder of a training that tests must not change."""
    folder = tmp_path_factory.mktemp("gaussian") / "run"
    flags = (*SIZE, f"--data_dir={recordings}", f"--feature_cache_dir={cache}", "--clips_per_class=4")
    assert run_command(train.main, ["train", *flags, "--generator=gaussian", f"--train_root_dir={folder}"]) == 0
    return folder


@pytest.fixture(scope="module")
def old_run(run, tmp_path_factory):
    """The same as an earlier version left it: without the moments of its training clips."""
    folder = tmp_path_factory.mktemp("old") / "run"
    shutil.copytree(run, folder)
    shutil.rmtree(folder / "moments")
    return folder


def made_by(run, output_dir, *flags):
    """Status of gansynth_isa_generate with four clips per class."""
    arguments = (f"--train_root_dir={run}", f"--output_dir={output_dir}", "--samples_per_class=4", *flags)
    return run_command(generate.main, ["generate", *arguments])


def test_matched_clips_name_the_option_and_need_no_recordings(run, recordings, tmp_path):
    before = {path: path.read_bytes() for path in run.rglob("*") if path.is_file()}
    assert made_by(run, tmp_path / "S", "--match_moments=class", f"--data_dir={tmp_path / 'none'}") == 0
    metadata = json.loads((tmp_path / "S" / "metadata.json").read_text())
    assert metadata["match_moments"] == "class" and len(metadata["moment_shares"]["classes"]) == 3
    assert {path: path.read_bytes() for path in run.rglob("*") if path.is_file()} == before


def test_progress_without_a_terminal_counts_a_clip_when_it_can_be_heard(run, tmp_path, capfd, monkeypatch):
    monkeypatch.setattr("gansynth_isa.console.SECONDS_BETWEEN_LINES", 0.0)
    for flags, counts in ((("--wav",), (1, 2, 3, 4)), ((), (4,))):
        capfd.readouterr()
        assert made_by(run, tmp_path / "clips", "--classes=broken", *flags) == 0
        lines = [line for line in capfd.readouterr().out.splitlines() if line.startswith("generating")]
        assert lines == [f"generating: {count} of 4" for count in counts]


def test_training_of_an_earlier_version_takes_the_moments_from_its_recordings(run, old_run, cache, tmp_path):
    assert made_by(run, tmp_path / "new", "--match_moments=class") == 0
    assert made_by(old_run, tmp_path / "old", "--match_moments=class", f"--feature_cache_dir={cache}") == 0
    new, old = read_synthetic(tmp_path / "new"), read_synthetic(tmp_path / "old")
    assert (new.spectrograms == old.spectrograms).all()
    assert not (old_run / "moments").exists()


def test_other_recordings_than_the_generator_s_are_refused(old_run, recordings, cache, tmp_path, capfd):
    others = tmp_path / "others"
    shutil.copytree(recordings, others)
    first, second = sorted((others / "train" / "broken").iterdir())[:2]
    first.write_bytes(second.read_bytes())
    flags = ("--match_moments=class", f"--data_dir={others}", f"--feature_cache_dir={cache}")
    status = made_by(old_run, tmp_path / "S", *flags)
    error = capfd.readouterr().err
    assert status == 2 and "\n" not in error.strip()
    assert "expected the 12 clips that the generator was trained on" in error
    assert not (tmp_path / "S").exists()


def test_rule_that_does_not_exist_is_refused_and_the_nearest_offered(run, tmp_path, capfd):
    assert made_by(run, tmp_path / "S", "--match_moments=clas") == 2
    assert "match_moments: expected one of none, overall, class, got 'clas'; did you mean 'class'?" in (
        capfd.readouterr().err
    )


def test_kept_clips_do_not_depend_on_the_test_side(run, recordings, cache, tmp_path):
    others, flags = tmp_path / "others", ("--keep=agreed", f"--feature_cache_dir={cache}")
    shutil.copytree(recordings, others)
    # One test recording of each class gets the content of the next class's: labels and content change.
    first = [sorted(folder.iterdir())[0] for folder in sorted((others / "test").iterdir())]
    contents = [path.read_bytes() for path in first]
    for path, content in zip(first, contents[1:] + contents[:1], strict=True):
        path.write_bytes(content)
    assert made_by(run, tmp_path / "S", *flags) == 0
    assert made_by(run, tmp_path / "T", *flags, f"--data_dir={others}") == 0
    one, other = read_synthetic(tmp_path / "S"), read_synthetic(tmp_path / "T")
    assert (one.spectrograms == other.spectrograms).all() and one.metadata["kept"] == other.metadata["kept"]
    assert one.metadata["keep"] == "agreed" and {kept["kept"] for kept in one.metadata["kept"].values()} == {4}


def test_class_with_one_recording_cannot_be_judged(recordings, cache, tmp_path, capfd):
    places = (f"--data_dir={recordings}", f"--feature_cache_dir={cache}", f"--train_root_dir={tmp_path / 'run'}")
    pairs = ("--clip_seconds=0.1", "--clips_per_file=2", "--clips_per_class=2")  # both clips are of one recording
    assert run_command(train.main, ["train", *SIZE, *places, *pairs, "--generator=gaussian"]) == 0
    status = made_by(tmp_path / "run", tmp_path / "S", "--keep=agreed", f"--feature_cache_dir={cache}")
    error = capfd.readouterr().err
    assert status == 2 and "\n" not in error.strip() and not (tmp_path / "S").exists()
    assert "keep: expected two recordings of every class at least, one of which can be left out, got 1" in error


def test_experiment_matches_moments_and_refuses_another_choice_in_its_folder(recordings, cache, tmp_path, capfd):
    places = (f"--data_dir={recordings}", f"--feature_cache_dir={cache}", f"--output_dir={tmp_path / 'E'}")
    grid = ("--levels=4", "--methods=baseline,gan", "--generators=gaussian", "--trials=1", "--gan_repeats=1")
    flags = (*SIZE, *places, *grid, "--samples_per_class=4")
    assert run_command(experiment.main, ["experiment", *flags, "--match_moments=overall", "--keep=agreed"]) == 0
    assert (
        "4 synthetic clips per class, moments matched (overall), those kept that are agreed" in capfd.readouterr().out
    )
    (folder,) = (tmp_path / "E" / "synthetic").iterdir()
    metadata = json.loads((folder / "metadata.json").read_text())
    assert (metadata["match_moments"], metadata["keep"]) == ("overall", "agreed")
    assert run_command(experiment.main, ["experiment", *flags]) == 2
    assert "match_moments: overall -> none; keep: agreed -> none" in capfd.readouterr().err


@pytest.mark.parametrize("dry", [(), ("--dry_run",)])
@pytest.mark.parametrize(
    ("classes", "message"),
    [
        ("broken,broken", "classes: expected each class once, got 'broken' twice"),
        ("brokn", "classes: expected some of broken, coated, eloxed, got 'brokn'; did you mean 'broken'?"),
    ],
)
def test_class_that_is_named_twice_or_not_there_is_refused_in_one_line(run, tmp_path, capfd, classes, message, dry):
    assert made_by(run, tmp_path / "S", f"--classes={classes}", *dry) == 2
    error = capfd.readouterr().err
    assert error.count("\n") == 1 and message in error
    assert not (tmp_path / "S").exists()


def test_clips_of_other_settings_are_kept_and_more_of_the_same_replace_them(run, cache, tmp_path, capfd):
    def files():
        return {path: path.read_bytes() for path in (tmp_path / "S").rglob("*") if path.is_file()}

    rule = ("--keep=agreed", f"--feature_cache_dir={cache}")
    assert made_by(run, tmp_path / "S", "--wav", *rule) == 0
    before = files()
    matched = (*rule, "--match_moments=overall")
    for other, change in (((), "keep: agreed -> none"), (matched, "match_moments: none -> overall")):
        capfd.readouterr()
        assert made_by(run, tmp_path / "S", *other) == 2
        error = capfd.readouterr().err
        assert f"output_dir: {tmp_path / 'S'} holds other clips ({change}); " in error and error.count("\n") == 1
    assert files() == before
    assert made_by(run, tmp_path / "S", "--samples_per_class=6", "--seed=1", *rule) == 0
    clips = read_synthetic(tmp_path / "S")
    assert (len(clips), clips.metadata["seed"]) == (18, 1)


def test_one_clip_per_class_is_made_but_not_measured_and_no_recording_is_read(
    run, recordings, tmp_path, capfd, monkeypatch
):
    assert made_by(run, tmp_path / "S", "--samples_per_class=1") == 0
    assert read_synthetic(tmp_path / "S").labels.tolist() == [0, 1, 2]
    monkeypatch.setattr("gansynth_isa.data.clip_sets.loading.load_clips", lambda *_, **__: pytest.fail("read"))
    capfd.readouterr()
    arguments = (*SIZE, f"--data_dir={recordings}", f"--synthetic_dir={tmp_path / 'S'}")
    assert run_command(evaluate.main, ["evaluate", *arguments]) == 2
    error = capfd.readouterr().err
    assert error.startswith("error: synthetic_dir: expected two clips of a class at least") and error.count("\n") == 1
