"""Steady sounds and events, made by hand, and real ones."""

import dataclasses
import io
import math

import numpy as np
import pytest

from gansynth_isa.choosing.candidates import candidates_of
from gansynth_isa.choosing.choice import choose, plan_choice
from gansynth_isa.choosing.sound import default_by_sound, level_range_db
from gansynth_isa.choosing.supply import Supply
from gansynth_isa.cli.options import parse_options
from gansynth_isa.cli.resolution import load_sides, resolved_features
from gansynth_isa.config import ClassifierConfig, DataConfig, FeatureConfig
from gansynth_isa.config.classifier import BY_SOUND
from gansynth_isa.console import Console
from gansynth_isa.generators.base import TrainingData
from gansynth_isa.generators.gaussian.config import GaussianConfig

FRAMES = 16


@pytest.fixture
def sounds(make_clips):
    """Gives clips of a background whose first class gets louder by one number of dB in a frame of eight, the second by
    another."""

    def make(first_db, second_db, background=-7.0, frames_apart=8):
        clips = make_clips(4, groups_per_class=2)
        spectrograms = np.full((len(clips), FRAMES, 16, 1), background, np.float32)
        for label, decibels in enumerate((first_db, second_db)):
            spectrograms[clips.labels == label, ::frames_apart] += decibels * math.log(10) / 10
        return dataclasses.replace(clips, spectrograms=spectrograms)

    return make


def supply(clips):
    training = TrainingData(clips, DataConfig(clip_seconds=0.05), FeatureConfig(mel_bins=16, frames=FRAMES))
    return Supply(training, {"gaussian": GaussianConfig()}, 60, 0)


@pytest.mark.parametrize(("first_db", "second_db"), [(0.0, 0.0), (10.0, 14.0), (10.0, 30.0), (40.0, 40.0)])
def test_range_is_that_of_loud_frames_over_the_background_and_the_border_is_fifteen_decibels(
    sounds, first_db, second_db
):
    """Of two classes the median is the mean."""
    clips, expected = sounds(first_db, second_db), (first_db + second_db) / 2
    assert level_range_db(clips) == pytest.approx(expected, abs=1e-4)
    name, why = default_by_sound(clips)
    assert name == ("augmented" if expected > 15 else "lda")
    assert f"{expected:.0f} dB above the background" in why


def test_clips_without_the_event_beside_clips_with_it_are_of_events(sounds):
    """As a recording is cut into short clips: one of four holds the event, the others what is around it."""
    clips = sounds(0.0, 0.0)
    spectrograms = clips.spectrograms.copy()
    spectrograms[::4] += 30 * math.log(10) / 10
    found = dataclasses.replace(clips, spectrograms=spectrograms)
    assert level_range_db(found) == pytest.approx(30.0, abs=1e-4)


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
    assert plan.text().startswith(f"auto: {expected} ({sound}: loud frames lie {decibels:.0f} dB above the background)")
    choice = choose(plan, own, tmp_path, console[0])
    assert choice.candidate.name == expected
    assert choice.record["sound"].startswith(sound)


@pytest.mark.parametrize(
    ("name", "flags", "expected"),
    [
        ("bulk_material", ("--flagfile=bulk_material", "--test_groups=1"), "lda"),
        ("building_impacts", ("--flagfile=building_impacts", "--test_groups=1F"), "augmented"),
        ("finger_taps", ("--flagfile=folder_two_cores",), "augmented"),
    ],
)
def test_real_sets_are_heard_as_what_they_are(name, flags, expected, shared_dir):
    """Taps in clips of 0.4 s, most of which hold none."""
    place = (f"--data_dir={shared_dir / 'data' / name}", "--clips_per_class=9")
    data, features = resolved_features(parse_options(["classify", *flags, *place], ""))
    train, _, _ = load_sides(data, features, Console(io.StringIO()))
    assert default_by_sound(train)[0] == expected
