"""What synthetic clips teach a classifier, and what a classifier of real clips makes of them."""

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from gansynth_isa.classifiers.budget import epoch_steps
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


def steps_of(config: ClassifierConfig, seen: ClipSet, synthetic: ClipSet) -> int:
    """Optimizer steps of every classifier: `classifier_steps`, or `classifier_epochs` of the larger set."""
    return config.classifier_steps or epoch_steps(config, max(len(seen), len(synthetic)))


def train_trials(
    config: ClassifierConfig,
    clips: ClipSet,
    held_out: ClipSet,
    steps: int,
    trials: int,
    on_trained: Callable[[], None] | None = None,
) -> tuple[TrainedClassifier, ...]:
    """Trains classifiers without augmentation, and tests them.

    Args:
      config: of the classifiers; its method, learner and budget do not count. To its seed the trial's number is added.
      clips: real ones, or synthetic ones, see `as_clip_set`.
      held_out: real clips to test on.
      steps: optimizer steps of each.
      trials: how many.
      on_trained: called after each.
    """
    trained = []
    for trial in range(trials):
        settings = dataclasses.replace(
            config.judging(), budget="equal", classifier_steps=steps, trial_seed=config.trial_seed + trial
        )
        trained.append(train_classifier(settings, clips, held_out, None))
        if on_trained is not None:
            on_trained()
    return tuple(trained)


def compare_usefulness(
    of_synthetic: Sequence[TrainedClassifier], of_real: Sequence[TrainedClassifier], synthetic: ClipSet
) -> Usefulness:
    """The usefulness of synthetic clips.

    Args:
      of_synthetic: classifiers trained on them, see `train_trials`.
      of_real: as many, trained on what the generator saw, for the same steps.
      synthetic: the clips themselves, for the reverse.
    """
    return Usefulness(
        synthetic=tuple(map(_accuracy, of_synthetic)),
        real=tuple(map(_accuracy, of_real)),
        reverse=tuple(_accuracy_on(trained, synthetic) for trained in of_real),
        steps=of_real[0].result["steps"],
    )


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
