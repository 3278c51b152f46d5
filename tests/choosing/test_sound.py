"""Steady sounds and events, made by hand, and real ones."""

import dataclasses
import io
import math

import numpy as np
import pytest

from gansynth_isa.choosing.candidates import candidates_of
from gansynth_isa.choosing.choice import choose, plan_choice
from gansynth_isa.choosing.sound import default_by_sound, rise_db
from gansynth_isa.choosing.supply import Supply
from gansynth_isa.cli.options import parse_options
from gansynth_isa.cli.resolution import load_sides, resolved_features
from gansynth_isa.config import ClassifierConfig, DataConfig, FeatureConfig
from gansynth_isa.config.classifier import BY_SOUND
from gansynth_isa.console import Console
from gansynth_isa.derived import resolve_features, whole_frames
from gansynth_isa.generators.base import TrainingData
from gansynth_isa.generators.gaussian.config import GaussianConfig

FRAMES, HOP = 16, 256
BULK = ("--flagfile=folder_two_cores", r"--file_pattern=(?P<label>\w+)_(?P<group>\d)\.wav", "--test_groups=1")
IMPACTS = (
    "--flagfile=folder_two_cores",
    r"--file_pattern=(?P<label>[a-z_]+)_(?P<group>[123]F)_\d\dm_\d+\.flac",
    "--test_groups=2F,3F",
    "--clips_per_class=9",
)


@pytest.fixture
def sounds(make_clips):
    """Gives clips of a background whose first class gets louder by one number of dB in the fourth and the twelfth of 16
    frames, the second by another."""

    def make(first_db, second_db, background=-7.0):
        clips = make_clips(4, groups_per_class=2)
        spectrograms = np.full((len(clips), FRAMES, 16, 1), background, np.float32)
        for label, decibels in enumerate((first_db, second_db)):
            spectrograms[clips.labels == label, 3::8] += decibels * math.log(10) / 10
        return dataclasses.replace(clips, spectrograms=spectrograms)

    return make


def training(clips, hop_s=0.05, frames=FRAMES):
    """Clips whose frames are windows side by side, the last `frames` of them of sound."""
    data = DataConfig(clip_seconds=frames * hop_s, sample_rate=round(HOP / hop_s))
    return TrainingData(clips, data, FeatureConfig(fft_length=HOP, hop_length=HOP, mel_bins=16, frames=FRAMES))


def supply(clips):
    return Supply(training(clips), {"gaussian": GaussianConfig()}, 60, 0)


def rise_of(training):
    return rise_db(training.clips, training.data, training.features)


@pytest.mark.parametrize(("first_db", "second_db"), [(0.0, 0.0), (5.0, 16.0), (7.0, 16.0), (10.0, 30.0), (40.0, 40.0)])
def test_rise_is_that_of_the_louder_frames_and_events_rise_by_more_than_eleven_decibels(sounds, first_db, second_db):
    """Of two classes the median is the mean."""
    given, expected = training(sounds(first_db, second_db)), (first_db + second_db) / 2
    assert rise_of(given) == pytest.approx(expected, abs=1e-4)
    name, why = default_by_sound(given)
    assert name == ("augmented" if expected > 11 else "lda")
    assert why.endswith(f"rises by {expected:.1f} dB within 0.1 s, that of events by more than 11")


def test_sound_that_swells_slowly_is_steady_however_far(sounds):
    """2 dB in each frame of 0.05 s, 30 dB in all."""
    clips = sounds(0.0, 0.0)
    swell = np.arange(FRAMES)[:, np.newaxis, np.newaxis] * 2.0 * math.log(10) / 10
    swelling = dataclasses.replace(clips, spectrograms=(clips.spectrograms + swell).astype(np.float32))
    assert rise_of(training(swelling)) == pytest.approx(4.0, abs=1e-4)


def test_power_is_averaged_over_moments(sounds):
    """Frames of 0.01 s: five make a moment. Those with the loud frame have (4 + 10^3) / 5 times the power."""
    clips = sounds(30.0, 30.0)
    clips.spectrograms[:, 3] = -7.0
    assert rise_of(training(clips, hop_s=0.01)) == pytest.approx(10 * math.log10(1004 / 5), abs=1e-4)


def test_clips_without_the_event_beside_clips_with_it_are_of_events(sounds):
    """As a recording is cut into short clips: one of four holds the event, the others what is around it.

    Two of 56 rises are 30 dB; the quantile 0.98 is 0.9 of the way from the 54th to the 55th.
    """
    clips = sounds(0.0, 0.0)
    clips.spectrograms[::4, FRAMES // 2 :] += 30 * math.log(10) / 10
    assert rise_of(training(clips)) == pytest.approx(27.0, abs=1e-4)


@pytest.mark.parametrize("decibels", [5.0, 25.0])
def test_sound_does_not_rise_out_of_padding(sounds, decibels):
    """Half of each clip's frames are silence in front, as of a short recording or where frames are too many."""
    clips = sounds(decibels, decibels)
    clips.spectrograms[:, : FRAMES // 2] = math.log(1e-6)
    assert rise_of(training(clips)) == pytest.approx(decibels, abs=1e-4)
    clips.spectrograms[:, FRAMES // 2 - 1] = -12.0  # its window sees some of both
    assert rise_of(training(clips, frames=FRAMES // 2)) == pytest.approx(decibels, abs=1e-4)


def test_windows_that_hold_some_padding_are_left_out(sounds):
    """Windows of four hops: the three behind eight silent ones hold some of it, and get louder one by one."""
    clips = sounds(0.0, 0.0)
    clips.spectrograms[:, :8] = math.log(1e-6)
    clips.spectrograms[:, 8:11] = np.array([-12.0, -10.0, -8.0])[:, np.newaxis, np.newaxis]
    given = training(clips)
    features = dataclasses.replace(given.features, fft_length=4 * HOP)
    data = dataclasses.replace(given.data, clip_seconds=(FRAMES + 3) * HOP / given.data.sample_rate)
    assert rise_db(clips, data, features) == 0.0
    assert rise_of(given) > 8.0


@pytest.mark.parametrize("data_type", ["linear", "phase"])
def test_magnitudes_rise_as_powers_do(sounds, data_type):
    """A rise of 20 dB is one of log 10 in magnitude, log 100 in power."""
    given = training(sounds(10.0, 10.0))
    features = dataclasses.replace(given.features, data_type=data_type, mel_bins=HOP // 2)
    assert rise_db(given.clips, given.data, features) == pytest.approx(20.0, abs=1e-4)


@pytest.mark.parametrize(("background", "hop_s"), [(math.log(1e-6), 0.05), (-7.0, 0.002)])
def test_clips_of_silence_and_clips_too_short_for_a_rise_are_steady(sounds, background, hop_s):
    given = training(sounds(0.0, 0.0, background), hop_s)
    assert rise_of(given) == 0.0 and default_by_sound(given)[0] == "lda"


@pytest.mark.parametrize(
    ("seconds", "frames", "expected"),
    [(0.4, 32, 31), (0.4, None, 31), (0.5, 64, 40), (0.02, 2, 1), (0.04, 2, 1), (9.0, 2, 2)],
)
def test_whole_frames_are_those_whose_windows_lie_in_the_clip(seconds, frames, expected):
    """0.4 s of 44.1 kHz are 17,640 samples, of which 30.45 hops follow the first window."""
    features = resolve_features(DataConfig(clip_seconds=seconds), FeatureConfig(frames=frames))
    assert whole_frames(DataConfig(clip_seconds=seconds), features) == expected


def test_what_the_default_may_be_stands_in_front_until_the_clips_are_at_hand():
    config = ClassifierConfig(auto_default=BY_SOUND, auto_candidates=("baseline",))
    assert [each.name for each in candidates_of(config)] == ["augmented", "lda", "baseline"]
    assert [each.name for each in candidates_of(config, "lda")] == ["lda", "baseline"]


@pytest.mark.parametrize(("decibels", "expected"), [(5.0, "lda"), (25.0, "augmented")])
def test_choice_says_what_it_heard_and_takes_the_default_where_nothing_is_clear(
    sounds, decibels, expected, config, console, tmp_path
):
    """Both classes sound alike but for noise, so that no candidate can be clearly better."""
    clips = sounds(decibels, decibels)
    noise = np.random.default_rng(5).normal(0.0, 0.05, clips.spectrograms.shape)
    own = supply(dataclasses.replace(clips, spectrograms=(clips.spectrograms + noise).astype(np.float32)))
    by_sound = dataclasses.replace(config, auto_default=BY_SOUND, auto_candidates=("augmented", "lda"))
    plan = plan_choice(by_sound, own)
    assert plan.candidates[0].name == expected
    sound = "steady sounds" if expected == "lda" else "events"
    assert plan.text().startswith(f"auto: {expected} ({sound}: the level rises by {decibels:.0f}")
    choice = choose(plan, own, tmp_path, console[0])
    assert choice.candidate.name == expected
    assert choice.record["sound"].startswith(sound)


@pytest.mark.parametrize(
    ("name", "flags", "expected"),
    [
        ("bulk_material", ("--flagfile=bulk_material", "--test_groups=1", "--clips_per_class=9"), "lda"),
        ("bulk_material", (*BULK, "--clip_seconds=0.5"), "lda"),
        ("bulk_material", (*BULK, "--clip_seconds=2"), "lda"),
        ("building_impacts", ("--flagfile=building_impacts", "--test_groups=1F", "--clips_per_class=9"), "augmented"),
        ("building_impacts", (*IMPACTS, "--clip_seconds=1"), "augmented"),
        ("building_impacts", (*IMPACTS, "--clip_seconds=2"), "augmented"),
        ("finger_taps", ("--flagfile=folder_two_cores", "--clips_per_class=9"), "augmented"),
    ],
)
def test_real_sets_are_heard_as_what_they_are(name, flags, expected, shared_dir):
    """Also in clips whose frames are a third padding, and from one floor alone. Most clips of taps hold none."""
    place = (f"--data_dir={shared_dir / 'data' / name}",)
    data, features = resolved_features(parse_options(["classify", *flags, *place], ""))
    train, _, _ = load_sides(data, features, Console(io.StringIO()))
    assert default_by_sound(TrainingData(train, data, features))[0] == expected
