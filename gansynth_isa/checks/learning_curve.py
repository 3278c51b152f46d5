"""How accuracy grows with the number of training clips: the linear yardstick beside the classifier."""

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from gansynth_isa.classifiers.linear import band_statistics, fit_yardstick
from gansynth_isa.classifiers.scores import decided_accuracy, score
from gansynth_isa.classifiers.training import train_classifier
from gansynth_isa.config import ClassifierConfig
from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.data.clip_sets.subset import choose_subset
from gansynth_isa.tables import aligned_markdown_table
from gansynth_isa.validation import known


@dataclass(frozen=True)
class CurvePoint:
    """Accuracies on the test side at one scarcity level, one per random subset.

    Attributes:
      level: training clips per class.
      yardstick: of the linear model on band statistics.
      classifier: of the classifier without synthetic clips.
    """

    level: int
    yardstick: tuple[float, ...]
    classifier: tuple[float, ...]


def learning_curve(
    train: ClipSet,
    test: ClipSet,
    levels: Sequence[int],
    subset_seeds: Sequence[int],
    config: ClassifierConfig,
    clips_per_file: int | None = None,
    on_trained: Callable[[], None] | None = None,
    class_counts: Mapping[str, int] = MappingProxyType({}),
) -> Iterator[CurvePoint]:
    """One point per level, as soon as it is known.

    Args:
      train, test: the sides; every subset comes from `train`.
      levels: training clips per class.
      subset_seeds: random subsets per level; the classifier's trial seed follows the subset's.
      config: of the classifier; its method must do without synthetic clips. Its `decide_per` is the yardstick's too.
      clips_per_file: how a subset takes its clips from recordings, see `choose_subset`.
      on_trained: called after each subset.
      class_counts: class name -> clips, of classes that have others than the level, see `choose_subset`.

    Raises:
      InputError: a level above what the training side holds.
    """
    for level in levels:
        yardstick, classifier = [], []
        for subset_seed in subset_seeds:
            subset = choose_subset(train, level, subset_seed, clips_per_file, class_counts)
            yardstick.append(_yardstick_accuracy(subset, test, config.decide_per))
            trial = dataclasses.replace(config, trial_seed=config.trial_seed + subset_seed)
            trained = train_classifier(trial, subset, test, None)
            classifier.append(trained.result["accuracy"])
            if on_trained is not None:
                on_trained()
        yield CurvePoint(level, tuple(yardstick), tuple(classifier))


def curve_table(points: Sequence[CurvePoint]) -> str:
    """Markdown table of mean and standard deviation over the subsets, one row per level."""
    rows = [[str(point.level), _spread(point.yardstick), _spread(point.classifier)] for point in points]
    return aligned_markdown_table(["clips per class", "linear yardstick", "CNN"], rows)


def _yardstick_accuracy(train: ClipSet, test: ClipSet, decide_per: str) -> float:
    probabilities = fit_yardstick(train).predict_proba(band_statistics(test.spectrograms))
    scores = score(probabilities, test.labels, test.recordings, test.class_names)
    return known(decided_accuracy(scores, decide_per))


def _spread(accuracies: Sequence[float]) -> str:
    deviation = f" ± {np.std(accuracies, ddof=1):.3f}" if len(accuracies) > 1 else ""
    return f"{np.mean(accuracies):.3f}{deviation}"
