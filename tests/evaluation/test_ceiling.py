"""The ceiling of clips that come back from latents, on clips whose worth is known."""

import dataclasses

import numpy as np
import pytest

from gansynth_isa.errors import InputError
from gansynth_isa.evaluation.ceiling import halves_of, measure_ceiling


def test_halves_share_no_recording_and_hold_all_clips(make_clips):
    clips = make_clips(6, 0)
    # Two clips of each recording: the first and second half of a class's.
    paired = dataclasses.replace(clips, recordings=tuple(f"{index // 2}.wav" for index in range(18)))
    first, second = halves_of(paired)
    assert not set(first.recordings) & set(second.recordings)
    assert sorted((*first.clip_ids, *second.clip_ids)) == sorted(paired.clip_ids)
    assert first.counts() == {"high": 4, "low": 4, "middle": 4} and second.counts() == dict.fromkeys(first.counts(), 2)


def test_ceiling_of_clips_that_come_back_whole_is_1_and_of_clips_that_lose_their_class_is_chance(
    make_clips, quick_classifier
):
    clips, trained = make_clips(24, 0), []
    whole = measure_ceiling(clips, lambda spectrograms: spectrograms, quick_classifier, 1, lambda: trained.append(1))
    assert whole.value == 1.0 and len(trained) == 4
    lost = measure_ceiling(clips, lambda spectrograms: np.roll(spectrograms, 5, axis=2), quick_classifier, 1)
    assert lost.value < 0.6
    assert "ceiling (1: nothing of worth is lost): 1.00; " in whole.text() and whole.to_dict()["ceiling"] == 1.0


def test_class_with_one_recording_is_refused(make_clips, quick_classifier):
    with pytest.raises(
        InputError, match="expected two held-out recordings of each class for the ceiling, got 1 of high"
    ):
        measure_ceiling(make_clips(1, 0), lambda spectrograms: spectrograms, quick_classifier, 1)
