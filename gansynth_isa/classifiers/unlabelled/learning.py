"""Learners of labelled and unlabelled clips: FixMatch, Mean Teacher and pseudo-labels."""

from dataclasses import dataclass

import keras
import numpy as np
import tensorflow as tf

from gansynth_isa.classifiers.starting import StartingWeights
from gansynth_isa.classifiers.supervised import (
    Learned,
    OnStep,
    Training,
    make_network,
    prepare,
    run_chunks,
    run_supervised,
)
from gansynth_isa.classifiers.unlabelled.augmentations import STUDENT_STREAM, strong_augmentation, weak_augmentation
from gansynth_isa.classifiers.unlabelled.draws import UnlabelledDraws, labelled_by
from gansynth_isa.classifiers.unlabelled.guesses import Alignment, WeightAverage
from gansynth_isa.classifiers.unlabelled.parts import FixMatch, MeanTeacher, PseudoLabels, UnlabelledPart
from gansynth_isa.classifiers.unlabelled.steps import make_run_both
from gansynth_isa.config import ClassifierConfig
from gansynth_isa.config.unlabelled import FIXMATCH, MEAN_TEACHER, PSEUDO_LABELS
from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.data.clip_sets.synthetic_folder import SyntheticClips
from gansynth_isa.data.clip_sets.unlabelled import UnlabelledClips
from gansynth_isa.methods import method_named

# Tarvainen and Valpola 2017 rise to 100 with a mean over ten classes; the loss here is a sum over classes.
DEFAULT_WEIGHTS = {MEAN_TEACHER: 10.0}
DEFAULT_START_SHARES = {PSEUDO_LABELS: 0.5}
END_SHARE = 0.1  # of the steps, that the share of clips with a label is told of


@dataclass(frozen=True)
class _Plan:
    """What follows from the settings.

    Attributes:
      start: number of steps, the first ones, on labelled clips alone.
      rise: steps in which the weight of the unlabelled clips rises then.
      weight: that it rises to.
    """

    start: int
    rise: int
    weight: float


def learn_with_unlabelled(
    config: ClassifierConfig,
    train: ClipSet,
    synthetic: SyntheticClips | None,
    unlabelled: UnlabelledClips,
    on_step: OnStep | None = None,
    start: StartingWeights | None = None,
) -> Learned:
    """Trains a network for as many steps as `learn_supervised` does, with unlabelled clips beside the labelled ones.

    The first steps may be on labelled clips alone. What is tested is the average of the weights, for pseudo-labels the
    last weights.

    Args:
      config: method, learner, network, steps, seeds.
      train: labelled real clips, which decide the standardisation and the number of steps.
      synthetic: labelled, for the methods that have any.
      unlabelled: of the same shape.
      on_step: called with (step from 1, loss) after each step.
      start: weights to start from; None: random ones.

    Raises:
      InputError: a use of synthetic clips that does not fit their number, or weights of another network.
      ClassifierDiverged: the loss is no longer finite.
    """
    training = prepare(config, train, synthetic, start)
    plan = _plan(config, training.steps)
    run_supervised(training, plan.start, on_step)
    teacher = make_network(config, train)
    draws = UnlabelledDraws.of(unlabelled, config, training.batches.batch_size)
    average = None
    if config.learner == PSEUDO_LABELS:
        draws = labelled_by(training.learned().classifier, draws, config.unlabelled_threshold)
    else:
        average = WeightAverage(training.network, teacher, config.unlabelled_half_life_steps)
    shares = _run(training, plan, _part(config, train, teacher), draws, average, on_step)
    learned = training.learned(None if average is None else teacher)
    return Learned(learned.classifier, learned.real_share, learned.steps, float(np.mean(shares)))


def _plan(config: ClassifierConfig, steps: int) -> _Plan:
    share, weight = config.unlabelled_start_share, config.unlabelled_weight
    share = DEFAULT_START_SHARES.get(config.learner, 0.0) if share is None else share
    weight = DEFAULT_WEIGHTS.get(config.learner, 1.0) if weight is None else weight
    # A network must have learnt something before it labels, and something is left to do after.
    start = min(max(round(share * steps), int(share > 0.0)), steps - 1)
    return _Plan(start, round(config.unlabelled_ramp_share * steps), weight)


def _run(
    training: Training,
    plan: _Plan,
    part: UnlabelledPart,
    draws: UnlabelledDraws,
    average: WeightAverage | None,
    on_step: OnStep | None,
) -> list[float]:
    """The steps with unlabelled clips; returns their shares with a label in the last of them."""
    run_both = make_run_both(training, part, average, plan.weight, (plan.start, plan.rise))
    shares: list[float] = []

    def run(clips: np.ndarray, labels: np.ndarray, num_real: np.ndarray, first: tf.Tensor) -> tf.Tensor:
        losses, answered = run_both(clips, labels, num_real, *draws.take(len(labels)), first)
        shares.extend(answered.numpy().tolist())
        return losses

    step_bytes = (
        training.batches.batch_bytes * (training.batches.batch_size + draws.size) // training.batches.batch_size
    )
    run_chunks(run, training.batches, range(plan.start, training.steps), step_bytes, on_step)
    return shares[-max(1, round(END_SHARE * training.steps)) :]


def _part(config: ClassifierConfig, train: ClipSet, teacher: keras.Model) -> UnlabelledPart:
    weak = weak_augmentation(config)
    if config.learner == FIXMATCH:
        alignment = Alignment(_class_shares(config, train)) if config.unlabelled_alignment else None
        strong = strong_augmentation(config, config.unlabelled_strong_probability)
        return FixMatch(teacher, weak, strong, config.unlabelled_threshold, alignment)
    if config.learner == MEAN_TEACHER:
        return MeanTeacher(teacher, weak, weak_augmentation(config, STUDENT_STREAM))
    augmented = method_named(config.method).augmented
    change = strong_augmentation(config, config.augmentation_probability) if augmented else None
    return PseudoLabels(len(train.class_names), change)


def _class_shares(config: ClassifierConfig, train: ClipSet) -> np.ndarray:
    """How frequent the classes are among the real clips of batches, float32 (classes,)."""
    counts = np.array(list(train.counts().values()), np.float32)
    if config.class_balance == "balanced":
        counts = np.minimum(counts, 1.0)
    return counts / counts.sum()
