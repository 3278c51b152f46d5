"""Unlabelled clips as further training clips, their classes guessed by a linear discriminant of the labelled ones."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from gansynth_isa.classifiers.classifier import PREDICTION_BATCH
from gansynth_isa.classifiers.discriminant import learn_lda
from gansynth_isa.config import ClassifierConfig
from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.data.clip_sets.unlabelled import UnlabelledClips
from gansynth_isa.errors import InputError
from gansynth_isa.methods import LDA


def with_guesses(labelled: ClipSet, pool: UnlabelledClips, report: Callable[[str], None] | None = None) -> ClipSet:
    """The labelled clips, and behind them those of the pool, each of the class that it is guessed to be of.

    Guesses are those of shrunk linear discriminant analysis, all classes being equally probable. From a handful of
    clips it is right more often than a network. What learns from them is another model, with errors of its own: a
    network that learns from its own guesses is only made surer of them.

    Args:
      labelled: training clips.
      pool: clips of the same features, of none of the test recordings.
      report: gets a line that says how many were found of each class; None: nobody.

    Raises:
      UnfitClips: no class has two labelled clips, or they do not differ within any class.
      InputError: a clip or recording of the pool bears the name of another one that is labelled.
    """
    _check_names(labelled, pool)
    learner = learn_lda(ClassifierConfig(method=LDA, class_balance="balanced"), labelled).classifier
    parts = [
        learner.probabilities(np.asarray(pool.spectrograms[start : start + PREDICTION_BATCH])).argmax(axis=1)
        for start in range(0, len(pool), PREDICTION_BATCH)
    ]
    guesses = np.concatenate(parts).astype(np.int32)
    if report is not None:
        report(f"guessed classes of unlabelled clips: {_counted(guesses, labelled.class_names)}")
    return _joined(labelled, pool, guesses)


def _check_names(labelled: ClipSet, pool: UnlabelledClips) -> None:
    """Clips are known by their names, and recordings by their paths: one name for two things would hide one."""
    clashes = set(labelled.clip_ids) & set(pool.clip_ids)
    clashes |= {path for path, digest in pool.digests.items() if labelled.digests.get(path, digest) != digest}
    if clashes:
        raise InputError(f"unlabelled: expected other names than those of labelled recordings, got {min(clashes)}")


def _counted(guesses: np.ndarray, class_names: tuple[str, ...]) -> str:
    counts = np.bincount(guesses, minlength=len(class_names))
    return ", ".join(f"{count} {name}" for name, count in zip(class_names, counts, strict=True))


def _joined(labelled: ClipSet, pool: UnlabelledClips, guesses: np.ndarray) -> ClipSet:
    none = (None,) * len(pool)
    return replace(
        labelled,
        spectrograms=np.concatenate([labelled.spectrograms, pool.spectrograms]),
        labels=np.concatenate([labelled.labels, guesses]),
        recordings=(*labelled.recordings, *pool.recordings),
        groups=(*labelled.groups, *pool.recordings),  # nobody knows those of a pool
        splits=(*labelled.splits, *none),
        digests=labelled.digests | pool.digests,
        clip_ids=(*labelled.clip_ids, *pool.clip_ids),
        is_guessed=np.repeat([False, True], [len(labelled), len(pool)]),
    )
