"""Steady sounds and events, made by hand."""

import dataclasses

import numpy as np
import pytest

from gansynth_isa.choosing.candidates import candidates_of
from gansynth_isa.choosing.choice import choose, plan_choice
from gansynth_isa.choosing.sound import default_by_sound, share_with_onset
from gansynth_isa.choosing.supply import Supply
from gansynth_isa.config import ClassifierConfig, DataConfig, FeatureConfig
from gansynth_isa.config.classifier import BY_SOUND
from gansynth_isa.generators.base import TrainingData
from gansynth_isa.generators.gaussian.config import GaussianConfig


@pytest.fixture
def sounds(make_clips):
    """Gives clips of steady noise; some get loud in the middle, by 4 in the natural logarithm of power."""

    def make(num_with_impact, frames=16):
        clips = make_clips(4, groups_per_class=2)
        random = np.random.default_rng(5)
        spectrograms = random.normal(0.0, 0.2, (len(clips), frames, 16, 1)).astype(np.float32)
        spectrograms[:num_with_impact, frames // 2 :] += 4.0
        return dataclasses.replace(clips, spectrograms=spectrograms)

    return make


def supply(clips):
    training = TrainingData(clips, DataConfig(clip_seconds=0.05), FeatureConfig(mel_bins=16, frames=16))
    return Supply(training, {"gaussian": GaussianConfig()}, 60, 0)


@pytest.mark.parametrize("num_with_impact", [0, 3, 4, 5, 8])
def test_default_for_events_is_taken_where_more_than_half_of_the_clips_have_an_onset(sounds, num_with_impact):
    clips = sounds(num_with_impact)
    assert len(clips) == 8
    assert share_with_onset(clips) == num_with_impact / 8
    name, why = default_by_sound(clips)
    assert name == ("augmented" if num_with_impact > 4 else "lda")
    assert f"{100 * num_with_impact / 8:.0f} % of the clips have an onset" in why


def test_what_the_default_may_be_stands_in_front_until_the_clips_are_at_hand():
    config = ClassifierConfig(auto_default=BY_SOUND, auto_candidates=("baseline",))
    assert [each.name for each in candidates_of(config)] == ["augmented", "lda", "baseline"]
    assert [each.name for each in candidates_of(config, "lda")] == ["lda", "baseline"]


@pytest.mark.parametrize(("num_with_impact", "expected"), [(0, "lda"), (8, "augmented")])
def test_choice_says_what_it_heard_and_takes_the_default_where_nothing_is_clear(
    sounds, num_with_impact, expected, config, console, tmp_path
):
    """Both classes sound alike, so that no candidate can be clearly better."""
    by_sound = dataclasses.replace(config, auto_default=BY_SOUND, auto_candidates=("augmented", "lda"))
    own = supply(sounds(num_with_impact))
    plan = plan_choice(by_sound, own)
    assert plan.candidates[0].name == expected
    sound = "steady sounds: 0 %" if expected == "lda" else "events: 100 %"
    assert plan.text().startswith(f"auto: {expected} ({sound} of the clips have an onset) against ")
    choice = choose(plan, own, tmp_path, console[0])
    assert choice.candidate.name == expected
    assert choice.record["sound"] == f"{sound} of the clips have an onset"
