"""Measures synthetic clips with all instruments."""

from collections.abc import Callable

import numpy as np

from gansynth_isa.classifiers.classifier import Classifier
from gansynth_isa.config import ClassifierConfig
from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.data.clip_sets.synthetic_clips import SyntheticClips
from gansynth_isa.errors import InputError
from gansynth_isa.evaluation.instruments.embedding import embedding_of
from gansynth_isa.evaluation.instruments.instruments import Instruments
from gansynth_isa.evaluation.instruments.kernel_distances import (
    KernelDistances,
    kernel_distances,
    no_kernel_distances,
)
from gansynth_isa.evaluation.instruments.usefulness import Usefulness, as_clip_set, measure_usefulness
from gansynth_isa.measures.clip_statistics import ClipStatistics
from gansynth_isa.measures.nearest import NearestClips, memorisation
from gansynth_isa.measures.onsets import onset_ratios
from gansynth_isa.measures.per_class import PerClass
from gansynth_isa.measures.spectra import class_means, spread
from gansynth_isa.measures.texture import deviation_over_time, grain

DEFAULT_TRIALS = 2


def measure_instruments(
    seen: ClipSet,
    held_out: ClipSet,
    synthetic: SyntheticClips,
    classifier: ClassifierConfig,
    trials: int = DEFAULT_TRIALS,
    on_trained: Callable[[], None] | None = None,
) -> Instruments:
    """Measures synthetic clips of any kind of generator.

    Class means, spread, grain, deviation over time and onsets are relative to the clips that the generator saw;
    usefulness, kernel distance and memorisation need clips that it did not see.

    Args:
      seen: the clips that the generator was trained on, of one class or more.
      held_out: real clips that it was not, from other recordings; may be none. While anything is still to be
        chosen they must not be of the test side.
      synthetic: what it generated.
      classifier: of usefulness and embedding: the same network and steps on synthetic and on real clips. Its method
        does not count.
      trials: classifiers of each, 0 or more; without one there are no usefulness and no kernel distance.
      on_trained: called after each classifier; there are two a trial.

    Returns:
      The numbers; what could not be measured is None, and the notes say why.

    Raises:
      InputError: no clips of the training or synthetic ones, or clips of different classes or shapes.
    """
    _check_clips(seen, held_out, synthetic)
    clips = as_clip_set(synthetic, seen.class_names)
    real, made = _statistics(seen), _statistics(clips)
    useful, kernels, notes = _by_classifiers(seen, held_out, clips, classifier, trials, on_trained)
    measured = {
        "class_means": class_means(real, made),
        "spread": spread(real, made),
        "grain": grain(real, made),
        "deviation_over_time": deviation_over_time(real, made),
        "memorisation": _memorisation(seen, held_out, clips),
    }
    onsets = onset_ratios(real, made)
    notes += [_note(name.replace("_", " "), values) for name, values in (*measured.items(), ("onsets", onsets.number))]
    return Instruments(
        usefulness=useful, kernel_distance=kernels, onsets=onsets, notes=tuple(filter(None, notes)), **measured
    )


def _check_clips(seen: ClipSet, held_out: ClipSet, synthetic: SyntheticClips) -> None:
    if not len(seen) or not len(synthetic):
        raise InputError(f"instruments: expected training and synthetic clips, got {len(seen)} and {len(synthetic)}")
    if held_out.class_names != seen.class_names:
        raise InputError(
            f"instruments: expected held-out clips of {', '.join(seen.class_names)}, "
            f"got {', '.join(held_out.class_names)}"
        )
    shape = seen.spectrograms.shape[1:]
    if synthetic.spectrograms.shape[1:] != shape:
        raise InputError(f"instruments: expected clips of shape {shape}, got {synthetic.spectrograms.shape[1:]}")
    if not set(synthetic.class_names) & set(seen.class_names):
        raise InputError(
            f"instruments: expected classes among {', '.join(seen.class_names)}, got {', '.join(synthetic.class_names)}"
        )


def _by_classifiers(
    seen: ClipSet,
    held_out: ClipSet,
    clips: ClipSet,
    config: ClassifierConfig,
    trials: int,
    on_trained: Callable[[], None] | None,
) -> tuple[Usefulness | None, KernelDistances, list[str]]:
    """What classifiers are trained for, and why it could not be measured."""
    useless = _why_no_classifier(seen, held_out, clips, trials)
    if useless:
        return None, no_kernel_distances(seen.class_names), [f"usefulness and kernel distance: {useless}"]
    useful, judge = measure_usefulness(seen, held_out, clips, config, trials, on_trained)
    kernels = _kernel_distances(judge, held_out, clips)
    if kernels is None:
        return useful, no_kernel_distances(seen.class_names), ["kernel distance: the classifier is no network"]
    return useful, kernels, []


def _why_no_classifier(seen: ClipSet, held_out: ClipSet, clips: ClipSet, trials: int) -> str:
    """What is missing to train classifiers; empty where nothing is."""
    if trials < 1:
        return "expected a trial, got none"
    if not len(held_out):
        return "expected real clips that the generator did not see, got none"
    if len(seen.class_names) < 2:
        return "expected two classes, got one"
    for what, one in (("synthetic", clips), ("training", seen)):
        missing = [name for name, count in one.counts().items() if not count]
        if missing:
            return f"expected {what} clips of every class, got none of {', '.join(missing)}"
    return ""


def _kernel_distances(judge: Classifier, held_out: ClipSet, clips: ClipSet) -> KernelDistances | None:
    embedding = embedding_of(judge)
    return None if embedding is None else kernel_distances(embedding, held_out, clips)


def _memorisation(seen: ClipSet, held_out: ClipSet, clips: ClipSet) -> PerClass:
    nearest = NearestClips(seen.spectrograms, seen.recordings)
    synthetic = (nearest.find(clips.spectrograms)[0], clips.labels)
    unseen: tuple[np.ndarray, np.ndarray] | None = None
    if len(held_out):
        unseen = (nearest.find(held_out.spectrograms)[0], held_out.labels)
    return memorisation(nearest, seen.labels, synthetic, seen.class_names, unseen)


def _statistics(clips: ClipSet) -> ClipStatistics:
    return ClipStatistics.of(clips.spectrograms, clips.labels, clips.class_names)


def _note(name: str, values: PerClass) -> str:
    if not values.why_not:
        return ""
    missing = [class_name for class_name, value in values.per_class.items() if value is None]
    return f"{name} of {', '.join(missing)}: {values.why_not}"
