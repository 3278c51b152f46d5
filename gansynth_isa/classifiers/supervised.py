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
from gansynth_isa.classifiers.optimizers import make_optimizer
from gansynth_isa.classifiers.starting import StartingWeights
from gansynth_isa.classifiers.steps import BatchRules, RunSteps, make_run_steps
from gansynth_isa.classifiers.uses import check_apart, is_apart, synthetic_steps
from gansynth_isa.config import ClassifierConfig
from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.data.clip_sets.synthetic_folder import SyntheticClips
from gansynth_isa.errors import ClassifierDiverged
from gansynth_isa.methods import method_named
from gansynth_isa.spectral.standardisation import Standardisation

CHUNK_BYTES = 2**25
OnStep = Callable[[int, float], None]  # of (step from 1, loss)


@dataclass(frozen=True)
class Learned:
    """What a learner made of its training clips.

    Attributes:
      classifier: ready to be asked.
      real_share: of real clips among all that were fed.
      steps: optimizer steps that it took.
      labelled_share: of the unlabelled clips, how many had a label to learn from at the end; None without such clips.
    """

    classifier: Classifier
    real_share: float
    steps: int
    labelled_share: float | None = None


@dataclass(frozen=True)
class Training:
    """What a training on labelled clips works with; learners of unlabelled clips add theirs.

    Attributes:
      config: method, network, steps, seeds.
      standardise: fitted to the real training clips.
      network: of standardised clips.
      optimizer: with its schedule over all steps.
      batches: of labelled clips.
      rules: what happens to them.
      steps: of the whole training.
      synthetic_steps: see `uses.synthetic_steps`.
      class_names: of the labels.
    """

    config: ClassifierConfig
    standardise: Standardisation
    network: keras.Model
    optimizer: keras.optimizers.Optimizer
    batches: ClassifierBatches
    rules: BatchRules
    steps: int
    synthetic_steps: int | None
    class_names: tuple[str, ...]

    def learned(self, network: keras.Model | None = None) -> Learned:
        """What was learnt; `network` stands for the one that was trained."""
        model = standardised_model(self.standardise, self.network if network is None else network)
        from_synthetic = self.synthetic_steps
        real_share = self.batches.real_share if from_synthetic is None else 1.0 - from_synthetic / self.steps
        return Learned(NetworkClassifier(model, self.class_names), real_share, self.steps)


def learn_supervised(
    config: ClassifierConfig,
    train: ClipSet,
    synthetic: SyntheticClips | None,
    on_step: OnStep | None = None,
    start: StartingWeights | None = None,
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
      start: weights to start from; None: random ones.

    Raises:
      InputError: a use of synthetic clips that does not fit their number, or weights of another network.
      ClassifierDiverged: the loss is no longer finite.
    """
    training = prepare(config, train, synthetic, start)
    run_supervised(training, training.steps, on_step)
    return training.learned()


def prepare(
    config: ClassifierConfig, train: ClipSet, synthetic: SyntheticClips | None, start: StartingWeights | None = None
) -> Training:
    """A training before its first step; see `learn_supervised`.

    Raises:
      InputError: a use of synthetic clips that does not fit their number, or weights of another network.
    """
    standardise = Standardisation.fit(train.spectrograms)
    network = make_network(config, train)
    if start is not None:
        start.put_into(network)
    num_synthetic = 0 if synthetic is None else len(synthetic)
    steps = num_steps(config, len(train) + num_synthetic)
    first_steps = synthetic_steps(config, steps, num_synthetic > 0)
    batches = _batches(config, train, synthetic, first_steps)
    check_apart(config, batches)
    optimizer, rules = make_optimizer(config, network, steps), _rules(config, batches)
    return Training(config, standardise, network, optimizer, batches, rules, steps, first_steps, train.class_names)


def make_network(config: ClassifierConfig, train: ClipSet) -> keras.Model:
    """A network of standardised clips like these, before any training."""
    shape, num_classes = train.spectrograms.shape[1:], len(train.class_names)
    return build_classifier(config.classifier, shape, num_classes, config.classifier_dropout, config.trial_seed)


def run_supervised(training: Training, end: int, on_step: OnStep | None = None) -> None:
    """The steps from the first one to `end` on labelled clips alone.

    Raises:
      ClassifierDiverged: the loss is no longer finite.
    """
    run = make_run_steps(training.standardise, training.network, training.optimizer, training.rules)
    run_chunks(run, training.batches, range(end), training.batches.batch_bytes, on_step)


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


def run_chunks(
    run_steps: RunSteps, batches: ClassifierBatches, steps: range, step_bytes: int, on_step: OnStep | None
) -> None:
    """Draws labelled batches, and runs all `steps`, several at a time.

    Args:
      run_steps: see `steps.make_run_steps`.
      batches: of labelled clips.
      steps: which, from 0 on.
      step_bytes: size of all clips of a step.
      on_step: called with (step from 1, loss) after each step.

    Raises:
      ClassifierDiverged: the loss is no longer finite.
    """
    steps_per_chunk = max(1, min(20, CHUNK_BYTES // step_bytes))
    for first, clips, labels in batches.chunks(steps.stop, steps_per_chunk, steps.start):
        num_real = np.array([batches.num_real(step) for step in range(first, first + len(labels))], np.int32)
        losses = run_steps(clips, labels, num_real, tf.constant(first)).numpy()
        for step, loss in enumerate(losses.tolist(), start=first + 1):
            if not np.isfinite(loss):
                raise ClassifierDiverged(f"classifier: the loss is {loss} at step {step}")
            if on_step is not None:
                on_step(step, loss)
