"""The supervised learner: a network from labelled clips, real ones and perhaps synthetic ones."""

from collections.abc import Callable
from dataclasses import dataclass

import keras
import numpy as np
import tensorflow as tf

from gansynth_isa.classifiers.augmentation.policies import Policy, make_policy
from gansynth_isa.classifiers.batches import ClassifierBatches
from gansynth_isa.classifiers.budget import batch_size, num_steps
from gansynth_isa.classifiers.classifier import Classifier, NetworkClassifier, standardised_model
from gansynth_isa.classifiers.networks import build_classifier
from gansynth_isa.config import ClassifierConfig
from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.data.clip_sets.synthetic_folder import SyntheticClips
from gansynth_isa.methods import method_named
from gansynth_isa.spectral.standardisation import Standardisation

WARM_UP_SHARE = 0.05
CHUNK_BYTES = 2**25


@dataclass(frozen=True)
class Learned:
    """What a learner made of its training clips.

    Attributes:
      classifier: ready to be asked.
      real_share: of real clips in a batch.
      steps: optimizer steps that it took.
    """

    classifier: Classifier
    real_share: float
    steps: int


def learn_supervised(
    config: ClassifierConfig,
    train: ClipSet,
    synthetic: SyntheticClips | None,
    on_step: Callable[[int, float], None] | None = None,
) -> Learned:
    """Trains a network for `budget.num_steps` steps.

    Clips are standardised with the mean and deviation of the real training clips, then augmented where the method
    says so, then classified. With synthetic clips a batch is drawn from both, see `batches.real_share`.

    Args:
      config: method, network, steps, seeds.
      train: real training clips.
      synthetic: for the methods that have any.
      on_step: called with (step from 1, loss) after each step.

    Raises:
      FloatingPointError: the loss is no longer finite.
    """
    standardise = Standardisation.fit(train.spectrograms)
    shape, num_classes = train.spectrograms.shape[1:], len(train.class_names)
    network = build_classifier(config.classifier, shape, num_classes, config.classifier_dropout, config.trial_seed)
    batches = _batches(config, train, synthetic)
    steps = num_steps(config, batches.num_clips)
    run_steps = _make_run_steps(standardise, _policy(config), network, _optimizer(config, network, steps))
    _fit(run_steps, batches, steps, on_step)
    classifier = NetworkClassifier(standardised_model(standardise, network), train.class_names)
    return Learned(classifier, batches.real_share, steps)


def _batches(config: ClassifierConfig, train: ClipSet, synthetic: SyntheticClips | None) -> ClassifierBatches:
    return ClassifierBatches(
        train.spectrograms,
        train.labels,
        None if synthetic is None else synthetic.spectrograms,
        None if synthetic is None else synthetic.labels,
        batch_size(config, len(train) + (0 if synthetic is None else len(synthetic))),
        config.trial_seed,
        config.real_share,
        config.class_balance == "balanced",
    )


def _policy(config: ClassifierConfig) -> Policy | None:
    if not method_named(config.method).augmented:
        return None
    probability, alpha = config.augmentation_probability, config.mixup_alpha
    return make_policy(config.augmentation, probability, alpha, config.trial_seed)


def _fit(
    run_steps: Callable[..., tf.Tensor],
    batches: ClassifierBatches,
    steps: int,
    on_step: Callable[[int, float], None] | None,
) -> None:
    steps_per_chunk = max(1, min(20, CHUNK_BYTES // batches.batch_bytes))
    for first, clips, labels in batches.chunks(steps, steps_per_chunk):
        losses = run_steps(clips, labels, tf.constant(first)).numpy()
        for step, loss in enumerate(losses.tolist(), start=first + 1):
            if not np.isfinite(loss):
                raise FloatingPointError(f"classifier: the loss is {loss} at step {step}")
            if on_step is not None:
                on_step(step, loss)


def _optimizer(config: ClassifierConfig, network: keras.Model, steps: int) -> keras.optimizers.Optimizer:
    """Adam, with decoupled weight decay where there is any."""
    rate = _learning_rate(config, steps)
    if config.classifier_weight_decay:
        optimizer = keras.optimizers.AdamW(rate, weight_decay=config.classifier_weight_decay)
        optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    else:
        optimizer = keras.optimizers.Adam(rate)
    optimizer.build(network.trainable_variables)
    return optimizer


def _learning_rate(config: ClassifierConfig, steps: int) -> float | keras.optimizers.schedules.LearningRateSchedule:
    """Constant, or a schedule that rises over the first steps, then falls as a cosine to zero."""
    if config.classifier_schedule == "constant":
        return config.classifier_learning_rate
    warm_up = int(WARM_UP_SHARE * steps)
    return keras.optimizers.schedules.CosineDecay(
        initial_learning_rate=0.0 if warm_up else config.classifier_learning_rate,
        decay_steps=steps - warm_up,
        warmup_target=config.classifier_learning_rate if warm_up else None,
        warmup_steps=warm_up,
    )


def _make_run_steps(
    standardise: Standardisation, policy: Policy | None, network: keras.Model, optimizer: keras.optimizers.Optimizer
) -> Callable[..., tf.Tensor]:
    """A compiled function of (clips (steps, batch, ...), labels, first step) that returns the losses (steps,)."""
    num_classes = network.output_shape[-1]

    def train_step(clips: tf.Tensor, labels: tf.Tensor, step: tf.Tensor) -> tf.Tensor:
        clips = standardise(clips)
        class_weights = tf.one_hot(labels, num_classes)
        if policy is not None:
            clips, class_weights = policy(clips, class_weights, step)
        with tf.GradientTape() as tape:
            probabilities = network(clips, training=True)
            loss = tf.reduce_mean(keras.losses.categorical_crossentropy(class_weights, probabilities))
        optimizer.apply(tape.gradient(loss, network.trainable_variables), network.trainable_variables)
        return loss

    @tf.function(reduce_retracing=True)
    def run_steps(clips: tf.Tensor, labels: tf.Tensor, first_step: tf.Tensor) -> tf.Tensor:
        num_steps = tf.shape(labels)[0]
        losses = tf.TensorArray(tf.float32, num_steps)
        for index in tf.range(num_steps):
            losses = losses.write(index, train_step(clips[index], labels[index], first_step + index))
        return losses.stack()

    return run_steps
