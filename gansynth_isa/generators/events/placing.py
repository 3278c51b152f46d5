"""When impacts happen in a clip and how loud they are, and impacts added to backgrounds.

Numbers, spacings and levels are those of one training clip of the class, begun when another one begins: a bootstrap
that keeps what belongs together. A quiet impact is another than a loud one, so that of a few impacts that are made that
one is placed whose level is nearest.
"""

from dataclasses import dataclass

import numpy as np

from gansynth_isa.config import FeatureConfig
from gansynth_isa.generators.events.impacts import Impacts, level_of

NONE = -1  # in the place of a frame


@dataclass(frozen=True)
class Patterns:
    """Impacts of n training clips, at most m in each.

    Attributes:
      frames: int32 (n, m), of the onsets, rising; NONE behind the last.
      levels: float32 (n, m), natural logarithm of power, see `impacts.level_of`.
    """

    frames: np.ndarray
    levels: np.ndarray

    @classmethod
    def of(cls, impacts: Impacts, num_clips: int) -> "Patterns":
        """The patterns of the clips that impacts were cut out of."""
        most = int(np.bincount(impacts.clips, minlength=num_clips).max(initial=0))
        frames, levels = np.full((num_clips, most), NONE, np.int32), np.zeros((num_clips, most), np.float32)
        for clip in np.unique(impacts.clips):
            own = impacts.clips == clip
            frames[clip, : own.sum()], levels[clip, : own.sum()] = impacts.frames[own], impacts.levels[own]
        return cls(frames, levels)

    def begun_with(self, clips: np.ndarray, others: np.ndarray, num_frames: int) -> "Patterns":
        """The patterns of `clips` (k,), moved to begin with those of `others` (k,); what leaves the clip is dropped.

        A pattern stays where the other clip has no impact.
        """
        frames, starts = self.frames[clips], self.frames[others]
        moved = frames + np.where(starts[:, :1] == NONE, 0, starts[:, :1] - frames[:, :1])
        is_there = (frames != NONE) & (moved < num_frames)
        return Patterns(np.where(is_there, moved, NONE).astype(np.int32), self.levels[clips])


def nearest_in_level(levels: np.ndarray, patterns: Patterns) -> np.ndarray:
    """(k, m) which of c candidates has the level nearest to a pattern's.

    Args:
      levels: (k, m, c), natural logarithm of power, see `impacts.level_of`.
      patterns: of k clips.
    """
    return np.abs(levels - patterns.levels[..., np.newaxis]).argmin(axis=2)


def with_impacts(
    backgrounds: np.ndarray, patterns: Patterns, impacts: np.ndarray, features: FeatureConfig
) -> np.ndarray:
    """Backgrounds with impacts, whose powers add up.

    Args:
      backgrounds: float32 (k, frames, mel_bins), natural logarithm of power.
      patterns: when and how loud, of k clips.
      impacts: (k, m, length, mel_bins), natural logarithm of power without a floor; brought to the patterns' levels.
      features: of the clips.

    Returns:
      float32 (k, frames, mel_bins).
    """
    clips = backgrounds.astype(np.float64)
    placed = impacts + (patterns.levels - level_of(impacts, features))[..., np.newaxis, np.newaxis]
    for clip, place in np.argwhere(patterns.frames != NONE):
        part = clips[clip, patterns.frames[clip, place] :][: placed.shape[2]]
        part[...] = np.logaddexp(part, placed[clip, place, : len(part)])
    return clips.astype(np.float32)
