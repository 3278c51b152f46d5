"""Clips whose class nobody is told: the rest of a training side, or a folder of recordings."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, field, replace

import numpy as np

from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.errors import InputError

# What an unlabelled clip has in common with no labelled one.
APART_BY_GROUP, APART_BY_RECORDING, APART_BY_CLIP, OF_A_FOLDER = "group", "recording", "clip", "folder"
_TEXTS = {
    APART_BY_GROUP: "none of a recording or group with labelled clips",
    APART_BY_RECORDING: "of groups with labelled clips too, which are all that there are, but of other recordings",
    APART_BY_CLIP: "of recordings with labelled clips too, which are all that there are",
    OF_A_FOLDER: "none of a labelled recording",
}


@dataclass(frozen=True)
class UnlabelledClips:
    """Clips without their classes.

    Attributes:
      spectrograms: float32 (clips, frames, mel_bins, channels), in the units of the features; may lie on disk.
      clip_ids: per clip, its name, see `ClipSet`.
      recordings: per clip, the path of its recording.
      digests: path of every recording -> SHA-256 of its bytes, hexadecimal.
      apart: what tells them from the labelled clips: 'group' (and recording), 'recording', 'clip', or 'folder': they
        are of other recordings, whose groups nobody knows.
    """

    spectrograms: np.ndarray
    clip_ids: tuple[str, ...]
    recordings: tuple[str, ...]
    digests: dict[str, str] = field(repr=False)
    apart: str = APART_BY_GROUP

    def __len__(self) -> int:
        return len(self.clip_ids)

    @classmethod
    def of(cls, clips: ClipSet, apart: str = APART_BY_GROUP) -> "UnlabelledClips":
        """Clips without what is known of their classes."""
        return cls(clips.spectrograms, clips.clip_ids, clips.recordings, clips.digests, apart)

    def without(self, digests: Collection[str]) -> "UnlabelledClips":
        """The clips of recordings whose SHA-256 is none of these."""
        kept = {path: digest for path, digest in self.digests.items() if digest not in digests}
        chosen = np.array([path in kept for path in self.recordings], bool)
        if chosen.all():
            return self
        places = np.flatnonzero(chosen)
        return replace(
            self,
            spectrograms=self.spectrograms[places],
            clip_ids=tuple(self.clip_ids[place] for place in places),
            recordings=tuple(self.recordings[place] for place in places),
            digests=kept,
        )

    def named_in(self, folder: str) -> "UnlabelledClips":
        """The clips with `folder/` before their paths and names, to tell them from those of labelled recordings."""
        return replace(
            self,
            clip_ids=tuple(f"{folder}/{name}" for name in self.clip_ids),
            recordings=tuple(f"{folder}/{path}" for path in self.recordings),
            digests={f"{folder}/{path}": digest for path, digest in self.digests.items()},
        )

    def fingerprint(self) -> str:
        """SHA-256 over the recordings' bytes and the clips cut from them, hexadecimal."""
        lines = [f"{path}\n{digest}" for path, digest in sorted(self.digests.items())] + sorted(self.clip_ids)
        return hashlib.sha256("\n".join(lines).encode(errors="surrogateescape")).hexdigest()

    def about(self) -> dict:
        """How many there are, of how many recordings, and what keeps them apart, ready for JSON."""
        return {"clips": len(self), "recordings": len(self.digests), "apart": self.apart}

    def text(self) -> str:
        """How many there are, and how they are kept apart from the labelled ones, to read."""
        return f"{len(self):,} unlabelled clips, {_TEXTS[self.apart]}"


def pool_of(train: ClipSet, labelled: ClipSet) -> UnlabelledClips:
    """The clips of a training side that are not labelled.

    Those of recordings and groups with labelled clips are left out. Where nothing is left then, those of recordings
    with labelled clips are left out, and where that leaves nothing, the labelled clips alone.

    Args:
      train: the whole training side.
      labelled: a part of it.

    Raises:
      InputError: every clip is labelled.
    """
    groups, recordings, clip_ids = set(labelled.groups), set(labelled.recordings), set(labelled.clip_ids)
    is_other_recording = np.array([path not in recordings for path in train.recordings], bool)
    is_other_group = np.array([group not in groups for group in train.groups], bool)
    is_other_clip = np.array([name not in clip_ids for name in train.clip_ids], bool)
    for apart, chosen in (
        (APART_BY_GROUP, is_other_group & is_other_recording),
        (APART_BY_RECORDING, is_other_recording),
        (APART_BY_CLIP, is_other_clip),
    ):
        if chosen.any():
            return UnlabelledClips.of(train.select(np.flatnonzero(chosen)), apart)
    raise InputError(
        f"unlabelled: expected clips of the training side without a label, but all {len(train)} are labelled; take "
        "fewer of them, or give --unlabelled_dir"
    )


def check_unlabelled(unlabelled: UnlabelledClips, train: ClipSet, test: ClipSet) -> None:
    """Refuses clips of another shape, no clips, and recordings that are also on the test side, by their content.

    Args:
      unlabelled: the clips.
      train: the labelled ones.
      test: the test side.

    Raises:
      InputError: names the first such recording and says how many there are.
    """
    if len(unlabelled) == 0:
        raise InputError("unlabelled: expected one unlabelled clip or more, got none")
    if unlabelled.spectrograms.shape[1:] != train.spectrograms.shape[1:]:
        raise InputError(
            f"unlabelled: expected clips of shape {train.spectrograms.shape[1:]}, "
            f"got {unlabelled.spectrograms.shape[1:]}"
        )
    tested = {digest: path for path, digest in test.digests.items()}
    seen = sorted(path for path, digest in unlabelled.digests.items() if digest in tested)
    if seen:
        more = f", and {len(seen) - 1} more" if len(seen) > 1 else ""
        raise InputError(
            f"unlabelled: expected no recording of the test side, but {seen[0]} is the test recording "
            f"{tested[unlabelled.digests[seen[0]]]}{more}"
        )
