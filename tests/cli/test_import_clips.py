"""Clips that were made elsewhere, through the commands."""

import json
import os
import shutil

import numpy as np
import pytest
import soundfile

from gansynth_isa.cli import classify, evaluate, experiment, export, import_clips, report
from gansynth_isa.cli.runtime import run_command
from gansynth_isa.runs.folder_lock import locked

SIZE = ("--sample_rate=8000", "--fft_length=128", "--hop_length=64", "--mel_bins=8", "--feature_cache_dir=")
PATTERN = "--file_pattern=(?P<split>train|test)/(?P<label>[^/]+)/"


def write_noise(folder, num_files, first_seed):
    folder.mkdir(parents=True)
    for number in range(num_files):
        noise = np.random.default_rng(first_seed + number).normal(0.0, 0.1, 800)
        soundfile.write(folder / f"{number}.wav", noise, 8000)


@pytest.fixture(scope="module")
def recordings(tmp_path_factory):
    folder = tmp_path_factory.mktemp("recordings")
    for number, place in enumerate(("train/nut", "train/pin", "train/screw", "test/nut", "test/pin", "test/screw")):
        write_noise(folder / place, 3, 100 * number)
    return folder


@pytest.fixture
def files(tmp_path):
    for number, name in enumerate(("nut", "screw")):
        write_noise(tmp_path / "files" / name, 2, 1000 + 100 * number)
    return tmp_path / "files"


def of_recordings(recordings):
    return (*SIZE, PATTERN, f"--data_dir={recordings}")


def run_import(files, output_dir, *arguments, source="a model"):
    flags = (f"--input_dir={files}", f"--output_dir={output_dir}", f"--source={source}", *SIZE, *arguments)
    return run_command(import_clips.main, ["import", *flags])


def run_classify(recordings, synthetic_dir, output_dir):
    flags = ("--method=gan", f"--synthetic_dir={synthetic_dir}", f"--output_dir={output_dir}", "--classifier_steps=2")
    return run_command(classify.main, ["classify", *of_recordings(recordings), *flags])


def one_error(capfd):
    error = capfd.readouterr().err
    assert error.startswith("error: ") and error.count("\n") == 1
    return error


def test_imported_clips_of_some_classes_train_a_classifier_whose_result_and_card_tell_the_source(
    recordings, files, tmp_path, capfd
):
    assert run_import(files, tmp_path / "S", *of_recordings(recordings)[-2:], source="model *x*, prompt y") == 0
    assert run_classify(recordings, tmp_path / "S", tmp_path / "C") == 0
    assert "imported from: model *x*, prompt y; what their maker had heard is unknown" in capfd.readouterr().out
    result = json.loads((tmp_path / "C" / "result.json").read_text())
    assert result["imported_clips"] == {"source": "model *x*, prompt y", "maker_heard": "unknown"}
    assert result["counts"]["synthetic"] == {"nut": 2, "pin": 0, "screw": 2}
    flags = (f"--classifier_dir={tmp_path / 'C'}", f"--export_dir={tmp_path / 'X'}", "--format=keras")
    assert run_command(export.main, ["export", *flags]) == 0
    assert "What their maker had heard is unknown." in (tmp_path / "X" / "MODEL_CARD.md").read_text()


def test_imported_clips_are_measured_and_the_measures_tell_the_source(recordings, files, tmp_path):
    write_noise(files / "pin", 2, 2000)
    assert run_import(files, tmp_path / "S") == 0
    flags = (f"--synthetic_dir={tmp_path / 'S'}", f"--output_dir={tmp_path / 'E'}", "--classifier_steps=2")
    assert run_command(evaluate.main, ["evaluate", *of_recordings(recordings), *flags, "--instrument_trials=1"]) == 0
    values = json.loads((tmp_path / "E" / "evaluation.json").read_text())
    assert values["imported_clips"]["source"] == "a model"


def test_the_same_files_give_the_same_shards(files, tmp_path):
    for name in ("S", "T"):
        assert run_import(files, tmp_path / name) == 0
    shards = [(tmp_path / name / "synthetic-00000.tfrecord").read_bytes() for name in ("S", "T")]
    assert shards[0] == shards[1]


def test_import_to_a_folder_in_use_is_refused_in_one_line(files, tmp_path, capfd):
    with locked(tmp_path / "S"):
        assert run_import(files, tmp_path / "S") == 2
    assert f"S: in use by process {os.getpid()} on " in one_error(capfd)
    assert [path.name for path in (tmp_path / "S").iterdir()] == [".lock"]


def test_dry_run_writes_nothing(files, tmp_path, capfd):
    assert run_import(files, tmp_path / "S", "--dry_run") == 0
    assert "2 of nut, 2 of screw; clips of 0.1 s at 8000 Hz" in capfd.readouterr().out
    assert not (tmp_path / "S").exists()


@pytest.mark.parametrize("subtype", ["PCM_16", "PCM_24", "FLAC"])
def test_test_recording_under_another_name_and_format_is_refused_at_import_and_at_use(
    recordings, files, tmp_path, capfd, subtype
):
    samples, rate = soundfile.read(recordings / "test" / "screw" / "1.wav")
    if subtype == "PCM_16":
        shutil.copy(recordings / "test" / "screw" / "1.wav", files / "nut" / "new.wav")
    elif subtype == "FLAC":
        soundfile.write(files / "nut" / "new.flac", 0.5 * samples, rate)
    else:
        soundfile.write(files / "nut" / "new.wav", samples, rate, subtype=subtype)
    assert run_import(files, tmp_path / "S", *of_recordings(recordings)[-2:]) == 2
    assert "test/screw/1.wav" in one_error(capfd)
    assert not (tmp_path / "S").exists()
    assert run_import(files, tmp_path / "S") == 0
    capfd.readouterr()
    assert run_classify(recordings, tmp_path / "S", tmp_path / "C") == 2
    error = one_error(capfd)
    assert "expected clips that are not on the test side, but nut/new." in error and "test/screw/1.wav" in error
    assert not (tmp_path / "C").exists()


def test_copy_of_a_training_recording_is_taken(recordings, files, tmp_path):
    shutil.copy(recordings / "train" / "nut" / "1.wav", files / "nut" / "copy.wav")
    assert run_import(files, tmp_path / "S", *of_recordings(recordings)[-2:]) == 0


def test_class_that_the_recordings_do_not_have_is_refused_at_import_and_at_use(recordings, files, tmp_path, capfd):
    (files / "nut").rename(files / "nuts")
    for more in ((), ("--dry_run",)):
        assert run_import(files, tmp_path / "S", *of_recordings(recordings)[-2:], *more) == 2
        assert "input_dir: expected clips of the classes nut, pin, screw, got 'nuts'; did you mean" in one_error(capfd)
    assert run_import(files, tmp_path / "S") == 0
    assert run_classify(recordings, tmp_path / "S", tmp_path / "C") == 2
    assert "got 'nuts'" in one_error(capfd)


def test_class_that_the_recordings_do_not_have_is_refused_before_any_file_is_read(
    recordings, files, tmp_path, capfd, monkeypatch
):
    monkeypatch.setattr("gansynth_isa.data.clip_sets.importing.read_imports", lambda *_, **__: pytest.fail("read"))
    monkeypatch.setattr("gansynth_isa.data.clip_sets.loading.load_clips", lambda *_, **__: pytest.fail("read"))
    (files / "nut").rename(files / "nuts")
    assert run_import(files, tmp_path / "S", *of_recordings(recordings)[-2:]) == 2
    assert "got 'nuts'" in one_error(capfd)
    assert not (tmp_path / "S").exists()


def test_clips_of_other_features_are_refused_at_use(recordings, files, tmp_path, capfd):
    assert run_import(files, tmp_path / "S", "--hop_length=32") == 0
    assert run_classify(recordings, tmp_path / "S", tmp_path / "C") == 2
    one_error(capfd)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--source=",), "source: expected words that say what made the sound files"),
        (("--input_dir=",), "input_dir: expected a folder per class"),
        (("--output_dir=",), "output_dir: expected the folder to write"),
        (("--clip_seconds=0.2",), "clip_seconds: expected files of 0.2 s or more, got 0.1 s"),
        (("--sample_rate=16000",), "sample_rate: expected files of 16000 Hz or more, got 8000 Hz"),
        (("--channels=3",), "channels: expected an index below 1"),
    ],
)
def test_wrong_usage_is_one_line_and_status_2(files, tmp_path, capfd, arguments, message):
    assert run_import(files, tmp_path / "S", *arguments) == 2
    assert message in one_error(capfd)
    assert not (tmp_path / "S").exists()


def test_folder_of_something_else_is_not_written_to(recordings, files, tmp_path, capfd):
    (tmp_path / "R").mkdir()
    (tmp_path / "R" / "result.json").write_text("{}")
    assert run_import(files, tmp_path / "R") == 2
    assert "holds result.json" in one_error(capfd)


def run_experiment(recordings, output_dir, *arguments):
    grid = ("--levels=2", "--methods=baseline,gan", "--generators=imported,copies", "--trials=1", "--gan_repeats=1")
    flags = (*of_recordings(recordings), *grid, "--samples_per_class=3", "--classifier_steps=2")
    return run_command(experiment.main, ["experiment", *flags, *arguments, f"--output_dir={output_dir}"])


def test_experiment_compares_imported_clips_with_a_generator_and_its_report_tells_the_source(
    recordings, files, tmp_path
):
    write_noise(files / "pin", 2, 2000)
    assert run_import(files, tmp_path / "S") == 0
    assert run_experiment(recordings, tmp_path / "E", f"--imported_dir={tmp_path / 'S'}") == 0
    rows = [json.loads(line) for line in (tmp_path / "E" / "results.jsonl").read_text().splitlines()]
    assert {(row["method"], row["generator"]) for row in rows} == {
        ("baseline", None),
        ("gan", "copies"),
        ("gan", "imported"),
    }
    noted = [row["generator"] for row in rows if "imported_clips" in row]
    assert noted == ["imported"]
    assert run_command(report.main, ["report", f"--experiment_dir={tmp_path / 'E'}"]) == 0
    text = (tmp_path / "E" / "report.md").read_text()
    assert "made elsewhere (a model). What their maker had heard is unknown" in text


def test_experiment_refuses_a_copy_of_a_test_recording_and_a_missing_folder(recordings, files, tmp_path, capfd):
    write_noise(files / "pin", 2, 2000)
    shutil.copy(recordings / "test" / "screw" / "1.wav", files / "nut" / "new.wav")
    assert run_import(files, tmp_path / "S") == 0
    capfd.readouterr()
    assert run_experiment(recordings, tmp_path / "E", f"--imported_dir={tmp_path / 'S'}") == 2
    assert "nut/new.wav has the content of test/screw/1.wav" in one_error(capfd)
    assert run_experiment(recordings, tmp_path / "F") == 2
    assert "imported_dir: expected the folder that gansynth_isa_import wrote" in one_error(capfd)
    assert not (tmp_path / "F").exists()


def test_choice_by_left_out_recordings_does_not_take_imported_clips(recordings, tmp_path, capfd):
    arguments = ("--method=auto", "--auto_candidates=augmented,imported", f"--output_dir={tmp_path / 'C'}")
    assert run_command(classify.main, ["classify", *of_recordings(recordings), *arguments]) == 2
    assert "auto_candidates: " in one_error(capfd)
