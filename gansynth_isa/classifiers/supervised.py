"""The supervised learner: a network from labelled clips, real ones and perhaps synthetic ones."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import tensorflow as tf

from gansynth_isa.classifiers.augmentation.policies import Policy, make_policy
from gansynth_isa.classifiers.batches import ClassifierBatches
from gansynth_isa.classifiers.budget import batch_size, num_steps
from gansynth_isa.classifiers.classifier import Classifier, NetworkClassifier, standardised_model
from gansynth_isa.classifiers.networks import build_classifier
from gansynth_isa.classifiers.optimizers import make_optimizer
from gansynth_isa.classifiers.steps import BatchRules, RunSteps, make_run_steps
from gansynth_isa.classifiers.uses import check_apart, is_apart, synthetic_steps
from gansynth_isa.config import ClassifierConfig
from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.data.clip_sets.synthetic_folder import SyntheticClips
from gansynth_isa.methods import method_named
from gansynth_isa.spectral.standardisation import Standardisation

CHUNK_BYTES = 2**25


@dataclass(frozen=True)
class Learned:
    """What a learner made of its training clips.

    Attributes:
      classifier: ready to be asked.
      real_share: of real clips among all that were fed.
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
    says so, then classified. With synthetic clips a batch is drawn from both, see `batches.real_share`, or from one
    and then the other, see `uses.synthetic_steps`.

    Args:
      config: method, network, steps, seeds.
      train: real training clips.
      synthetic: for the methods that have any.
      on_step: called with (step from 1, loss) after each step.

    Raises:
      InputError: a use of synthetic clips that does not fit their number.
      FloatingPointError: the loss is no longer finite.
    """
    standardise = Standardisation.fit(train.spectrograms)
    shape, num_classes = train.spectrograms.shape[1:], len(train.class_names)
    network = build_classifier(config.classifier, shape, num_classes, config.classifier_dropout, config.trial_seed)
    num_synthetic = 0 if synthetic is None else len(synthetic)
    steps = num_steps(config, len(train) + num_synthetic)
    first_steps = synthetic_steps(config, steps, num_synthetic > 0)
    batches = _batches(config, train, synthetic, first_steps)
    check_apart(config, batches)
    optimizer = make_optimizer(config, network, steps)
    _fit(make_run_steps(standardise, network, optimizer, _rules(config, batches)), batches, steps, on_step)
    classifier = NetworkClassifier(standardised_model(standardise, network), train.class_names)
    real_share = batches.real_share if first_steps is None else 1.0 - first_steps / steps
    return Learned(classifier, real_share, steps)


def _batches(
    config: ClassifierConfig, train: ClipSet, synthetic: SyntheticClips | None, first_steps: int | None
) -> ClassifierBatches:
    return ClassifierBatches(
        train.spectrograms,
        train.labels,
        None if synthetic is None else synthetic.spectrograms,
        None if synthetic is None else synthetic.labels,
        batch_size(config, len(train) + (0 if synthetic is None else len(synthetic))),
        config.trial_seed,
        config.real_share,
        config.class_balance == "balanced",
        first_steps,
    )


def _rules(config: ClassifierConfig, batches: ClassifierBatches) -> BatchRules:
    has_synthetic = batches.real_share < 1.0
    return BatchRules(
        _policy(config),
        augments_synthetic=config.augmented_clips == "all" or not has_synthetic,
        synthetic_weight=config.synthetic_weight if has_synthetic and config.synthetic_use == "weighted" else None,
        statistics_apart=is_apart(config, batches),
    )


def _policy(config: ClassifierConfig) -> Policy | None:
    if not method_named(config.method).augmented:
        return None
    probability, alpha = config.augmentation_probability, config.mixup_alpha
    return make_policy(config.augmentation, probability, alpha, config.trial_seed)


def _fit(
    run_steps: RunSteps,
    batches: ClassifierBatches,
    steps: int,
    on_step: Callable[[int, float], None] | None,
) -> None:
    steps_per_chunk = max(1, min(20, CHUNK_BYTES // batches.batch_bytes))
    for first, clips, labels in batches.chunks(steps, steps_per_chunk):
        num_real = np.array([batches.num_real(step) for step in range(first, first + len(labels))], np.int32)
        losses = run_steps(clips, labels, num_real, tf.constant(first)).numpy()
        for step, loss in enumerate(losses.tolist(), start=first + 1):
            if not np.isfinite(loss):
                raise FloatingPointError(f"classifier: the loss is {loss} at step {step}")
            if on_step is not None:
                on_step(step, loss)
