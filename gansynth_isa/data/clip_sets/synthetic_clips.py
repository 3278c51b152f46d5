"""Labelled synthetic clips in memory, and how precisely they are kept."""

from dataclasses import dataclass, field

import numpy as np

from gansynth_isa.config import FeatureConfig
from gansynth_isa.errors import UnfitClips

DEFAULT_DATA_TYPE = FeatureConfig.data_type  # of clips that do not say it
IMPORTED = "imported"  # in the place of a generator's kind: clips that no generator of this project made
MAKER_HEARD = "unknown"  # what their maker had heard


@dataclass(frozen=True)
class SyntheticClips:
    """Clips of a generator, in the precision of their files.

    Attributes:
      spectrograms: float32 (clips, frames, mel_bins, channels), not normalised; rounded to float16, see `as_stored`.
        What the channels hold `data_type` says.
      labels: int32 (clips,), index into `class_names`.
      class_names: all classes that the generator knows, also those that were not generated.
      metadata: what `metadata.json` of their folder says, or would say: generator, recordings, settings, seed.
    """

    spectrograms: np.ndarray
    labels: np.ndarray
    class_names: tuple[str, ...]
    metadata: dict = field(repr=False)

    @property
    def data_type(self) -> str:
        """Which representation the clips are in, see `config.DATA_TYPES`."""
        return self.metadata.get("data_type", DEFAULT_DATA_TYPE)

    @property
    def imported_from(self) -> str | None:
        """What made clips that were imported, in its user's words; None for those of a generator."""
        if self.metadata.get("generator") != IMPORTED:
            return None
        return str(self.metadata.get("source"))

    def import_note(self) -> dict:
        """What results say of clips that were imported, ready for JSON; nothing for those of a generator."""
        if self.imported_from is None:
            return {}
        return {"imported_clips": {"source": self.imported_from, "maker_heard": MAKER_HEARD}}

    def __len__(self) -> int:
        return len(self.labels)


def as_stored(spectrograms: np.ndarray) -> np.ndarray:
    """The values that a folder of synthetic clips keeps: little-endian float16, of the same shape.

    Raises:
      UnfitClips: values that are not finite in float16.
    """
    with np.errstate(over="ignore"):  # told below
        rounded = np.asarray(spectrograms).astype("<f2")
    if not np.isfinite(rounded).all():
        raise UnfitClips("spectrograms: expected values that are finite in float16")
    return rounded
