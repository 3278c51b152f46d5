"""From recordings to answers, by the command."""

import dataclasses
import json

import numpy as np
import pytest
import soundfile

from gansynth_isa.cli import predict
from gansynth_isa.cli.runtime import run_command
from gansynth_isa.errors import InputError
from gansynth_isa.export.deployed import load_classifier
from gansynth_isa.export.prediction import Predictor


@pytest.fixture
def write(tmp_path, waveform_of):
    """Writes a tone of a class and returns the path."""

    def write_tone(name, label, seconds, sample_rate=8000):
        soundfile.write(tmp_path / name, waveform_of(label, seconds, seed=3), sample_rate)
        return str(tmp_path / name)

    return write_tone


def ask(capfd, *arguments):
    status = run_command(predict.main, ["predict", *map(str, arguments)])
    output = capfd.readouterr()
    return status, output.out, output.err


def test_each_recording_gets_a_line_with_its_class(classifier_dir, write, capfd):
    high, low = write("a.wav", 0, 0.5), write("b.flac", 1, 0.5)
    status, out, err = ask(capfd, high, f"--model={classifier_dir}", low)  # flags may stand anywhere
    assert status == 0 and err.startswith("probabilities are not calibrated")
    lines = out.splitlines()
    assert lines[0].startswith(f"{high}: high (high 0.") and lines[1].startswith(f"{low}: low (low 0.")
    assert len(lines) == 2


def test_json_holds_every_clip_over_time_and_their_mean(classifier_dir, write, capfd, tmp_path, waveform_of):
    path = tmp_path / "changes.wav"
    soundfile.write(path, np.concatenate([waveform_of(0, 0.4, 1), waveform_of(1, 0.4, 2)]), 8000)
    status, out, _ = ask(capfd, f"--model={classifier_dir}", "--json", "--follow", path)
    assert status == 0
    (answer,) = json.loads(out)["predictions"]
    clips = answer["clips"]
    assert [clip["start_s"] for clip in clips] == pytest.approx(np.arange(15) * 0.05)  # overlap of a half
    assert {clip["class"] for clip in clips[:6]} == {"high"} and {clip["class"] for clip in clips[8:]} == {"low"}
    mean = np.mean([clip["probabilities"]["high"] for clip in clips])
    assert answer["probabilities"]["high"] == pytest.approx(mean, abs=1e-6)
    assert answer["class"] == ("high" if mean > 0.5 else "low")


def test_follow_prints_a_line_per_clip_before_that_of_the_file(classifier_dir, write, capfd):
    path = write("a.wav", 1, 0.2)
    status, out, _ = ask(capfd, f"--model={classifier_dir}", "--follow", path)
    assert status == 0
    starts = [line.split(" s: ")[0] for line in out.splitlines()]
    assert starts[:3] == [f"{path} at 0.00", f"{path} at 0.05", f"{path} at 0.10"] and len(starts) == 4


def test_other_rate_short_and_quiet_recordings_are_classified_and_it_is_said(classifier_dir, capfd, tmp_path):
    time_s = np.arange(16000) / 16000
    soundfile.write(tmp_path / "rate.wav", 0.2 * np.sin(2 * np.pi * 400 * time_s), 16000)
    soundfile.write(tmp_path / "short.wav", np.full(100, 0.1), 8000)
    soundfile.write(tmp_path / "silent.wav", np.zeros(8000), 8000)
    files = [tmp_path / name for name in ("rate.wav", "short.wav", "silent.wav")]
    status, out, _ = ask(capfd, f"--model={classifier_dir}", *files)
    assert status == 0
    assert f"note: {files[0]}: resampled from 16000 Hz to 8000 Hz" in out
    assert f"note: {files[1]}: shorter than a clip (0.1 s): padded with silence in front" in out
    assert f"note: {files[2]}: all clips are below -50 dBFS; used all the same" in out


@pytest.mark.parametrize("as_json", [True, False])
def test_recording_with_nan_ends_with_one_line(classifier_dir, write, capfd, tmp_path, as_json):
    good = write("a.wav", 0, 0.2)
    soundfile.write(tmp_path / "nan.wav", np.array([0.1, np.nan] * 500, np.float32), 8000, subtype="FLOAT")
    status, out, err = ask(capfd, f"--model={classifier_dir}", f"--json={as_json}", good, tmp_path / "nan.wav")
    assert status == 2
    assert err == f"error: {tmp_path / 'nan.wav'}: expected finite samples, found 500 NaN or infinite values\n"
    assert bool(out) != as_json  # JSON is printed whole or not at all


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["a.wav"], "model: expected the folder of a trained or exported classifier, got nothing"),
        (["--model=C"], "files: expected one recording or more after the flags, got nothing"),
        (["--model=/nowhere", "a.wav"], "/nowhere: expected the folder of a trained or exported classifier"),
    ],
)
def test_wrong_usage_is_one_line_and_status_2(capfd, arguments, message):
    status, out, err = ask(capfd, *arguments)
    assert (status, out) == (2, "")
    assert err.startswith(f"error: {message}") and err.count("\n") == 1


def test_missing_recording_is_one_line_and_status_2(classifier_dir, capfd, tmp_path):
    status, _, err = ask(capfd, f"--model={classifier_dir}", tmp_path / "none.wav")
    assert status == 2 and "none.wav" in err and err.count("\n") == 1


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_classifier_that_gives_no_probabilities_is_refused(classifier_dir, write, value):
    classifier = dataclasses.replace(
        load_classifier(classifier_dir), probabilities=lambda clips: np.full((len(clips), 2), value, np.float32)
    )
    path = write("a.wav", 0, 0.5)
    with pytest.raises(InputError, match=f"^{path}: expected finite probabilities, but the classifier gives others"):
        Predictor(classifier).predict(path)
