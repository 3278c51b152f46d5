"""Trains a classifier by one of the methods, and tests it."""

import dataclasses
import time
from dataclasses import dataclass, field

import numpy as np

from gansynth_isa.classifiers.budget import num_steps
from gansynth_isa.classifiers.classifier import Classifier
from gansynth_isa.classifiers.discriminant import learn_lda
from gansynth_isa.classifiers.embedding.head import learn_head
from gansynth_isa.classifiers.guessing import with_guesses
from gansynth_isa.classifiers.scores import decided_accuracy, score
from gansynth_isa.classifiers.starting import StartingWeights, read_starting_weights
from gansynth_isa.classifiers.supervised import Learned, OnStep, learn_supervised
from gansynth_isa.classifiers.unlabelled.learning import learn_with_unlabelled
from gansynth_isa.config import ClassifierConfig
from gansynth_isa.config.embedding import EMBEDDING
from gansynth_isa.config.unlabelled import GUESSED, SUPERVISED
from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.data.clip_sets.synthetic_folder import SyntheticClips
from gansynth_isa.data.clip_sets.unlabelled import UnlabelledClips, check_unlabelled
from gansynth_isa.errors import InputError
from gansynth_isa.methods import LDA, method_named
from gansynth_isa.validation import to_dict


@dataclass(frozen=True)
class TrainedClassifier:
    """A classifier and how it did on the test side; itself a `Classifier`, for those who only ask.

    Attributes:
      classifier: what the learner made.
      result: scores on the test side and how they came about, ready for JSON.
      seen: SHA-256 of every recording that it has learnt from, with a label or without, also before this training.
    """

    classifier: Classifier
    result: dict
    seen: frozenset[str] = field(default=frozenset(), repr=False)

    @property
    def class_names(self) -> tuple[str, ...]:
        """In the order of the probabilities."""
        return self.classifier.class_names

    def probabilities(self, spectrograms: np.ndarray) -> np.ndarray:
        """float32 (clips, classes) for clips (clips, frames, mel_bins, channels) in the units of the features."""
        return self.classifier.probabilities(spectrograms)


def train_classifier(
    config: ClassifierConfig,
    train: ClipSet,
    test: ClipSet,
    synthetic: SyntheticClips | None,
    on_step: OnStep | None = None,
    unlabelled: UnlabelledClips | None = None,
) -> TrainedClassifier:
    """Trains by the method and the learner of `config`, then tests.

    Args:
      config: method, learner, steps, seeds, and whether `accuracy` counts clips or recordings.
      train: real training clips.
      test: may be empty; the scores are None then.
      synthetic: for the methods with synthetic clips, None for the others.
      on_step: called with (step from 1, loss) after each step.
      unlabelled: for the learners of unlabelled clips, None for the others.

    Raises:
      InputError: synthetic or unlabelled clips missing, not wanted, or of other classes or another shape; unlabelled
        clips of a test recording; or weights to start from that are not there, of another network, or have seen one.
      UnfitClips: real clips that the method's learner cannot learn from.
      ClassifierDiverged: the loss is no longer finite.
    """
    _check_sources(config, train, synthetic)
    _check_unlabelled(config, train, test, unlabelled)
    start = read_starting_weights(config)
    if start is not None:
        start.check_unseen(test)
    started = time.monotonic()
    learned = _learn(config, train, synthetic, on_step, unlabelled, start)
    probabilities = learned.classifier.probabilities(test.spectrograms)
    scores = score(probabilities, test.labels, test.recordings, test.class_names)
    result = {
        "accuracy": decided_accuracy(scores, config.decide_per),
        "decide_per": config.decide_per,
        **scores,
        "counts": _counts(train, test, synthetic),
        **({} if synthetic is None else synthetic.import_note()),
        "real_share": learned.real_share,
        "steps": learned.steps,
        "minutes": (time.monotonic() - started) / 60,
        "configuration": to_dict(config),
    }
    if unlabelled is not None:
        result["unlabelled"] = {**unlabelled.about(), "labelled_share": learned.labelled_share}
    return TrainedClassifier(learned.classifier, result, _seen(train, synthetic, unlabelled, start))


def _learn(
    config: ClassifierConfig,
    train: ClipSet,
    synthetic: SyntheticClips | None,
    on_step: OnStep | None,
    unlabelled: UnlabelledClips | None,
    start: StartingWeights | None,
) -> Learned:
    """By the learner of the method, or that of unlabelled clips."""
    if config.learner == GUESSED and unlabelled is not None:
        joined, supervised = with_guesses(train, unlabelled), _of_labelled(config, len(train), synthetic)
        learned = _learn(supervised, joined, synthetic, on_step, None, start)
        return dataclasses.replace(learned, labelled_share=1.0)
    if config.classifier == EMBEDDING:
        return learn_head(config, train)
    if method_named(config.method).learner == LDA:
        return learn_lda(config, train)
    if unlabelled is not None:
        return learn_with_unlabelled(config, train, synthetic, unlabelled, on_step, start)
    return learn_supervised(config, train, synthetic, on_step, start)


def _of_labelled(config: ClassifierConfig, num_labelled: int, synthetic: SyntheticClips | None) -> ClassifierConfig:
    """Settings of a supervised training with as many steps as the labelled clips would get."""
    steps = num_steps(config, num_labelled + (0 if synthetic is None else len(synthetic)))
    return dataclasses.replace(config, learner=SUPERVISED, budget="equal", classifier_steps=steps or None)


def _check_unlabelled(
    config: ClassifierConfig, train: ClipSet, test: ClipSet, unlabelled: UnlabelledClips | None
) -> None:
    if config.learner == SUPERVISED:
        if unlabelled is not None:
            raise InputError(f"learner: supervised expects no unlabelled clips, got {len(unlabelled)}")
        return
    if unlabelled is None:
        raise InputError(
            f"learner: {config.learner} expects unlabelled clips, by --unlabelled=pool or --unlabelled_dir, got none"
        )
    check_unlabelled(unlabelled, train, test)


def _seen(
    train: ClipSet,
    synthetic: SyntheticClips | None,
    unlabelled: UnlabelledClips | None,
    start: StartingWeights | None,
) -> frozenset[str]:
    """See `TrainedClassifier`."""
    seen = set(train.digests.values())
    if synthetic is not None:  # their generator may have started from weights that have seen other recordings
        trained_on = synthetic.metadata.get("data", {})
        seen.update(trained_on.get("files", {}).values(), *trained_on.get("files_before", {}).values())
        seen.update(synthetic.metadata.get("imported", {}).get("files", {}).values())
    if unlabelled is not None:
        seen.update(unlabelled.digests.values())
    return frozenset(seen if start is None else seen | start.seen)


def _check_sources(config: ClassifierConfig, train: ClipSet, synthetic: SyntheticClips | None) -> None:
    if method_named(config.method).chooses:
        raise InputError(f"method: expected one that says what classifiers are trained on, got {config.method!r}")
    if not method_named(config.method).synthetic:
        if synthetic is not None:
            raise InputError(f"method: {config.method} expects no synthetic clips, got {len(synthetic)}")
        return
    if synthetic is None or len(synthetic) == 0:
        raise InputError(f"method: {config.method} expects synthetic clips, got none")
    if synthetic.class_names != train.class_names:
        raise InputError(
            f"synthetic_dir: expected the classes {', '.join(train.class_names)}, "
            f"got {', '.join(synthetic.class_names)}"
        )
    if synthetic.spectrograms.shape[1:] != train.spectrograms.shape[1:]:
        raise InputError(
            f"synthetic_dir: expected clips of shape {train.spectrograms.shape[1:]}, "
            f"got {synthetic.spectrograms.shape[1:]}"
        )


def _counts(train: ClipSet, test: ClipSet, synthetic: SyntheticClips | None) -> dict:
    """Clips per source and class name."""
    counts = {"train": train.counts(), "test": test.counts()}
    if synthetic is not None:
        numbers = np.bincount(synthetic.labels, minlength=len(synthetic.class_names)).tolist()
        counts["synthetic"] = dict(zip(synthetic.class_names, numbers, strict=True))
    return counts
