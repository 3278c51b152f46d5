"""Whether the baseline is worth its name: its settings chosen without test recordings, and a linear yardstick.

Nested cross-validation: for each group that is left out to test, the candidates are compared by leaving out each
of the other groups in turn, and the winner alone sees the test group. No recording takes part in a choice
that it is then used to judge.
"""

import dataclasses
from collections.abc import Iterator

import numpy as np

from gansynth_isa.classifiers.linear import yardstick_accuracy
from gansynth_isa.classifiers.training import train_classifier
from gansynth_isa.config import ClassifierConfig
from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.data.clip_sets.subset import choose_subset, split_sides
from gansynth_isa.errors import InputError

MIN_GROUPS = 3  # one to test, one to compare the candidates on, one to train on


def candidates(base: ClassifierConfig) -> dict[str, ClassifierConfig]:
    """The settings to choose from, by a name to print: architecture x dropout x weight decay."""
    return {
        f"{classifier}, dropout {dropout:g}, weight decay {decay:g}": dataclasses.replace(
            base, classifier=classifier, classifier_dropout=dropout, classifier_weight_decay=decay
        )
        for classifier in ("cnn", "three_layer")
        for dropout in (0.0, 0.5)
        for decay in (0.02, 2.0)
    }


def inner_accuracies(
    clips: ClipSet, test_group: str, level: int, draws: int, settings: dict[str, ClassifierConfig]
) -> dict[str, float]:
    """Mean accuracy of each candidate over the groups other than `test_group`, each left out in turn.

    Args:
      clips: all clips.
      test_group: the group that plays no part.
      level: training clips per class.
      draws: random subsets of that size.
      settings: name -> candidate.

    Raises:
      InputError: fewer than three groups, or a class with fewer than `level` clips in what is left to train on.
    """
    groups = sorted(set(clips.groups))
    if len(groups) < MIN_GROUPS:
        raise InputError(f"file_pattern: expected {MIN_GROUPS} groups and more, got {len(groups)}: {', '.join(groups)}")
    rest = clips.select([index for index, group in enumerate(clips.groups) if group != test_group])
    sides = [split_sides(rest, (group,)) for group in groups if group != test_group]
    return {
        name: float(np.mean([_accuracy(config, *side, level, draw) for side in sides for draw in range(draws)]))
        for name, config in settings.items()
    }


def outer_accuracies(
    clips: ClipSet, test_group: str, level: int, draws: int, config: ClassifierConfig
) -> tuple[list[float], list[float]]:
    """Accuracies on `test_group` of the classifier and of the yardstick, both on the same subsets, one per draw."""
    train, test = split_sides(clips, (test_group,))
    classifier = [_accuracy(config, train, test, level, draw) for draw in range(draws)]
    yardstick = [yardstick_accuracy(choose_subset(train, level, draw), test) for draw in range(draws)]
    return classifier, yardstick


def nested_rows(
    clips: ClipSet, levels: tuple[int, ...], choice_level: int, draws: int, base: ClassifierConfig
) -> Iterator[dict]:
    """Yields a row per test group: what was chosen, and the accuracies per level that followed from the choice."""
    for group in sorted(set(clips.groups)):
        settings = candidates(base)
        inner = inner_accuracies(clips, group, choice_level, draws=1, settings=settings)
        chosen = max(inner, key=lambda name: inner[name])
        for level in levels:
            classifier, yardstick = outer_accuracies(clips, group, level, draws, settings[chosen])
            yield {
                "group": group,
                "level": level,
                "chosen": chosen,
                "inner_accuracies": inner,
                "classifier": classifier,
                "yardstick": yardstick,
            }


def _accuracy(config: ClassifierConfig, train: ClipSet, test: ClipSet, level: int, draw: int) -> float:
    subset = choose_subset(train, level, draw)
    config = dataclasses.replace(config, trial_seed=config.trial_seed + draw)
    # Per clip, whatever the configuration decides: so is the yardstick's.
    return train_classifier(config, subset, test, None).result["accuracy_per_clip"]
