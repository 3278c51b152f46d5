"""The folds of an experiment, and the checks that concern all of it before any training starts."""

from dataclasses import dataclass

from gansynth_isa.config import DataConfig, GridConfig
from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.data.clip_sets.subset import check_class_counts, split_sides
from gansynth_isa.errors import InputError
from gansynth_isa.experiments.trials import ONLY_FOLD


@dataclass(frozen=True)
class Fold:
    """One split of the clips; `test_groups` is what makes it where the recordings do not say their side."""

    name: str
    test_groups: tuple[str, ...]
    train: ClipSet
    test: ClipSet


def make_folds(clips: ClipSet, data: DataConfig, grid: GridConfig) -> dict[str, Fold]:
    """The folds by name: one per group with `folds=group`, otherwise the one split.

    Raises:
      InputError: a split without test clips, groups that cannot make folds, or a level above what a fold holds.
    """
    if grid.folds == "group":
        folds = _folds_by_group(clips)
    else:
        folds = [Fold(ONLY_FOLD, data.test_groups, *split_sides(clips, data.test_groups))]
    for fold in folds:
        _check_fold(fold, data, grid)
    return {fold.name: fold for fold in folds}


def _folds_by_group(clips: ClipSet) -> list[Fold]:
    if any(split is not None for split in clips.splits):
        raise InputError("folds: expected 'none' where --file_pattern gives a split, got 'group'")
    groups = sorted(set(clips.groups))
    if len(groups) < 2:
        raise InputError(f"folds: expected two groups and more for 'group', got {len(groups)}: {', '.join(groups)}")
    return [Fold(group, (group,), *split_sides(clips, (group,))) for group in groups]


def _check_fold(fold: Fold, data: DataConfig, grid: GridConfig) -> None:
    if len(fold.test) == 0:
        raise InputError("test_groups: expected a test side: a group named split, --test_groups, or --folds=group")
    counts = fold.train.counts()
    check_class_counts(counts, data.class_counts, f" in fold {fold.name!r}")
    counts = {name: count for name, count in counts.items() if name not in data.class_counts}
    for level in grid.levels:
        for class_name, count in counts.items():
            if count < level:
                raise InputError(
                    f"levels: expected at most {min(counts.values())} clips per class in fold {fold.name!r}, "
                    f"where class {class_name!r} has {count}; got {level}; give smaller --levels"
                )
