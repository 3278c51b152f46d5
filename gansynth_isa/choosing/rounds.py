"""Which recordings are left out in turn where candidates are compared on training clips."""

import numpy as np

from gansynth_isa.data.clip_sets.clip_set import ClipSet

MAX_ROUNDS = 5


def rounds_of(clips: ClipSet) -> tuple[np.ndarray, ...]:
    """Rounds in which every clip is left out once, the clips of a group together, and no class as a whole.

    Groups are dealt out, those of the rarest classes first, each to the round that has fewest of its classes. So the
    groups of a class lie in as many rounds as can be.

    Args:
      clips: the training side.

    Returns:
      Two to `MAX_ROUNDS` masks of the clips to leave out, bool (clips,); none where a class would be left out as a
      whole, see `obstacle`.
    """
    classes_of = _classes_of_groups(clips)
    num_groups = [sum(label in labels for labels in classes_of.values()) for label in range(len(clips.class_names))]
    num_rounds = min(MAX_ROUNDS, max(num_groups))
    dealt = np.zeros((num_rounds, len(clips.class_names)), int)
    round_of = {}
    for group in sorted(classes_of, key=lambda group: (min(num_groups[label] for label in classes_of[group]), group)):
        labels = classes_of[group]
        chosen = min(range(num_rounds), key=lambda number: (dealt[number, labels].sum(), dealt[number].sum(), number))
        dealt[chosen, labels] += 1
        round_of[group] = chosen
    if (dealt == num_groups).any():  # all groups of a class in one round
        return ()
    numbers = np.array([round_of[group] for group in clips.groups])
    return tuple(numbers == number for number in range(num_rounds))


def obstacle(clips: ClipSet) -> str | None:
    """Why candidates cannot be compared on these clips, as the end of a sentence; None where they can."""
    classes_of = _classes_of_groups(clips)
    for label, name in enumerate(clips.class_names):
        count = sum(label in labels for labels in classes_of.values())
        if count < 2:
            return f"class {name!r} has {count} recording or group to train on, and comparing takes two of each class"
    return None if rounds_of(clips) else "whichever groups are left out, a class goes with them"


def _classes_of_groups(clips: ClipSet) -> dict[str, list[int]]:
    """Group -> labels of the classes that it has clips of, sorted."""
    found: dict[str, set[int]] = {}
    for group, label in zip(clips.groups, clips.labels.tolist(), strict=True):
        found.setdefault(group, set()).add(label)
    return {group: sorted(labels) for group, labels in found.items()}
