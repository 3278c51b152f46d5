"""A quick judge of clips: what class they are likely to be of, by a model that has not seen given recordings.

Linear discriminant analysis on mean levels of bands, and on how much the level of wide bands varies over time. The
variation of narrow bands would be that of the grain, which generators often miss, and a judge of few clips takes a
wrong grain for a class; events show in wide bands too. Sums are kept, so that recordings are left out by subtraction: a
model without any of a clip's parents takes a millisecond. Shrinkage and sharpness are those under which the clips of
left-out recordings are likeliest.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gansynth_isa.classifiers.linear import MIN_DEVIATION, level_statistics
from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.errors import UnfitClips
from gansynth_isa.generators.left_out import folds

MAX_FOLDS = 20
SHRINKAGES = (0.03, 0.1, 0.3, 0.6, 1.0)  # towards a covariance without correlations
SHARPNESSES = (0.02, 0.05, 0.1, 0.2, 0.5, 1.0)  # of few clips, bands that go together count many times


@dataclass(frozen=True)
class _Discriminant:
    """Logarithms of densities, but for what all classes share: rows @ weights + biases."""

    weights: np.ndarray
    biases: np.ndarray

    def probabilities(self, rows: np.ndarray, sharpness: float) -> np.ndarray:
        """(n, classes), all classes being equally likely beforehand."""
        scores = sharpness * (rows @ self.weights + self.biases)
        scores = np.exp(scores - scores.max(axis=1, keepdims=True))
        return scores / scores.sum(axis=1, keepdims=True)


class Judge:
    """Gives probabilities of classes, by models that have not seen what they must not have seen.

    Args:
      clips: real training clips; every class has two recordings or more.

    Attributes:
      left_out: (clips, classes) probabilities of the training clips, each by a model without its recording.
      labels: (clips,) their classes.

    Raises:
      UnfitClips: a class with one recording, which cannot be left out.
    """

    def __init__(self, clips: ClipSet):
        self._num_classes, self.labels = len(clips.class_names), clips.labels
        recordings = np.array(clips.recordings, object)
        _check_recordings(clips)
        self._clips_of = {name: np.flatnonzero(recordings == name) for name in set(clips.recordings)}
        rows = level_statistics(clips.spectrograms)
        self._centre = rows.mean(axis=0)  # for precision alone
        self._rows = rows - self._centre
        self._of_class = (np.arange(self._num_classes)[:, np.newaxis] == self.labels).astype(float)  # (classes, clips)
        self._sums, self._squares = self._of_class @ self._rows, self._rows.T @ self._rows
        self._without: dict[frozenset[str], _Discriminant | None] = {}
        left_out = list(folds(self.labels, recordings, MAX_FOLDS))
        self._shrinkage, self._sharpness = self._likeliest(left_out)
        models = [(fold, self._fitted(fold, self._shrinkage)) for fold in left_out]
        self._ensemble = [model for _, model in models if model is not None]
        if not self._ensemble:
            raise UnfitClips(f"keep: expected more training clips, of two classes at least, got {len(clips)}")
        self.left_out = np.full((len(clips), self._num_classes), 1 / self._num_classes)
        for fold, model in models:
            if model is not None:
                self.left_out[fold] = model.probabilities(self._rows[fold], self._sharpness)

    def probabilities(self, spectrograms: np.ndarray, unseen: Sequence[frozenset[str]] | None = None) -> np.ndarray:
        """(n, classes) probabilities of clips (n, frames, mel_bins, channels).

        Args:
          spectrograms: the clips.
          unseen: for each clip, the recordings that its model must not have seen; None: the mean of the models with
            recordings left out in turn. Zeros where no class could be told from the others without the recordings.
        """
        rows = level_statistics(spectrograms) - self._centre
        if unseen is None:
            return np.mean([model.probabilities(rows, self._sharpness) for model in self._ensemble], axis=0)
        found = np.zeros((len(rows), self._num_classes))
        for index, names in enumerate(unseen):
            model = self._model_without(names)
            if model is not None:
                found[index] = model.probabilities(rows[index : index + 1], self._sharpness)[0]
        return found

    def _model_without(self, names: frozenset[str]) -> _Discriminant | None:
        if names not in self._without:
            left_out = [clip for name in sorted(names) for clip in self._clips_of[name]]
            self._without[names] = self._fitted(np.array(left_out, int), self._shrinkage)
        return self._without[names]

    def _fitted(self, left_out: np.ndarray, shrinkage: float) -> _Discriminant | None:
        """The model of all clips but some, a mask or indices; None where a class is lacking, or any spread within."""
        is_gone = self._of_class[:, left_out]
        counts, gone = (self._of_class.sum(axis=1) - is_gone.sum(axis=1)), self._rows[left_out]
        freedom = counts.sum() - self._num_classes
        if counts.min() == 0 or freedom < 1:
            return None
        sums = self._sums - is_gone @ gone
        means = sums / counts[:, np.newaxis]
        within = (self._squares - gone.T @ gone - sums.T @ means) / freedom
        variances = np.maximum(np.diag(within), MIN_DEVIATION**2)
        covariance = (1 - shrinkage) * within
        np.fill_diagonal(covariance, variances)
        weights = np.linalg.solve(covariance, means.T)
        return _Discriminant(weights, -0.5 * np.sum(means * weights.T, axis=1))

    def _likeliest(self, left_out: list[np.ndarray]) -> tuple[float, float]:
        """Shrinkage and sharpness; of equals those that claim least."""
        best = (-np.inf, SHRINKAGES[-1], SHARPNESSES[0])
        for shrinkage in reversed(SHRINKAGES):
            models = [(fold, model) for fold in left_out if (model := self._fitted(fold, shrinkage)) is not None]
            for sharpness in SHARPNESSES:
                likelihood = sum(self._log_likelihood(model, fold, sharpness) for fold, model in models)
                if likelihood > best[0]:
                    best = (likelihood, shrinkage, sharpness)
        return best[1:]

    def _log_likelihood(self, model: _Discriminant, fold: np.ndarray, sharpness: float) -> float:
        labels = self.labels[fold]
        wanted = model.probabilities(self._rows[fold], sharpness)[np.arange(len(labels)), labels]
        return float(np.log(np.maximum(wanted, 1e-300)).sum())


def _check_recordings(clips: ClipSet) -> None:
    for label, name in enumerate(clips.class_names):
        count = len({recording for recording, own in zip(clips.recordings, clips.labels, strict=True) if own == label})
        if count < 2:
            raise UnfitClips(
                f"keep: expected two recordings of every class at least, one of which can be left out, got {count} of "
                f"class {name!r}"
            )
