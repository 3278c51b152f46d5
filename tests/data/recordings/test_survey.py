"""What a survey finds out, on recordings made to show it."""

import numpy as np
import pytest

from gansynth_isa.data.recordings.survey import survey_recordings
from gansynth_isa.data.recordings.survey_text import survey_text
from gansynth_isa.errors import InputError

RATE = 8000


def sine(amplitude=0.5, duration_s=1.0, frequency_hz=100.0):
    return amplitude * np.sin(2 * np.pi * frequency_hz * np.arange(round(RATE * duration_s)) / RATE)


def text_of(survey, dataset="folder"):
    """The survey's lines, each with single spaces."""
    return [" ".join(line.split()) for line in survey_text(survey, dataset).splitlines()]


def test_survey_counts_and_measures_by_class_and_side(write, survey):
    write("train/nut/1.wav", sine(0.5, 1.0))
    write("train/nut/2.wav", sine(0.25, 3.0))
    write("train/ball/1.wav", sine(0.5, 2.0, 150.0))
    write("test/nut/3.flac", sine(1e-2, 0.5), rate=16000)
    write("test/ball/3.wav", np.stack([sine(0.1)] * 2, axis=1), subtype="PCM_24")
    lines = text_of(survey(dataset="mb"))
    # a sine's RMS level lies 3.01 dB below its peak
    assert "nut train 2 40 4.00 1.00 2.00 3.00 -12.0 -6.0" in lines  # median of -9.03 and -15.05
    assert "nut test 1 2 0.25 0.25 0.25 0.25 -43.0 -40.0" in lines
    assert "all classes train 3 60 6.00 1.00 2.00 3.00 -9.0 -6.0" in lines
    assert "sample rate: 8000 Hz (4), 16000 Hz (1)" in lines
    assert "format: WAV PCM_16 (3), WAV PCM_24 (1), FLAC PCM_16 (1)" in lines
    assert "channels: 1 (4), 2 (1)" in lines
    assert lines[lines.index("suspicious:") + 1] == "nothing"


def test_survey_finds_the_same_sound_across_sides_whatever_its_name_and_format(write, survey):
    samples = np.round(sine() * 2**15) / 2**15
    write("train/nut/a.wav", samples)
    write("train/ball/b.wav", sine(0.4))
    write("test/nut/c.flac", samples)
    write("test/ball/d.wav", samples, subtype="FLOAT")
    write("test/ball/e.wav", sine(0.3))
    text = "\n".join(text_of(survey(dataset="mb")))
    names = "test/ball/d.wav = test/nut/c.flac = train/nut/a.wav"
    assert f"train and test hold the same sound, 1 time(s): {names}" in text
    assert f"two classes hold the same sound, 1 time(s): {names}" in text


def test_survey_does_not_take_another_rate_or_level_for_the_same_sound(write, survey):
    write("nut/a.wav", sine(0.5))
    write("nut/b.wav", sine(0.5), rate=16000)
    write("ball/c.wav", sine(0.49))
    assert "same sound" not in "\n".join(text_of(survey()))


def test_survey_finds_silence_with_and_without_an_offset_and_does_not_call_it_duplicate(write, survey):
    write("nut/zeros.wav", np.zeros(RATE))
    write("nut/zeros_again.wav", np.zeros(RATE))
    write("nut/offset.wav", np.full(RATE, 0.1))
    write("ball/sine.wav", sine(2e-3))
    text = "\n".join(text_of(survey()))
    assert "silent: nut/offset.wav, nut/zeros.wav, nut/zeros_again.wav" in text
    assert "same sound" not in text


def test_survey_shows_names_that_hold_control_characters_on_one_line(write, survey):
    for name in ("n\nut/\x1b[31m1.wav", "n\nut/2.wav"):
        write(name, np.zeros(RATE))
    for name in ("ball/a\nb.wav", "ball/c.wav"):
        write(name, sine())
    lines = text_of(survey())
    assert r"silent: n\nut/\x1b[31m1.wav, n\nut/2.wav" in lines
    assert r"the same sound twice, 1 time(s): ball/a\nb.wav = ball/c.wav" in lines


def test_survey_counts_clipped_samples_but_not_a_peak_that_fits(write, survey):
    write("nut/clipped.wav", np.clip(sine(1.5), -1.0, 1.0))
    write("ball/full.wav", sine(1.0, frequency_hz=2000.0))  # peaks of single samples
    found = survey()
    clipped = {fact.recording.path: fact.num_clipped for fact in found.facts}
    wanted = int((np.abs(sine(1.5)) >= 0.9990).sum())
    assert clipped == {"ball/full.wav": 0, "nut/clipped.wav": wanted}
    assert f"clipped: {wanted} samples at full scale in 1 recording(s): nut/clipped.wav" in text_of(found)


def test_survey_warns_of_another_unit_but_not_of_a_little_more_than_full_scale(write, survey):
    write("nut/in_16_bit_units.wav", 3e4 * sine(), subtype="FLOAT")
    write("nut/1.wav", 1.5 * sine(), subtype="FLOAT")
    write("ball/2.wav", sine())
    assert "more than twice full scale, so perhaps in another unit: nut/in_16_bit_units.wav" in text_of(survey())


@pytest.mark.parametrize(("duration_s", "warns"), [(0.3, True), (0.39, False)])
def test_survey_warns_of_a_recording_shorter_than_all_others(write, survey, duration_s, warns):
    for number in range(9):
        write(f"train/coated/{number}.wav", sine(0.01 * (number + 1), duration_s=0.4))
    write("train/broken/x.wav", sine(0.5, duration_s=duration_s))
    lines = text_of(survey(dataset="mb"))
    assert ("shorter than the others, so perhaps truncated: train/broken/x.wav" in lines) == warns


@pytest.mark.parametrize(("dataset", "way"), [("folder", "--file_pattern"), ("mb", "--manifest")])
def test_survey_without_test_side_names_a_way_that_the_data_set_has(write, survey, dataset, way):
    for label in ("coated", "broken"):
        write(f"{label}/1.wav", sine())
    (line,) = [line for line in text_of(survey(dataset=dataset), dataset) if line.startswith("no test side")]
    assert way in line


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (("test/coated/1.wav", "test/broken/2.wav"), "class 'broken' has none$"),
        (("train/coated/1.wav", "train/broken/2.wav", "test/brocken/3.wav"), "did you mean 'broken'"),
    ],
)
def test_survey_of_a_class_without_training_is_refused(write, survey, names, message):
    for number, name in enumerate(names):
        write(name, sine(0.1 * (number + 1)))
    with pytest.raises(InputError, match=message):
        survey(dataset="mb").check(skip_bad_files=False)


def test_survey_lists_every_bad_recording_and_refuses_the_set(write, survey, tmp_path):
    for name in ("nut/1.wav", "nut/2.wav", "ball/1.wav", "ball/2.wav"):
        write(name, sine())
    write("nut/3.wav", np.full(100, np.nan), subtype="FLOAT")
    (tmp_path / "ball" / "2.wav").write_bytes((tmp_path / "ball" / "2.wav").read_bytes()[:5000])
    found = survey()
    text = "\n".join(text_of(found))
    assert "2 recordings that cannot be used:" in text
    assert "2.wav: the recording is truncated" in text and "found 100 NaN" in text
    with pytest.raises(InputError, match=r"2 of 5 recordings cannot be used, the first: .*2\.wav.*--skip_bad_files"):
        found.check(skip_bad_files=False)
    found.check(skip_bad_files=True)


def test_survey_gives_no_advice_that_ends_in_another_error(write, survey, tmp_path):
    for name in ("nut/1.wav", "ball/1.wav"):
        write(name, sine())
    (tmp_path / "nut" / "1.wav").write_text("no audio")
    with pytest.raises(InputError, match="without them: .*class 'nut' has none") as caught:
        survey().check(skip_bad_files=False)
    assert "--skip_bad_files" not in str(caught.value)


def test_survey_measures_the_mix_that_training_uses_and_warns_where_it_cancels(write, survey):
    for number in range(3):
        write(
            f"nut/{number}.wav",
            np.stack([sine(0.5, frequency_hz=100 + number), -sine(0.5, frequency_hz=100 + number)], 1),
        )
        write(f"ball/{number}.wav", np.stack([sine(0.1, frequency_hz=200 + number)] * 2, 1))
    lines = text_of(survey())
    (row,) = [line.split() for line in lines if line.startswith("nut all 3 ")]
    assert float(row[-2]) < -90.0 and row[-1] == "-6.0"
    warning = (
        "the channels of 3 of 6 recordings cancel each other: the mix of nut/0.wav is silence; "
        "--channels=each or the index of one keeps the sound"
    )
    assert warning in lines and not any(line.startswith("silent:") for line in lines)
    for channels in ("each", "0"):  # the advice helps
        lines = text_of(survey(channels=channels))
        assert any(line.startswith("nut all 3 ") and line.endswith(" -9.0 -6.0") for line in lines)
        assert lines[lines.index("suspicious:") + 1].startswith("no test side")


def test_survey_says_how_much_quieter_a_mix_is_and_leaves_ordinary_stereo_alone(write, survey):
    noise = np.random.default_rng(0).normal(0.0, 0.1, (4, RATE))
    write("nut/wide.wav", noise[:2].T)
    write("nut/one_sided.wav", np.stack([noise[0], 0 * noise[0]], 1))
    write("ball/opposed.wav", np.stack([noise[2], -0.9 * noise[2]], 1))
    write("ball/many.wav", np.random.default_rng(1).normal(0.0, 0.1, (RATE, 8)))
    (line,) = [line for line in text_of(survey()) if "cancel" in line]
    # 10 log10((1 + 0.81) / 2 / 0.05 ** 2) = 25.6
    assert "of 1 of 4 recordings" in line and "ball/opposed.wav is 26 dB quieter than its channels" in line


@pytest.mark.parametrize(("channels", "warns"), [("each", True), ("1", True), ("0", False), ("mix", False)])
def test_survey_warns_of_a_dead_channel_that_clips_are_cut_from(write, survey, channels, warns):
    for number in range(2):
        write(f"nut/{number}.wav", np.stack([sine(0.1 + 0.1 * number), 0 * sine()], 1))
        write(f"ball/{number}.wav", np.stack([sine(0.4 + 0.1 * number)] * 2, 1))
    lines = [line for line in text_of(survey(channels=channels)) if "channel that clips are cut from" in line]
    assert len(lines) == warns and all("silent in 2 of 4 recordings, such as nut/0.wav" in line for line in lines)


def test_survey_counts_a_recording_without_the_channel_as_every_command_does(write, survey):
    write("nut/1.wav", sine())
    write("ball/1.wav", np.stack([sine(0.3)] * 2, 1))
    found = survey(channels="1")
    ((recording, reason),) = found.bad
    assert recording.path == "nut/1.wav" and "channels: expected an index below 1" in reason and "nut/1.wav" in reason


def test_survey_warns_of_a_rate_that_tells_the_class(write, survey):
    for number in range(4):
        write(f"nut/{number}.wav", sine(0.1 + 0.1 * number), rate=16000)
        write(f"ball/{number}.wav", sine(0.1 + 0.1 * number, 2.0))
    (line,) = [line for line in text_of(survey(clip_seconds=0.1)) if "alone tells" in line]
    assert line.startswith("the sample rate alone tells the class (ball: 8000 Hz, nut: 16000 Hz): ")


def test_survey_of_a_class_without_a_readable_training_recording_is_refused(write, survey, tmp_path):
    for name in ("train/nut/1.wav", "train/ball/1.wav", "test/nut/2.wav", "test/ball/2.wav"):
        write(name, sine())
    (tmp_path / "train" / "nut" / "1.wav").write_text("no audio")
    with pytest.raises(InputError, match="class 'nut' has none"):
        survey(dataset="mb").check(skip_bad_files=True)


def test_survey_warns_of_a_class_without_test_recording(write, survey):
    for number, name in enumerate(("train/nut/1.wav", "train/ball/1.wav", "test/nut/2.wav")):
        write(name, sine(0.1 * (number + 1)))
    found = survey(dataset="mb")
    found.check(skip_bad_files=False)
    assert "class ball: no recording on the side test" in text_of(found)


def test_survey_takes_sides_from_test_groups_and_refuses_an_unknown_one(write, survey):
    for number, name in enumerate(("nut_1", "nut_2", "ball_1", "ball_2")):
        write(f"{name}.wav", sine(0.1 * (number + 1)))
    pattern = r"(?P<label>\w+)_(?P<group>\d)\.wav"
    assert survey(file_pattern=pattern).sides() == ("all",)
    assert survey(file_pattern=pattern, test_groups=("2",)).sides() == ("train", "test")
    with pytest.raises(InputError, match="test_groups: expected some of 1, 2, got '3'"):
        survey(file_pattern=pattern, test_groups=("3",))


@pytest.mark.parametrize(
    ("name", "num_files", "seconds"), [("building_impacts", 360, 720.0), ("finger_taps", 8, 296.44)]
)
def test_survey_of_real_recordings_agrees_with_their_readme(shared_dir, make_data, name, num_files, seconds):
    found = survey_recordings(make_data(shared_dir / "data" / name))
    assert len(found.facts) == num_files and not found.bad
    assert sum(fact.info.duration_s for fact in found.facts) == pytest.approx(seconds, abs=0.05)
    assert not found.same_content()
    assert not [line for line in text_of(found) if "alone tells" in line or "cancel" in line or "alike" in line]
