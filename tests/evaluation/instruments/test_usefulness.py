"""Usefulness: whose accuracy is divided by whose, on how many steps."""

import dataclasses

import numpy as np
import pytest

from gansynth_isa.classifiers.budget import epoch_steps
from gansynth_isa.classifiers.training import train_classifier
from gansynth_isa.config import ClassifierConfig
from gansynth_isa.evaluation.instruments.usefulness import (
    Usefulness,
    as_clip_set,
    compare_usefulness,
    steps_of,
    train_trials,
)


def test_usefulness_is_the_ratio_of_mean_accuracies_and_its_spread_that_of_the_trials():
    useful = Usefulness(synthetic=(0.6, 0.9), real=(0.8, 1.0), reverse=(0.9, 0.99), steps=10)
    assert useful.value == pytest.approx(0.75 / 0.9)
    assert useful.spread == pytest.approx(np.std([0.75, 0.9], ddof=1))
    assert useful.reverse_value == pytest.approx(0.945 / 0.9)
    assert useful.to_dict()["accuracies"]["trained_on_synthetic"] == [0.6, 0.9]


def test_usefulness_of_one_trial_has_no_spread_and_by_a_classifier_that_is_always_wrong_no_value():
    assert Usefulness((0.5,), (0.8,), (0.5,), 1).spread is None
    never = Usefulness((0.5, 0.5), (0.0, 0.0), (0.5, 0.5), 1)
    assert never.value is None and never.spread is None


def test_trials_are_baseline_classifiers_of_equal_steps_and_their_own_seeds(quick_classifier, make_clips):
    clips, held_out = make_clips(8, 0), make_clips(4, 1)
    config = dataclasses.replace(quick_classifier, method="gan_augmented", budget="paper", trial_seed=5)
    trained = train_trials(config, clips, held_out, steps=12, trials=2)
    expected = [
        train_classifier(
            dataclasses.replace(quick_classifier, classifier_steps=12, trial_seed=seed), clips, held_out, None
        )
        for seed in (5, 6)
    ]
    for one, other in zip(trained, expected, strict=True):
        assert one.result["steps"] == 12 and one.result["configuration"]["method"] == "baseline"
        np.testing.assert_array_equal(
            one.probabilities(held_out.spectrograms), other.probabilities(held_out.spectrograms)
        )


def test_usefulness_of_clips_with_wrong_labels_is_low_both_ways(quick_classifier, make_clips):
    seen, held_out = make_clips(20, 0), make_clips(10, 1)
    wrong = dataclasses.replace(make_clips(20, 2), labels=(make_clips(20, 2).labels + 1) % 3)
    of_real = train_trials(quick_classifier, seen, held_out, 40, 1)
    of_wrong = train_trials(quick_classifier, wrong, held_out, 40, 1)
    useful = compare_usefulness(of_wrong, of_real, wrong)
    assert useful.real[0] > 0.9 and useful.value < 0.2 and useful.reverse_value < 0.2
    assert useful.steps == 40


def test_open_steps_are_the_epochs_of_the_larger_set(make_clips):
    config = ClassifierConfig(classifier_epochs=3, classifier_batch_size=8)
    small, large = make_clips(4, 0), make_clips(10, 1)
    assert steps_of(config, small, large) == steps_of(config, large, small) == epoch_steps(config, 30) == 12
    assert steps_of(dataclasses.replace(config, classifier_steps=7), small, large) == 7


def test_synthetic_clips_are_labelled_by_the_names_of_the_real_classes(make_clips, as_synthetic):
    clips = make_clips(2, 0)
    found = as_clip_set(as_synthetic(clips, ("middle", "other", "high")), clips.class_names)
    assert found.class_names == clips.class_names and found.counts() == {"high": 2, "low": 0, "middle": 2}
    np.testing.assert_array_equal(found.spectrograms, clips.spectrograms[[0, 1, 4, 5]])
    assert found.labels.tolist() == [2, 2, 0, 0]
