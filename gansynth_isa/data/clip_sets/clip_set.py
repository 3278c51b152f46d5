"""Clips with their features and what is known about each."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np


@dataclass(frozen=True)
class ClipSet:
    """Clips and what is known about each.

    Attributes:
      spectrograms: float32 (clips, frames, mel_bins, channels), not normalised: natural logarithm of power, or what
        another `data_type` makes of a clip; may lie on disk (a `numpy.memmap`), so that what reads it batch by batch
        needs the memory of a batch.
      labels: int32 (clips,), index into `class_names`.
      class_names: sorted names of all classes of the data set, also of those without a clip here.
      recordings: per clip, the recording's path relative to the data folder.
      groups: per clip, the group that must stay on one side of a split.
      splits: per clip, 'train', 'test' or None.
      digests: path of every recording used here -> SHA-256 of its bytes, hexadecimal.
      num_ignored: files of the data folder that did not match the file pattern.
      clip_ids: per clip, a name that stays the same whatever else is read. Default: the recording's path and
        the clip's place among the clips of that recording.
      is_guessed: bool (clips,), where the class of a clip is a guess; None where all are known.
      warnings: what would make a result of these recordings worthless, a line each; see `recordings.pitfalls`.
    """

    spectrograms: np.ndarray
    labels: np.ndarray
    class_names: tuple[str, ...]
    recordings: tuple[str, ...]
    groups: tuple[str, ...]
    splits: tuple[str | None, ...]
    digests: dict[str, str] = field(repr=False)
    num_ignored: int = 0
    clip_ids: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    is_guessed: np.ndarray | None = None

    def __post_init__(self) -> None:
        if not self.clip_ids:
            seen: Counter[str] = Counter()
            names = []
            for path in self.recordings:
                names.append(f"{path}#{seen[path]}")
                seen[path] += 1
            object.__setattr__(self, "clip_ids", tuple(names))
        lengths = {len(self.spectrograms), len(self.labels), len(self.recordings), len(self.groups), len(self.splits)}
        if lengths != {len(self.clip_ids)}:
            raise ValueError(f"ClipSet: expected as many of each as there are clips, got {sorted(lengths)}")

    def __len__(self) -> int:
        return len(self.labels)

    def select(self, indices: np.ndarray | Sequence[int]) -> "ClipSet":
        """The clips at `indices` (integers, in the order given), and the digests of their recordings.

        Neighbouring clips are not copied: the selection shares the features, in memory or on disk.
        """
        indices = np.asarray(indices, np.int64).reshape(-1)
        are_neighbours = len(indices) > 0 and np.array_equal(indices, np.arange(indices[0], indices[0] + len(indices)))
        chosen = slice(indices[0], indices[0] + len(indices)) if are_neighbours else indices
        recordings = tuple(self.recordings[index] for index in indices)
        used = set(recordings)
        return replace(
            self,
            spectrograms=self.spectrograms[chosen],
            labels=self.labels[indices],
            recordings=recordings,
            groups=tuple(self.groups[index] for index in indices),
            splits=tuple(self.splits[index] for index in indices),
            digests={path: digest for path, digest in self.digests.items() if path in used},
            clip_ids=tuple(self.clip_ids[index] for index in indices),
            is_guessed=None if self.is_guessed is None else self.is_guessed[indices],
        )

    def counts(self) -> dict[str, int]:
        """Class name -> number of clips, for all classes."""
        numbers = np.bincount(self.labels, minlength=len(self.class_names))
        return {name: int(number) for name, number in zip(self.class_names, numbers, strict=True)}

    def fingerprint(self) -> dict:
        """What identifies these clips, ready for JSON.

        Returns:
          'sha256' over recordings, their bytes and the clips cut from them; 'files': path -> SHA-256 of
          the file; 'clips': their ids, sorted; 'counts': class name -> clips. Where classes were guessed also
          'labelled_sha256', that of the other clips alone, and 'guessed', how many there are; 'sha256' is then over
          the guesses too.
        """
        recordings = dict(sorted(self.digests.items()))
        digest = hashlib.sha256()
        for path, file_digest in recordings.items():
            digest.update(f"{path}\n{file_digest}\n".encode(errors="surrogateescape"))
        clip_ids = sorted(self.clip_ids)
        for clip_id in clip_ids:
            digest.update(f"{clip_id}\n".encode(errors="surrogateescape"))
        found = {"sha256": digest.hexdigest(), "files": recordings, "clips": clip_ids, "counts": self.counts()}
        return found if self.is_guessed is None else self._with_guesses(found, self.is_guessed)

    def _with_guesses(self, found: dict, is_guessed: np.ndarray) -> dict:
        labelled = self.select(np.flatnonzero(~is_guessed))
        digest = hashlib.sha256(found["sha256"].encode())
        for clip_id, label in sorted(
            (self.clip_ids[index], self.labels[index]) for index in np.flatnonzero(is_guessed)
        ):
            digest.update(f"{clip_id}\n{self.class_names[label]}\n".encode(errors="surrogateescape"))
        of_labelled = replace(labelled, is_guessed=None).fingerprint()["sha256"]
        guesses = {"labelled_sha256": of_labelled, "guessed": int(is_guessed.sum())}
        return {**found, "sha256": digest.hexdigest(), **guesses}
