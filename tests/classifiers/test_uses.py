"""How classifiers use synthetic clips, from the settings to the trained network."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from gansynth_isa.classifiers import supervised
from gansynth_isa.classifiers.augmentation.policies import make_policy
from gansynth_isa.classifiers.batches import EpochDraws
from gansynth_isa.classifiers.networks import build_classifier
from gansynth_isa.classifiers.training import train_classifier
from gansynth_isa.classifiers.uses import synthetic_steps
from gansynth_isa.config import ClassifierConfig
from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.data.clip_sets.synthetic_clips import SyntheticClips
from gansynth_isa.errors import InputError
from gansynth_isa.spectral.standardisation import Standardisation

CLASS_NAMES = ("brass", "steel")
SHAPE = (8, 16, 1)
USES = {
    "pretrain": {"synthetic_use": "pretrain"},
    "weighted": {"synthetic_use": "weighted"},
    "augmented_clips": {"augmented_clips": "real"},
    "statistics": {"synthetic_statistics": "apart"},
}


def arrays(count, seed):
    """Class 1 is louder in the upper half of the bins, by one deviation."""
    labels = (np.arange(count) % 2).astype(np.int32)
    spectrograms = np.random.default_rng(seed).normal(-5.0, 1.0, size=(count, *SHAPE)).astype(np.float32)
    spectrograms[labels == 1, :, 8:] += 1.0
    return spectrograms, labels


def real_clips(count, seed):
    spectrograms, labels = arrays(count, seed)
    recordings = tuple(f"{index}.wav" for index in range(count))
    digests = {name: f"{seed}{name}" for name in recordings}
    return ClipSet(spectrograms, labels, CLASS_NAMES, recordings, recordings, (None,) * count, digests)


def synthetic_clips(count=20, offset=0.0):
    spectrograms, labels = arrays(count, 9)
    return SyntheticClips(spectrograms + np.float32(offset), labels, CLASS_NAMES, {})


def config(**changes):
    given = {"method": "gan_augmented", "classifier_steps": 40, "classifier_batch_size": 16, "real_share": 0.5}
    return ClassifierConfig(**{**given, **changes})


@pytest.mark.parametrize("method", ["gan", "gan_augmented"])
def test_default_use_trains_the_weights_of_a_plain_loop_bit_for_bit(method):
    settings = config(method=method, classifier_steps=6, real_share=0.25)
    train, synthetic = real_clips(12, 0), synthetic_clips()
    trained = train_classifier(settings, train, train, synthetic)
    expected = plain_loop(settings, train, synthetic)
    for ours, theirs in zip(trained.classifier.model.get_weights(), expected.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)


def plain_loop(settings, train, synthetic):
    """A quarter real clips, AdamW at a cosine, the mean of the losses: a use before there was a choice."""
    standardise = Standardisation.fit(train.spectrograms)
    network = build_classifier("cnn", SHAPE, 2, settings.classifier_dropout, settings.trial_seed)
    rate = keras.optimizers.schedules.CosineDecay(settings.classifier_learning_rate, settings.classifier_steps)
    optimizer = keras.optimizers.AdamW(rate, weight_decay=settings.classifier_weight_decay)
    optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    optimizer.build(network.trainable_variables)
    policy = make_policy("spectrogram", settings.augmentation_probability, settings.mixup_alpha, settings.trial_seed)

    def step(clips, labels, number):
        clips, targets = standardise(clips), tf.one_hot(labels, 2)
        if settings.method == "gan_augmented":
            clips, targets = policy(clips, targets, number)
        with tf.GradientTape() as tape:
            losses = keras.losses.categorical_crossentropy(targets, network(clips, training=True))
            loss = tf.reduce_mean(losses)
        optimizer.apply(tape.gradient(loss, network.trainable_variables), network.trainable_variables)
        return loss

    @tf.function
    def run(clips, labels):  # a loop in the graph: outside of one TensorFlow rounds some values otherwise
        losses = tf.TensorArray(tf.float32, len(labels))
        for number in tf.range(len(labels)):
            losses = losses.write(number, step(clips[number], labels[number], number))
        return losses.stack()

    orders = [EpochDraws(len(train), np.random.default_rng([settings.trial_seed, 0]))]
    orders.append(EpochDraws(len(synthetic), np.random.default_rng([settings.trial_seed, 1])))
    chosen = [(orders[0].take(4), orders[1].take(12)) for _ in range(settings.classifier_steps)]
    clips = [np.concatenate([train.spectrograms[a], synthetic.spectrograms[b]]) for a, b in chosen]
    labels = [np.concatenate([train.labels[a], synthetic.labels[b]]) for a, b in chosen]
    run(np.stack(clips), np.stack(labels))
    return network


@pytest.mark.parametrize("use", USES.values(), ids=USES)
def test_classifier_with_each_use_learns_a_plain_difference_repeats_exactly_and_differs_from_the_default(use):
    train, test = real_clips(20, 0), real_clips(40, 1)
    settings = config(**use)
    first, again = (train_classifier(settings, train, test, synthetic_clips()) for _ in range(2))
    default = train_classifier(config(), train, test, synthetic_clips())
    assert first.result["accuracy"] > 0.8
    assert first.result["steps"] == 40
    found = first.probabilities(test.spectrograms)
    np.testing.assert_array_equal(found, again.probabilities(test.spectrograms))
    assert (found != default.probabilities(test.spectrograms)).any()


@pytest.mark.parametrize("use", USES.values(), ids=USES)
def test_use_of_synthetic_clips_changes_nothing_where_there_are_none(use):
    train, test = real_clips(20, 0), real_clips(40, 1)
    plain, other = (
        train_classifier(config(method="augmented", classifier_steps=5, **changes), train, test, None)
        for changes in ({}, use)
    )
    np.testing.assert_array_equal(plain.probabilities(test.spectrograms), other.probabilities(test.spectrograms))
    assert other.result["real_share"] == 1.0


@pytest.mark.parametrize(("share", "first"), [(0.5, 5), (0.25, 2), (0.01, 1), (0.99, 9)])
def test_pretraining_feeds_synthetic_clips_alone_and_then_real_ones_alone(share, first, monkeypatch):
    batches = []

    def watching(clips, class_weights, step):
        tf.numpy_function(lambda values: batches.append(values.mean(axis=(1, 2, 3))) or values, [clips], tf.float32)
        return clips, class_weights

    monkeypatch.setattr(supervised, "make_policy", lambda *_: watching)
    settings = config(synthetic_use="pretrain", synthetic_steps_share=share, classifier_steps=10)
    result = train_classifier(settings, real_clips(20, 0), real_clips(4, 1), synthetic_clips(offset=50.0)).result
    assert [(means > 10.0).all() for means in batches] == [True] * first + [False] * (10 - first)
    assert [(means < 10.0).all() for means in batches] == [False] * first + [True] * (10 - first)
    assert {len(means) for means in batches} == {16}
    assert (result["steps"], result["real_share"]) == (10, pytest.approx(1 - first / 10))


def test_statistics_apart_are_those_of_the_real_clips_in_prediction():
    train, strange = real_clips(20, 0), synthetic_clips(offset=20.0)
    means = {}
    for statistics in ("joint", "apart"):
        settings = config(method="gan", synthetic_statistics=statistics)
        model = train_classifier(settings, train, train, strange).classifier.model
        network = next(layer for layer in model.layers if isinstance(layer, keras.Model))
        normalisation = [layer for layer in network.layers if isinstance(layer, keras.layers.BatchNormalization)]
        before = keras.Model(network.input, normalisation[0].input)
        fed = before(model.get_layer("standardise")(train.spectrograms)).numpy()
        means[statistics] = np.abs(normalisation[0].moving_mean.numpy() - fed.mean(axis=(0, 1, 2))).mean()
    assert means["apart"] < 0.1 < 1.0 < means["joint"]


@pytest.mark.parametrize(
    ("share", "steps", "expected"), [(0.5, 10, 5), (0.5, 5, 2), (0.001, 10, 1), (0.999, 10, 9), (0.5, 2, 1)]
)
def test_steps_on_synthetic_clips_are_their_share_but_leave_both_at_least_one(share, steps, expected):
    settings = config(synthetic_use="pretrain", synthetic_steps_share=share)
    assert synthetic_steps(settings, steps, has_synthetic=True) == expected
    assert synthetic_steps(settings, steps, has_synthetic=False) is None
    assert synthetic_steps(config(synthetic_use="weighted"), steps, has_synthetic=True) is None


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"synthetic_use": "pretrian"}, "synthetic_use: expected one of mix, pretrain, weighted, got 'pretrian'; did"),
        ({"synthetic_use": "pretrain", "synthetic_statistics": "apart"}, "expected joint for --synthetic_use=pretrain"),
        ({"synthetic_steps_share": 1.0}, "synthetic_steps_share: expected less than 1, got 1"),
        ({"synthetic_weight": 0.0}, "synthetic_weight: expected more than 0, got 0"),
        ({"augmented_clips": "reel"}, "augmented_clips: expected one of all, real, got 'reel'"),
    ],
)
def test_use_that_does_not_exist_or_fit_is_refused(changes, message):
    with pytest.raises(InputError, match=message):
        config(**changes)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"synthetic_use": "pretrain", "classifier_steps": 1}, "classifier_steps: expected at least 2 for"),
        ({"synthetic_statistics": "apart", "real_share": 0.1}, "batches of 16 with a real share of 0.1$"),
        ({"synthetic_statistics": "apart", "real_share": 0.9}, "batches of 16 with a real share of 0.9$"),
    ],
)
def test_use_that_does_not_fit_the_clips_is_refused_before_the_first_step(changes, message):
    with pytest.raises(InputError, match=message):
        train_classifier(
            config(**changes), real_clips(20, 0), real_clips(4, 1), synthetic_clips(), lambda *_: pytest.fail()
        )
