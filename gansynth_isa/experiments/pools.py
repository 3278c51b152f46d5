"""The unlabelled clips of an experiment: what is left of a fold's training side beside a training subset.

Classifiers may learn from them (`--unlabelled`), and generators (`--guessed_clips`).
"""

from collections.abc import Iterator, Mapping

from gansynth_isa.classifiers.discriminant import check_clips_per_class
from gansynth_isa.classifiers.starting import read_starting_weights
from gansynth_isa.classifiers.supervised import make_network
from gansynth_isa.config import DataConfig
from gansynth_isa.config.unlabelled import GUESSED
from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.data.clip_sets.subset import choose_subset
from gansynth_isa.data.clip_sets.unlabelled import UnlabelledClips, check_unlabelled, pool_of
from gansynth_isa.errors import InputError
from gansynth_isa.experiments.config import ExperimentConfig
from gansynth_isa.experiments.folds import Fold


def subset_of(fold: Fold, data: DataConfig, level: int, subset_seed: int) -> ClipSet:
    """The labelled clips of a cell.

    Raises:
      InputError: a class with fewer clips.
    """
    return choose_subset(fold.train, level, subset_seed, data.clips_per_file, data.class_counts)


def pool_in(fold: Fold, subset: ClipSet, source: str) -> UnlabelledClips | None:
    """The unlabelled clips of a cell, None where `source` is 'none'.

    Raises:
      InputError: every clip is labelled, or an unlabelled recording is also on the test side.
    """
    if source == "none":
        return None
    pool = pool_of(fold.train, subset)
    check_unlabelled(pool, subset, fold.test)
    return pool


def check_sources(config: ExperimentConfig, folds: Mapping[str, Fold]) -> list[str]:
    """Checks, before anything is trained, what else classifiers learn from: unlabelled clips, weights to start from.

    Returns:
      A line per fold and level: how many unlabelled clips its subsets leave, and what keeps them apart.

    Raises:
      UnfitClips: a level of too few clips to guess the classes of others from.
      InputError: as `pool_in`; guessed clips of a folder, which grids do not know; or weights that are not there, of
        another network, or have seen a test recording.
    """
    if config.generation.guessed_clips == "folder":
        raise InputError("guessed_clips: expected none or pool in an experiment, got 'folder'")
    _check_guessing(config, folds)
    start = read_starting_weights(config.classifier)
    for fold in folds.values():
        if start is not None:
            start.put_into(make_network(config.classifier, fold.train))
            start.check_unseen(fold.test)
    return list(_pool_lines(config, folds))


def _check_guessing(config: ExperimentConfig, folds: Mapping[str, Fold]) -> None:
    """Refuses levels of too few clips to guess from, before anything is trained."""
    guessing = {
        "--guessed_clips": config.generation.guessed_clips != "none" and config.grid.needs_generators,
        "--learner=guessed": config.classifier.learner == GUESSED,
    }
    for name in (name for name, is_used in guessing.items() if is_used):
        for fold in folds.values():
            for level in config.grid.levels:
                check_clips_per_class(subset_of(fold, config.data, level, config.grid.subset_seeds[0]), name)


def _pool_lines(config: ExperimentConfig, folds: Mapping[str, Fold]) -> Iterator[str]:
    for fold in folds.values():
        for level in config.grid.levels:
            subsets = [subset_of(fold, config.data, level, seed) for seed in config.grid.subset_seeds]
            sources = sorted({config.classifier.unlabelled, config.generation.guessed_clips})
            pools = [pool_in(fold, subset, source) for source in sources for subset in subsets]
            for text in dict.fromkeys(pool.text() for pool in pools if pool is not None):
                yield f"fold {fold.name}, level {level}: {text}"
