"""Trains a classifier by one of four methods, and tests it."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import keras
import numpy as np
import tensorflow as tf

from gansynth_isa.classifiers.augmentation.policies import Policy, make_policy
from gansynth_isa.classifiers.batches import ClassifierBatches
from gansynth_isa.classifiers.budget import batch_size, num_steps
from gansynth_isa.classifiers.networks import build_classifier
from gansynth_isa.classifiers.scores import score
from gansynth_isa.config import AUGMENTED_METHODS, ClassifierConfig
from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.data.clip_sets.synthetic_folder import SyntheticClips
from gansynth_isa.errors import InputError
from gansynth_isa.spectral.standardisation import standardisation
from gansynth_isa.validation import to_dict

GAN_METHODS = ("gan", "gan_augmented")
WARM_UP_SHARE = 0.05
PREDICTION_BATCH = 64
CHUNK_BYTES = 2**25


@dataclass(frozen=True)
class TrainedClassifier:
    """A classifier with all that it needs to judge log-mel clips.

    Attributes:
      model: (clips, frames, mel_bins, channels), standardised, -> (clips, classes) probabilities.
      mean, std: float32 (mel_bins, channels), what clips are standardised with.
      class_names: in the order of the probabilities.
      result: scores on the test side and how they came about, ready for JSON.
    """

    model: keras.Model
    mean: np.ndarray
    std: np.ndarray
    class_names: tuple[str, ...]
    result: dict

    def probabilities(self, log_mel: np.ndarray) -> np.ndarray:
        """float32 (clips, classes) for clips (clips, frames, mel_bins, channels) that are not standardised."""
        return predict(self.model, log_mel, self.mean, self.std)


def train_classifier(
    config: ClassifierConfig,
    train: ClipSet,
    test: ClipSet,
    synthetic: SyntheticClips | None,
    on_step: Callable[[int, float], None] | None = None,
    decide_per_file: bool = False,
) -> TrainedClassifier:
    """Trains for `budget.num_steps` steps, then tests.

    Features are standardised per mel bin with the mean and deviation of the real training clips. With
    synthetic clips a batch is drawn from real and synthetic ones (see `classifier_batches.real_share`).

    Args:
      config: method, steps, seeds.
      train: real training clips.
      test: may be empty; the scores are None then.
      synthetic: for the methods gan and gan_augmented, None for the others.
      on_step: called with (step from 1, loss) after each step.
      decide_per_file: `accuracy` is that of files instead of clips.

    Raises:
      InputError: synthetic clips missing, not wanted, or of other classes or another shape.
      FloatingPointError: the loss is no longer finite.
    """
    _check_sources(config, train, synthetic)
    started = time.monotonic()
    mean, std = standardisation(train.log_mel)
    model = build_classifier(
        config.classifier,
        train.log_mel.shape[1:],
        len(train.class_names),
        config.classifier_dropout,
        config.trial_seed,
    )
    batches = _batches(config, train, synthetic)
    steps = num_steps(config, batches.num_clips)
    _fit(config, model, (mean, std), batches, steps, on_step)
    scores = score(predict(model, test.log_mel, mean, std), test.labels, test.recordings, test.class_names)
    result = {
        "accuracy": scores["accuracy_per_file" if decide_per_file else "accuracy_per_clip"],
        **scores,
        "counts": _counts(train, test, synthetic),
        "real_share": batches.real_share,
        "steps": steps,
        "minutes": (time.monotonic() - started) / 60,
        "configuration": to_dict(config),
    }
    return TrainedClassifier(model, mean, std, train.class_names, result)


def predict(model: keras.Model, log_mel: np.ndarray, mean: np.ndarray, std: np.ndarray) -> np.ndarray:
    """Probabilities, float32 (clips, classes), of clips that are not standardised."""
    parts = [
        np.asarray(model((log_mel[start : start + PREDICTION_BATCH] - mean) / std, training=False))
        for start in range(0, len(log_mel), PREDICTION_BATCH)
    ]
    return np.concatenate(parts) if parts else np.zeros((0, model.output_shape[-1]), np.float32)


def _batches(config: ClassifierConfig, train: ClipSet, synthetic: SyntheticClips | None) -> ClassifierBatches:
    return ClassifierBatches(
        train.log_mel,
        train.labels,
        None if synthetic is None else synthetic.log_mel,
        None if synthetic is None else synthetic.labels,
        batch_size(config, len(train) + (0 if synthetic is None else len(synthetic))),
        config.trial_seed,
        config.real_share,
    )


def _fit(config: ClassifierConfig, model, moments, batches: ClassifierBatches, steps: int, on_step) -> None:
    policy = None
    if config.method in AUGMENTED_METHODS:
        probability, alpha = config.augmentation_probability, config.mixup_alpha
        policy = make_policy(config.augmentation, probability, alpha, config.trial_seed)
    run_steps = _make_run_steps(model, _optimizer(config, model, steps), policy, moments)
    clip_bytes = 4 * int(np.prod(model.input_shape[1:]))
    steps_per_chunk = max(1, min(20, CHUNK_BYTES // (clip_bytes * batches.batch_size)))
    for first, clips, labels in batches.chunks(steps, steps_per_chunk):
        losses = run_steps(clips, labels, tf.constant(first)).numpy()
        for step, loss in enumerate(losses.tolist(), start=first + 1):
            if not np.isfinite(loss):
                raise FloatingPointError(f"classifier: the loss is {loss} at step {step}")
            if on_step is not None:
                on_step(step, loss)


def _optimizer(config: ClassifierConfig, model: keras.Model, steps: int) -> keras.optimizers.Optimizer:
    """Adam, with decoupled weight decay where there is any."""
    rate = _learning_rate(config, steps)
    if config.classifier_weight_decay:
        optimizer = keras.optimizers.AdamW(rate, weight_decay=config.classifier_weight_decay)
        optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    else:
        optimizer = keras.optimizers.Adam(rate)
    optimizer.build(model.trainable_variables)
    return optimizer


def _learning_rate(config: ClassifierConfig, steps: int):
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


def _make_run_steps(model, optimizer, policy: Policy | None, moments):
    """A compiled function of (clips (steps, batch, ...), labels, first step) that returns the losses (steps,)."""
    mean, std = (tf.constant(moment) for moment in moments)
    num_classes = model.output_shape[-1]

    def train_step(clips, labels, step):
        clips = (clips - mean) / std
        class_weights = tf.one_hot(labels, num_classes)
        if policy is not None:
            clips, class_weights = policy(clips, class_weights, step)
        with tf.GradientTape() as tape:
            probabilities = model(clips, training=True)
            loss = tf.reduce_mean(keras.losses.categorical_crossentropy(class_weights, probabilities))
        optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)
        return loss

    @tf.function(reduce_retracing=True)
    def run_steps(clips, labels, first_step):
        num_steps = tf.shape(labels)[0]
        losses = tf.TensorArray(tf.float32, num_steps)
        for index in tf.range(num_steps):
            losses = losses.write(index, train_step(clips[index], labels[index], first_step + index))
        return losses.stack()

    return run_steps


def _check_sources(config: ClassifierConfig, train: ClipSet, synthetic: SyntheticClips | None) -> None:
    wants_synthetic = config.method in GAN_METHODS
    if wants_synthetic and (synthetic is None or len(synthetic) == 0):
        raise InputError(f"method: {config.method} expects synthetic clips, got none")
    if not wants_synthetic and synthetic is not None:
        raise InputError(f"method: {config.method} expects no synthetic clips, got {len(synthetic)}")
    if wants_synthetic and synthetic.class_names != train.class_names:
        raise InputError(
            f"synthetic_dir: expected the classes {', '.join(train.class_names)}, "
            f"got {', '.join(synthetic.class_names)}"
        )
    if wants_synthetic and synthetic.log_mel.shape[1:] != train.log_mel.shape[1:]:
        raise InputError(
            f"synthetic_dir: expected clips of shape {train.log_mel.shape[1:]}, got {synthetic.log_mel.shape[1:]}"
        )


def _counts(train: ClipSet, test: ClipSet, synthetic: SyntheticClips | None) -> dict:
    """Clips per source and class name."""
    counts = {"train": train.counts(), "test": test.counts()}
    if synthetic is not None:
        numbers = np.bincount(synthetic.labels, minlength=len(synthetic.class_names)).tolist()
        counts["synthetic"] = dict(zip(synthetic.class_names, numbers, strict=True))
    return counts
