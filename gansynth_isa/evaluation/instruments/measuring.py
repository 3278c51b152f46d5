"""Measures synthetic clips with all instruments."""

import dataclasses
from collections.abc import Callable

from gansynth_isa.classifiers.training import TrainedClassifier
from gansynth_isa.config import ClassifierConfig
from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.data.clip_sets.synthetic_clips import SyntheticClips
from gansynth_isa.errors import InputError
from gansynth_isa.evaluation.instruments.embedding import embedding_of
from gansynth_isa.evaluation.instruments.instruments import Instruments, missing_numbers
from gansynth_isa.evaluation.instruments.kernel_distances import (
    KernelDistances,
    kernel_distances,
    no_kernel_distances,
)
from gansynth_isa.evaluation.instruments.usefulness import (
    Usefulness,
    as_clip_set,
    compare_usefulness,
    steps_of,
    train_trials,
)
from gansynth_isa.measures.clip_statistics import ClipStatistics
from gansynth_isa.measures.comparing import compare_clips
from gansynth_isa.measures.nearest import NearestClips, memorisation
from gansynth_isa.measures.onsets import onset_ratios

DEFAULT_TRIALS = 2


class Reference:
    """Real clips to measure synthetic ones by; what follows from them alone is computed once.

    Class means, spread, grain, deviation over time and onsets are relative to `real`; usefulness, kernel distance and
    memorisation need clips that the generator did not see.

    Args:
      seen: the clips that the generator was trained on, of one class or more.
      held_out: real clips that it was not, from other recordings; may be none. While anything is still to be
        chosen they must not be of the test side.
      classifier: of usefulness and embedding: the same network and steps on synthetic and on real clips. Its method
        does not count.
      trials: classifiers of each, 0 or more; without one there are no usefulness and no kernel distance.
      real: what clips of these classes are like; where few were seen, the whole training side tells it better. Default:
        the clips seen.

    Raises:
      InputError: no clips seen, or further clips of other classes.
    """

    def __init__(
        self,
        seen: ClipSet,
        held_out: ClipSet,
        classifier: ClassifierConfig,
        trials: int = DEFAULT_TRIALS,
        real: ClipSet | None = None,
    ):
        real = seen if real is None else real
        _check_real(seen, held_out, real)
        self._seen, self._held_out, self._config, self._trials = seen, held_out, classifier, trials
        self._statistics = _statistics(real)
        self._nearest = NearestClips(seen.spectrograms, seen.recordings)
        self._unseen = (self._nearest.left_out(), seen.labels)
        if len(held_out):
            self._unseen = (self._nearest.find(held_out.spectrograms)[0], held_out.labels)
        self._classifiers: dict[int, tuple[TrainedClassifier, ...]] = {}

    def measure(self, synthetic: SyntheticClips, on_trained: Callable[[], None] | None = None) -> Instruments:
        """Measures synthetic clips of any kind of generator.

        Args:
          synthetic: what it generated.
          on_trained: called after each classifier.

        Returns:
          The numbers; what could not be measured is None, and the notes say why.

        Raises:
          InputError: no synthetic clips, or of other classes or another shape.
        """
        _check_synthetic(self._seen, synthetic)
        clips = as_clip_set(synthetic, self._seen.class_names)
        real, made = self._statistics, _statistics(clips)
        nearest = self._nearest.find(clips.spectrograms)[0]
        useful, kernels, note = self._by_classifiers(clips, on_trained)
        compared = compare_clips(real, made)
        instruments = Instruments(
            usefulness=useful,
            class_means=compared["class_means"],
            spread=compared["spread"],
            grain=compared["grain"],
            deviation_over_time=compared["deviation_over_time"],
            kernel_distance=kernels,
            memorisation=memorisation((nearest, clips.labels), self._unseen, clips.class_names),
            onsets=onset_ratios(real, made),
        )
        return dataclasses.replace(instruments, notes=(*filter(None, [note]), *missing_numbers(instruments)))

    def _by_classifiers(
        self, clips: ClipSet, on_trained: Callable[[], None] | None
    ) -> tuple[Usefulness | None, KernelDistances, str]:
        """What classifiers are trained for, and why it could not be measured."""
        seen, held_out = self._seen, self._held_out
        nothing = no_kernel_distances(seen.class_names)
        lacking = _why_no_classifier(seen, held_out, clips, self._trials)
        if lacking:
            return None, nothing, f"usefulness and kernel distance: {lacking}"
        steps = steps_of(self._config, seen, clips)
        if steps not in self._classifiers:
            self._classifiers[steps] = train_trials(self._config, seen, held_out, steps, self._trials, on_trained)
        of_real = self._classifiers[steps]
        of_synthetic = train_trials(self._config, clips, held_out, steps, self._trials, on_trained)
        useful = compare_usefulness(of_synthetic, of_real, clips)
        embedding = embedding_of(of_real[0].classifier)
        if embedding is None:
            return useful, nothing, "kernel distance: expected a classifier that is a network"
        return useful, kernel_distances(embedding, held_out, clips), ""


def measure_instruments(
    seen: ClipSet,
    held_out: ClipSet,
    synthetic: SyntheticClips,
    classifier: ClassifierConfig,
    trials: int = DEFAULT_TRIALS,
    on_trained: Callable[[], None] | None = None,
    real: ClipSet | None = None,
) -> Instruments:
    """Measures one set of synthetic clips; see `Reference`, which measures several by the same real ones."""
    return Reference(seen, held_out, classifier, trials, real).measure(synthetic, on_trained)


def _check_real(seen: ClipSet, *further: ClipSet) -> None:
    if not len(seen):
        raise InputError("instruments: expected clips that the generator saw, got none")
    for clips in further:
        if clips.class_names != seen.class_names:
            raise InputError(
                f"instruments: expected real clips of {', '.join(seen.class_names)}, got {', '.join(clips.class_names)}"
            )


def _check_synthetic(seen: ClipSet, synthetic: SyntheticClips) -> None:
    if not len(synthetic):
        raise InputError("instruments: expected synthetic clips, got none")
    shape = seen.spectrograms.shape[1:]
    if synthetic.spectrograms.shape[1:] != shape:
        raise InputError(f"instruments: expected clips of shape {shape}, got {synthetic.spectrograms.shape[1:]}")
    if not set(synthetic.class_names) & set(seen.class_names):
        raise InputError(
            f"instruments: expected classes among {', '.join(seen.class_names)}, got {', '.join(synthetic.class_names)}"
        )


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


def _statistics(clips: ClipSet) -> ClipStatistics:
    return ClipStatistics.of(clips.spectrograms, clips.labels, clips.class_names)
