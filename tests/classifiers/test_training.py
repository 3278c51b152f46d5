import dataclasses
import json

import keras
import numpy as np
import pytest
import tensorflow as tf

from gansynth_isa.classifiers import supervised, training
from gansynth_isa.classifiers.batches import EpochDraws
from gansynth_isa.classifiers.budget import with_equal_steps
from gansynth_isa.classifiers.folder import Sources, write_classifier
from gansynth_isa.classifiers.linear import yardstick_accuracy
from gansynth_isa.classifiers.networks import build_classifier
from gansynth_isa.classifiers.supervised import Learned
from gansynth_isa.classifiers.training import train_classifier
from gansynth_isa.config import ClassifierConfig, DataConfig, FeatureConfig
from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.data.clip_sets.loading import load_clips
from gansynth_isa.data.clip_sets.subset import choose_subset, split_sides
from gansynth_isa.data.clip_sets.synthetic_folder import SyntheticClips
from gansynth_isa.errors import InputError, TrainingDiverged
from gansynth_isa.evaluation.synthetic import class_agreement

CLASS_NAMES = ("brass", "steel")
SHAPE = (8, 16, 1)


def toy_clips(count, seed, num_files=4):
    """Class 1 is louder in the upper half of the bins, by one deviation; bin 0 is constant."""
    rng = np.random.default_rng(seed)
    labels = np.arange(count) % 2
    spectrograms = rng.normal(-5.0, 1.0, size=(count, *SHAPE)).astype(np.float32)
    spectrograms[labels == 1, :, 8:] += 1.0
    spectrograms[:, :, 0] = -13.8155
    recordings = tuple(f"{CLASS_NAMES[label]}/{index % num_files}.wav" for index, label in enumerate(labels))
    digests = {path: f"{seed}{path}" for path in recordings}
    return ClipSet(spectrograms, labels.astype(np.int32), CLASS_NAMES, recordings, recordings, (None,) * count, digests)


def toy_synthetic(count=20, class_names=CLASS_NAMES):
    clips = toy_clips(count, 9)
    return SyntheticClips(clips.spectrograms, clips.labels, class_names, {})


PUBLISHED_YARDSTICK = 0.76  # at 9 clips per class, in the description of the data set


def config(**changes):
    return ClassifierConfig(**{"classifier_steps": 60, "classifier_batch_size": 16, **changes})


@pytest.mark.parametrize("method", ["baseline", "augmented", "gan", "gan_augmented"])
def test_classifier_of_each_method_learns_a_plain_difference_in_the_same_number_of_steps(method):
    synthetic = toy_synthetic() if "gan" in method else None
    steps = []
    train, test = toy_clips(20, 0), toy_clips(40, 1)
    trained = train_classifier(config(method=method), train, test, synthetic, lambda step, loss: steps.append(step))
    assert steps == list(range(1, 61))
    result = json.loads(json.dumps(trained.result))
    assert result["accuracy"] == result["accuracy_per_clip"] > 0.8
    assert result["steps"] == 60 and result["configuration"]["method"] == method
    assert result["counts"]["train"] == {"brass": 10, "steel": 10}
    assert ("synthetic" in result["counts"]) == (synthetic is not None)
    assert set(result["recall"]) == set(CLASS_NAMES)


@pytest.mark.parametrize("method", ["augmented", "gan_augmented"])
def test_classifier_with_mixup_and_image_pool_learns_a_plain_difference_and_repeats_exactly(method):
    mixed = config(method=method, augmentation="mixup_image_pool")
    synthetic = toy_synthetic() if "gan" in method else None
    train, test = toy_clips(20, 0), toy_clips(40, 1)
    trained, again = (train_classifier(mixed, train, test, synthetic) for _ in range(2))
    assert trained.result["accuracy"] > 0.8
    np.testing.assert_array_equal(trained.probabilities(test.spectrograms), again.probabilities(test.spectrograms))


def test_classifier_learns_the_class_weights_that_a_policy_makes(monkeypatch):
    def swapped(*_):
        return lambda clips, class_weights, step: (clips, class_weights[:, ::-1])

    monkeypatch.setattr(supervised, "make_policy", swapped)
    train, test = toy_clips(20, 0), toy_clips(40, 1)
    assert train_classifier(config(method="augmented"), train, test, None).result["accuracy"] < 0.2
    assert train_classifier(config(method="baseline"), train, test, None).result["accuracy"] > 0.8


def test_classifier_under_the_paper_s_budget_trains_for_epochs_of_its_training_clips():
    paper = config(method="gan", budget="paper", classifier_epochs=3, real_share=0.5)
    # 20 real and 30 synthetic clips are 4 batches of 16, the last one not full.
    result = train_classifier(paper, toy_clips(20, 0), toy_clips(4, 1), toy_synthetic(30)).result
    assert (result["steps"], result["real_share"]) == (12, 0.5)
    assert result["configuration"]["classifier_steps"] == 60


def test_classifier_without_weight_decay_and_schedule_is_plain_adam_at_a_constant_rate():
    plain = config(classifier_schedule="constant", classifier_weight_decay=0.0, classifier_steps=5)
    train = toy_clips(16, 0)
    trained = train_classifier(plain, train, train, None)
    model = build_classifier("cnn", SHAPE, 2, plain.classifier_dropout, plain.trial_seed)
    exact = train.spectrograms.astype(np.float64)
    standardised = (exact - exact.mean(axis=(0, 1))) / np.maximum(exact.std(axis=(0, 1)), 0.25)
    order = EpochDraws(16, np.random.default_rng([plain.trial_seed, 0]))
    model.compile(keras.optimizers.Adam(1e-3), "sparse_categorical_crossentropy")
    for _ in range(5):
        batch = order.take(16)
        model.train_on_batch(standardised[batch], train.labels[batch])
    for ours, theirs in zip(trained.classifier.model.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-3, atol=1e-5)


def test_classifier_trained_twice_gives_the_same_probabilities_and_another_seed_others():
    train, test = toy_clips(20, 0), toy_clips(40, 1)
    first, again, other = (
        train_classifier(config(trial_seed=seed, method="augmented", classifier_steps=20), train, test, None)
        for seed in (3, 3, 4)
    )
    np.testing.assert_array_equal(first.probabilities(test.spectrograms), again.probabilities(test.spectrograms))
    assert (first.probabilities(test.spectrograms) != other.probabilities(test.spectrograms)).any()


@pytest.mark.parametrize(("decide_per", "name"), [("clip", "accuracy_per_clip"), ("recording", "accuracy_per_file")])
def test_classifier_reports_the_accuracy_of_what_it_decides_on(decide_per, name):
    train, test = toy_clips(4, 0), toy_clips(40, 1)
    result = train_classifier(config(classifier_steps=3, decide_per=decide_per), train, test, None).result
    assert result["accuracy_per_clip"] != result["accuracy_per_file"]
    assert (result["accuracy"], result["decide_per"]) == (result[name], decide_per)


def test_classifier_without_a_test_side_has_no_accuracy():
    train = toy_clips(20, 0)
    result = train_classifier(config(classifier_steps=2), train, train.select([]), None).result
    assert result["accuracy"] is None


@dataclasses.dataclass
class Loudness:
    """A classifier that is no network: a clip is of class 1 if its upper bins are loud."""

    class_names: tuple[str, ...] = CLASS_NAMES

    def probabilities(self, spectrograms):
        is_loud = spectrograms[:, :, 8:].mean(axis=(1, 2, 3)) > -4.5
        return np.stack([~is_loud, is_loud], axis=1).astype(np.float32)


def test_classifier_that_is_no_network_is_tested_like_any_other_but_has_no_folder(monkeypatch, tmp_path):
    monkeypatch.setattr(training, "learn_supervised", lambda *_: Learned(Loudness(), real_share=1.0, steps=0))
    train, test = toy_clips(20, 0), toy_clips(40, 1)
    trained = train_classifier(config(), train, test, None)
    assert trained.result["accuracy"] == 1.0 and trained.result["steps"] == 0
    assert class_agreement(trained, toy_synthetic()) == 1.0
    with pytest.raises(TypeError, match="expected a NetworkClassifier, got Loudness"):
        write_classifier(tmp_path, trained, DataConfig(), FeatureConfig(), Sources.of(train, test, None))
    assert not list(tmp_path.iterdir())


def test_classifier_standardises_with_the_real_clips_alone():
    train = toy_clips(20, 0)
    synthetic = dataclasses.replace(toy_synthetic(), spectrograms=toy_synthetic().spectrograms + 100.0)
    trained = train_classifier(config(method="gan", classifier_steps=2), train, train, synthetic)
    standardise = trained.classifier.model.get_layer("standardise")
    np.testing.assert_allclose(standardise.mean, train.spectrograms.mean(axis=(0, 1)), rtol=1e-5)


def test_classifier_trains_on_standardised_clips_before_it_augments_them(monkeypatch):
    batches = []

    def watching(clips, class_weights, step):
        tf.numpy_function(lambda values: batches.append(values) or values, [clips], tf.float32)
        return clips, class_weights

    monkeypatch.setattr(supervised, "make_policy", lambda *_: watching)
    train = toy_clips(16, 0)
    train_classifier(config(method="augmented", classifier_steps=1), train, train, None)
    (batch,) = batches
    np.testing.assert_allclose(batch[:, :, 1:].mean(axis=(0, 1)), 0.0, atol=1e-5)
    np.testing.assert_allclose(batch[:, :, 1:].std(axis=(0, 1)), 1.0, atol=1e-4)


@pytest.mark.parametrize(
    ("method", "synthetic", "message"),
    [
        ("gan", None, "gan expects synthetic clips, got none"),
        ("baseline", toy_synthetic(), "baseline expects no synthetic clips, got 20"),
        ("gan", toy_synthetic(class_names=("a", "b")), "expected the classes brass, steel, got a, b"),
    ],
)
def test_classifier_with_synthetic_clips_that_do_not_fit_is_refused(method, synthetic, message):
    with pytest.raises(InputError, match=message):
        train_classifier(config(method=method), toy_clips(4, 0), toy_clips(4, 1), synthetic)


def test_classifier_whose_loss_is_no_number_stops_and_says_where():
    train = toy_clips(20, 0)
    train.spectrograms[0, 0, 1, 0] = np.nan
    with pytest.raises(TrainingDiverged, match="^classifier: the loss is nan at step 1$") as caught:
        train_classifier(config(classifier_batch_size=20), train, train, None)
    assert isinstance(caught.value, FloatingPointError)  # what programs of earlier versions catch


@pytest.mark.slow
def test_baseline_on_real_recordings_is_at_least_as_good_as_the_linear_yardstick(bulk_material):
    clips = load_clips(bulk_material, FeatureConfig(mel_bins=128))
    accuracies, yardsticks = [], []
    for fold in "1234":
        train, test = split_sides(clips, (fold,))
        subset = choose_subset(train, 9, 0)
        accuracies.append(
            train_classifier(ClassifierConfig(classifier_steps=600), subset, test, None).result["accuracy"]
        )
        yardsticks.append(yardstick_accuracy(subset, test))
    assert np.mean(accuracies) >= max(np.mean(yardsticks), PUBLISHED_YARDSTICK)


def test_classifier_with_synthetic_clips_is_the_same_under_both_budgets():
    """So that rows of the methods with synthetic clips can be read beside those of either budget."""
    train, test, synthetic = toy_clips(20, 0), toy_clips(40, 1), toy_synthetic(30)
    base = config(method="gan", classifier_steps=None, classifier_epochs=3, real_share="union")
    found = [
        train_classifier(with_equal_steps(dataclasses.replace(base, budget=budget), 20, 30), train, test, synthetic)
        for budget in ("equal", "paper")
    ]
    # 50 clips are 4 batches of 16, the last one not full.
    assert [trained.result["steps"] for trained in found] == [12, 12]
    first, second = (trained.probabilities(test.spectrograms) for trained in found)
    np.testing.assert_array_equal(first, second)


def test_classifier_with_balanced_classes_recognises_more_of_a_scarce_one():
    full, test = toy_clips(200, 0), toy_clips(200, 1)
    train = full.select([*np.flatnonzero(full.labels == 0), *np.flatnonzero(full.labels == 1)[:3]])
    recalls = {
        balance: train_classifier(config(class_balance=balance), train, test, None).result["recall"]["steel"]
        for balance in ("none", "balanced")
    }
    assert recalls["balanced"] > recalls["none"] + 0.1
