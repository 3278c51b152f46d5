"""Recordings that are whole but unusual, and folders as drives leave them, through the commands from end to end."""

import unicodedata

import numpy as np
import pytest
import soundfile

from gansynth_isa.checks.damaged.unusual import unusual_files
from gansynth_isa.cli import classify, inspect, predict, train
from gansynth_isa.cli.runtime import run_command

SIZE = ("--sample_rate=8000", "--clip_seconds=0.1", "--mel_bins=8", "--fft_length=128", "--hop_length=64")
PATTERN = r"(?P<split>train|test)/(?P<label>[^/]+)/"


def run(capfd, command, *arguments):
    """(status, standard output, standard error) of a command."""
    status = run_command(command.main, ["command", *arguments])
    return status, *capfd.readouterr()


@pytest.fixture(scope="module")
def recordings(tmp_path_factory):
    """Unusual recordings of noise as class `größe`, in folders of both Unicode forms, plain ones as class `plain`."""
    root = tmp_path_factory.mktemp("recordings")
    for number, case in enumerate(list(unusual_files())[::2]):
        label = unicodedata.normalize("NFC" if number % 4 < 2 else "NFD", "größe")
        for name, contents in ((f"{label}/{number}_{case.name}", case.contents), (f"plain/{number}.wav", None)):
            path = root / ("test" if number % 2 else "train") / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if contents is None:
                soundfile.write(path, np.random.default_rng(number).normal(0.0, 0.1, (4000, 2)), 8000)
            else:
                path.write_bytes(contents)
    for leftover in ("train/plain/@eaDir/1.wav/INFO", "#recycle/train/old/1.wav", "train/plain/._1.wav"):
        (root / leftover).parent.mkdir(parents=True, exist_ok=True)
        (root / leftover).write_bytes(b"x")
    return root


def test_what_inspect_accepts_every_command_reads(recordings, tmp_path, capfd):
    flags = (f"--data_dir={recordings}", f"--file_pattern={PATTERN}", *SIZE)
    status, inspected, errors = run(capfd, inspect, *flags)
    assert (status, errors) == (0, "") and "größe" in inspected
    assert "ignored: 3 left behind by systems" in inspected
    status, plan, _ = run(capfd, train, *flags, "--dry_run", f"--train_root_dir={tmp_path / 'gan'}")
    assert status == 0 and "größe" in plan
    output_dir = tmp_path / "classifier"
    status, _, errors = run(
        capfd, classify, *flags, "--method=baseline", "--classifier_steps=2", f"--output_dir={output_dir}"
    )
    assert status == 0, errors
    files = sorted(str(path) for path in recordings.glob("test/*/*.*"))
    status, answers, _ = run(capfd, predict, f"--model={output_dir}", *files)
    assert status == 0 and len(answers.splitlines()) == len(files)


def test_warnings_reach_inspect_the_plan_the_training_and_the_prediction_in_one_line_each(tmp_path, capfd):
    for number in range(6):
        for side, label, sign in (
            ("train", "tone", -1),
            ("train", "hiss", 1),
            ("test", "tone", -1),
            ("test", "hiss", 1),
        ):
            noise = np.random.default_rng([number, len(side), sign + 1]).normal(0.0, 0.1, 1600)
            path = tmp_path / "set" / side / label / f"{number}.{'wav' if sign > 0 else 'flac'}"
            path.parent.mkdir(parents=True, exist_ok=True)
            soundfile.write(path, np.stack([noise, sign * noise], 1), 8000)
    flags = (f"--data_dir={tmp_path / 'set'}", f"--file_pattern={PATTERN}", *SIZE)
    cancels, gives_away = (
        "the channels of 12 of 24 recordings cancel each other: ",
        "the format alone tells the class (",
    )
    output_dir = tmp_path / "classifier"
    for command, wanted in (
        ((inspect, *flags), (cancels, gives_away)),
        ((train, *flags, "--dry_run", f"--train_root_dir={tmp_path / 'gan'}"), (gives_away,)),
        ((classify, *flags, "--classifier_steps=2", f"--output_dir={output_dir}"), (cancels, gives_away)),
    ):
        status, output, errors = run(capfd, *command)
        assert status == 0, errors
        for text in wanted:
            assert len([line for line in output.splitlines() if text in line]) == 1
    path = tmp_path / "set" / "test" / "tone" / "0.flac"
    status, output, _ = run(capfd, predict, f"--model={output_dir}", str(path))
    assert status == 0 and "its channels cancel each other: their mix is silence" in output.splitlines()[0]
