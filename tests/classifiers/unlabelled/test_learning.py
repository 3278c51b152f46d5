"""Trainings with unlabelled clips."""

import dataclasses

import numpy as np
import pytest

from gansynth_isa.classifiers.training import train_classifier
from gansynth_isa.classifiers.unlabelled.draws import UnlabelledDraws, labelled_by
from gansynth_isa.config.unlabelled import LEARNERS
from gansynth_isa.data.clip_sets.unlabelled import UnlabelledClips
from gansynth_isa.errors import InputError

WITH_OTHERS = LEARNERS[1:]


@pytest.fixture(scope="module")
def sides(make_clips):
    """Labelled clips, unlabelled ones, test clips; their recordings differ in content."""

    def apart(clips, name):
        return dataclasses.replace(clips, digests={path: f"{name} {path}" for path in clips.digests})

    others = UnlabelledClips.of(apart(make_clips(30, 2), "others"))
    return apart(make_clips(4, 0), "train"), others, apart(make_clips(20, 1), "test")


@pytest.mark.parametrize("learner", WITH_OTHERS)
@pytest.mark.parametrize("method", ["baseline", "gan_augmented"])
def test_learner_learns_a_plain_difference_in_the_steps_of_the_supervised_one(
    learner, method, sides, quick_classifier, as_synthetic, make_clips
):
    train, others, test = sides
    synthetic = as_synthetic(make_clips(5, 3)) if method == "gan_augmented" else None
    steps = []
    config = dataclasses.replace(quick_classifier, method=method, learner=learner, unlabelled_threshold=0.6)
    trained = train_classifier(config, train, test, synthetic, lambda step, loss: steps.append(step), others)
    assert steps == list(range(1, 41)) and trained.result["steps"] == 40
    assert trained.result["accuracy"] > 0.8
    about = trained.result["unlabelled"]
    assert (about["clips"], about["recordings"], about["apart"]) == (90, 90, "group")
    assert 0.5 < about["labelled_share"] <= 1.001
    assert trained.seen == {*train.digests.values(), *others.digests.values()}


@pytest.mark.parametrize("learner", WITH_OTHERS)
def test_learner_repeats_exactly_and_is_not_the_supervised_one(learner, sides, quick_classifier):
    train, others, test = sides
    config = dataclasses.replace(
        quick_classifier, learner=learner, unlabelled_threshold=0.5, classifier_steps=10, method="augmented"
    )
    first, again = (
        train_classifier(config, train, test, None, unlabelled=others).probabilities(test.spectrograms)
        for _ in range(2)
    )
    np.testing.assert_array_equal(first, again)
    alone = train_classifier(dataclasses.replace(config, learner="supervised"), train, test, None)
    assert not np.allclose(first, alone.probabilities(test.spectrograms), atol=1e-3)


def test_pseudo_labels_that_nobody_is_sure_of_leave_nothing_to_learn_from(sides, quick_classifier):
    train, others, test = sides
    config = dataclasses.replace(
        quick_classifier, learner="pseudo_labels", unlabelled_threshold=0.9999999, classifier_steps=4
    )
    result = train_classifier(config, train, test, None, unlabelled=others).result
    assert result["unlabelled"]["labelled_share"] == 0.0


class Fixed:
    class_names = ("a", "b")

    def probabilities(self, spectrograms):
        chance = spectrograms[:, 0, 0, 0]
        return np.stack([chance, 1 - chance], axis=1)


def test_draws_are_labelled_where_the_classifier_is_sure(quick_classifier):
    chances = np.linspace(0, 1, 101, dtype=np.float32)
    names = tuple(map(str, range(101)))
    others = UnlabelledClips(chances.reshape(-1, 1, 1, 1), names, names, dict.fromkeys(names, ""))
    draws = UnlabelledDraws.of(others, dataclasses.replace(quick_classifier, unlabelled_ratio=0.5), batch_size=24)
    assert draws.size == 12 and set(draws.labels) == {-1}
    labels = labelled_by(Fixed(), draws, 0.9).labels
    np.testing.assert_array_equal(labels, [1] * 11 + [-1] * 79 + [0] * 11)


def test_draws_show_every_clip_once_before_any_again(quick_classifier):
    names = tuple(map(str, range(10)))
    clips = np.arange(10, dtype=np.float32).reshape(-1, 1, 1, 1)
    draws = UnlabelledDraws.of(UnlabelledClips(clips, names, names, {}), quick_classifier, batch_size=5)
    first, _ = draws.take(2)
    second, _ = draws.take(2)
    assert first.shape == (2, 5, 1, 1, 1)
    assert sorted(first.ravel()) == sorted(second.ravel()) == list(range(10))
    assert (first.ravel() != second.ravel()).any()


def test_loss_that_is_not_finite_stops_a_training_with_unlabelled_clips(sides, quick_classifier):
    train, others, test = sides
    broken = dataclasses.replace(others, spectrograms=np.full_like(others.spectrograms, np.nan))
    config = dataclasses.replace(quick_classifier, learner="mean_teacher", unlabelled_ramp_share=0.0)
    with pytest.raises(FloatingPointError, match="classifier: the loss is nan at step 1"):
        train_classifier(config, train, test, None, unlabelled=broken)


def test_unlabelled_clips_that_are_missing_or_not_wanted_are_refused(sides, quick_classifier):
    train, others, test = sides
    with pytest.raises(InputError, match="learner: supervised expects no unlabelled clips, got 90"):
        train_classifier(quick_classifier, train, test, None, unlabelled=others)
    with pytest.raises(InputError, match="learner: fixmatch expects unlabelled clips, .* got none"):
        train_classifier(dataclasses.replace(quick_classifier, learner="fixmatch"), train, test, None)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"method": "lda"}, "method: expected one that trains a network at once for --learner=fixmatch, got 'lda'"),
        ({"method": "auto"}, "method: expected one that trains a network at once"),
        ({"synthetic_statistics": "apart"}, "synthetic_statistics: expected joint for --learner=fixmatch"),
        ({"learner": "pseudo_labels", "classifier_steps": 1}, "classifier_steps: expected a step on labelled clips"),
        (
            {"learner": "pseudo_labels", "unlabelled_start_share": 0.0},
            "unlabelled_start_share: expected a step on labelled clips",
        ),
    ],
)
def test_settings_that_do_not_go_with_a_learner_are_refused(settings, message, quick_classifier):
    with pytest.raises(InputError, match=message):
        dataclasses.replace(quick_classifier, **{"learner": "fixmatch", **settings})


def test_settings_of_a_judge_are_those_of_labelled_real_clips_alone(quick_classifier):
    config = dataclasses.replace(quick_classifier, learner="fixmatch", unlabelled="pool", method="gan_augmented")
    assert config.judging() == quick_classifier
