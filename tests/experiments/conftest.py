"""A tiny set of clips, in memory."""

import numpy as np
import pytest

from gansynth_isa.data.clip_set import ClipSet


@pytest.fixture
def clips() -> ClipSet:
    """3 groups x 2 classes x 4 clips of shape (4, 4, 1); class and group can be read off the values."""
    names = [(group, label, index) for group in "123" for label in (0, 1) for index in range(4)]
    recordings = tuple(f"{'ab'[label]}_{group}.wav" for group, label, _ in names)
    return ClipSet(
        log_mel=np.array([np.full((4, 4, 1), label + int(group) / 10) for group, label, _ in names], np.float32),
        labels=np.array([label for _, label, _ in names], np.int32),
        class_names=("a", "b"),
        recordings=recordings,
        groups=tuple(group for group, _, _ in names),
        splits=(None,) * len(names),
        digests={path: f"digest of {path}" for path in recordings},
    )
