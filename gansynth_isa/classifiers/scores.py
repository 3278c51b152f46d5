"""How right a classifier is on a test side: per clip, per file, per class."""

from collections.abc import Sequence

import numpy as np

_ACCURACY_OF_DECISION = {"clip": "accuracy_per_clip", "recording": "accuracy_per_file"}


def confusion_matrix(labels: np.ndarray, predictions: np.ndarray, num_classes: int) -> np.ndarray:
    """int64 (classes, classes): row is the true class, column the predicted one."""
    matrix = np.zeros((num_classes, num_classes), np.int64)
    np.add.at(matrix, (labels, predictions), 1)
    return matrix


def recall_per_class(matrix: np.ndarray, class_names: Sequence[str]) -> dict[str, float | None]:
    """Class name -> share of its clips that were recognised; None for a class without a clip."""
    totals = matrix.sum(axis=1)
    return {
        name: float(matrix[index, index] / totals[index]) if totals[index] else None
        for index, name in enumerate(class_names)
    }


def precision_per_class(matrix: np.ndarray, class_names: Sequence[str]) -> dict[str, float | None]:
    """Class name -> share of the clips taken for it that are of it; None for a class that no clip was taken for."""
    return recall_per_class(matrix.T, class_names)


def mean_recall(matrix: np.ndarray) -> float | None:
    """Mean of the recalls of all classes with a clip, which weigh the same however many they have; None without one.

    Also called balanced accuracy.
    """
    totals = matrix.sum(axis=1)
    present = totals > 0
    return float(np.mean(matrix.diagonal()[present] / totals[present])) if present.any() else None


def mean_per_file(
    probabilities: np.ndarray, labels: np.ndarray, recordings: Sequence[str]
) -> tuple[np.ndarray, np.ndarray]:
    """Decisions of a file are the mean of its clips.

    Args:
      probabilities: (clips, classes).
      labels: (clips,).
      recordings: per clip, its file.

    Returns:
      (files, classes) mean probabilities and (files,) labels, files sorted by name.
    """
    _, first, file_of_clip = np.unique(np.asarray(recordings), return_index=True, return_inverse=True)
    sums = np.zeros((len(first), probabilities.shape[1]))
    np.add.at(sums, file_of_clip, probabilities)
    return sums / np.bincount(file_of_clip)[:, np.newaxis], np.asarray(labels)[first]


def score(probabilities: np.ndarray, labels: np.ndarray, recordings: Sequence[str], class_names: Sequence[str]) -> dict:
    """All scores of a test side, ready for JSON.

    Args:
      probabilities: (clips, classes).
      labels: (clips,) indices into `class_names`.
      recordings: per clip, its file.
      class_names: of all classes.

    Returns:
      'accuracy_per_clip' and 'accuracy_per_file' (None without a clip); of clips too 'mean_recall', 'recall' and
      'precision' by class name, and 'confusion_matrix' (rows are true classes, in the order of `class_names`).
    """
    matrix = confusion_matrix(labels, probabilities.argmax(axis=1), len(class_names))
    per_clip, per_file = None, None
    if len(labels):
        per_clip = float(np.trace(matrix) / matrix.sum())
        file_probabilities, file_labels = mean_per_file(probabilities, labels, recordings)
        per_file = float(np.mean(file_probabilities.argmax(axis=1) == file_labels))
    return {
        "accuracy_per_clip": per_clip,
        "accuracy_per_file": per_file,
        "mean_recall": mean_recall(matrix),
        "recall": recall_per_class(matrix, class_names),
        "precision": precision_per_class(matrix, class_names),
        "confusion_matrix": matrix.tolist(),
    }


def decided_accuracy(scores: dict, decide_per: str) -> float | None:
    """The accuracy that counts, of what `score` returned.

    Args:
      scores: see `score`.
      decide_per: 'clip', or 'recording': a decision is the mean of a recording's clips.
    """
    return scores[_ACCURACY_OF_DECISION[decide_per]]
