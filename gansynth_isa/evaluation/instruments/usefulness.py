"""What synthetic clips teach a classifier, and what a classifier of real clips makes of them."""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from gansynth_isa.classifiers.budget import epoch_steps
from gansynth_isa.classifiers.classifier import Classifier
from gansynth_isa.classifiers.training import TrainedClassifier, train_classifier
from gansynth_isa.config import ClassifierConfig
from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.data.clip_sets.synthetic_clips import SyntheticClips


@dataclass(frozen=True)
class Usefulness:
    """Accuracies, per clip, of as many classifiers of each kind as there were trials.

    Attributes:
      synthetic: trained on synthetic clips, tested on real ones that were held out.
      real: trained on the clips that the generator saw, for the same steps and from the same seeds, tested on the same.
      reverse: the latter ones, tested on the synthetic clips.
      steps: optimizer steps of each.
    """

    synthetic: tuple[float, ...]
    real: tuple[float, ...]
    reverse: tuple[float, ...]
    steps: int

    @property
    def value(self) -> float | None:
        """Accuracy after synthetic clips over that after real ones: 1 is as good."""
        return _ratio(self.synthetic, self.real)

    @property
    def spread(self) -> float | None:
        """Standard deviation of that over the trials; None for one."""
        return _spread_of_ratios(self.synthetic, self.real)

    @property
    def reverse_value(self) -> float | None:
        """Accuracy on synthetic clips over that on held-out real ones: above 1 they are too typical of their class."""
        return _ratio(self.reverse, self.real)

    @property
    def reverse_spread(self) -> float | None:
        """Standard deviation of that over the trials; None for one."""
        return _spread_of_ratios(self.reverse, self.real)

    def to_dict(self) -> dict:
        """Values, spreads and accuracies, ready for JSON."""
        return {
            "usefulness": self.value,
            "usefulness_spread": self.spread,
            "reverse_usefulness": self.reverse_value,
            "reverse_usefulness_spread": self.reverse_spread,
            "accuracies": {
                "trained_on_synthetic": list(self.synthetic),
                "trained_on_real": list(self.real),
                "tested_on_synthetic": list(self.reverse),
            },
            "steps": self.steps,
        }


def measure_usefulness(
    seen: ClipSet,
    held_out: ClipSet,
    synthetic: ClipSet,
    config: ClassifierConfig,
    trials: int,
    on_trained: Callable[[], None] | None = None,
) -> tuple[Usefulness, Classifier]:
    """Trains two classifiers a trial, without augmentation.

    Both get `classifier_steps`, or where these are open `classifier_epochs` of the larger set.

    Args:
      seen: the clips that the generator was trained on.
      held_out: real clips that it was not, one or more.
      synthetic: see `as_clip_set`; of the same classes, with a clip of each.
      config: of the classifiers; its method does not count.
      trials: 1 or more; the seed of a trial is that of `config`, plus its number.
      on_trained: called after each classifier.

    Returns:
      The accuracies, and the first trial's classifier of real clips.
    """
    steps = config.classifier_steps or epoch_steps(config, max(len(seen), len(synthetic)))
    accuracies: tuple[list[float], list[float], list[float]] = [], [], []
    judges = []
    for trial in range(trials):
        settings = dataclasses.replace(
            config,
            method=ClassifierConfig.method,
            budget="equal",
            classifier_steps=steps,
            trial_seed=config.trial_seed + trial,
        )
        trained = []
        for clips in (synthetic, seen):
            trained.append(train_classifier(settings, clips, held_out, None))
            if on_trained is not None:
                on_trained()
        judges.append(trained[1].classifier)
        for values, value in zip(
            accuracies, (*map(_accuracy, trained), _accuracy_on(trained[1], synthetic)), strict=True
        ):
            values.append(value)
    return Usefulness(*map(tuple, accuracies), steps), judges[0]


def as_clip_set(synthetic: SyntheticClips, class_names: tuple[str, ...]) -> ClipSet:
    """Synthetic clips as a classifier trains on them, labelled by `class_names`; others are left out."""
    places = np.array([class_names.index(name) if name in class_names else -1 for name in synthetic.class_names])
    labels = places[synthetic.labels] if len(synthetic) else np.zeros(0, np.int64)
    is_known = labels >= 0
    spectrograms = synthetic.spectrograms if is_known.all() else synthetic.spectrograms[is_known]
    names = tuple(f"synthetic {number}" for number in np.flatnonzero(is_known))
    labels = labels[is_known].astype(np.int32)
    return ClipSet(spectrograms, labels, class_names, names, names, (None,) * len(names), {})


def _accuracy(trained: TrainedClassifier) -> float:
    return float(trained.result["accuracy_per_clip"])


def _accuracy_on(trained: TrainedClassifier, clips: ClipSet) -> float:
    return float(np.mean(trained.probabilities(clips.spectrograms).argmax(axis=1) == clips.labels))


def _ratio(values: tuple[float, ...], references: tuple[float, ...]) -> float | None:
    reference = float(np.mean(references))
    return float(np.mean(values)) / reference if reference else None


def _spread_of_ratios(values: tuple[float, ...], references: tuple[float, ...]) -> float | None:
    if len(values) < 2 or not all(references):
        return None
    return float(np.std(np.divide(values, references), ddof=1))
