"""Which clips are left out in turn, where a setting follows from clips that were not fitted to."""

from collections.abc import Iterator

import numpy as np

MAX_FOLDS = 5


def folds(labels: np.ndarray, recordings: np.ndarray, max_folds: int = MAX_FOLDS) -> Iterator[np.ndarray]:
    """Masks of the clips to leave out; recordings are dealt out in turn, class after class.

    Args:
      labels: (n,) class indices.
      recordings: (n,) whose clip each is; clips of one are left out together.
      max_folds: most rounds, from 1 on.

    Yields:
      bool (n,); every clip is left out once.
    """
    first_label: dict[str | int, int] = {}
    for recording, label in zip(recordings, labels, strict=True):
        first_label.setdefault(recording, label)
    order = sorted(first_label, key=lambda recording: (first_label[recording], recording))
    num_folds = min(max_folds, len(order))
    fold_of = {recording: place % num_folds for place, recording in enumerate(order)}
    fold_numbers = np.array([fold_of[recording] for recording in recordings])
    return (fold_numbers == fold for fold in range(num_folds))
