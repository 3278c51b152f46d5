"""Clips without their impacts: the frames of an impact are filled with others of the same clip."""

import numpy as np

from gansynth_isa.generators.events.impacts import SHORTEST
from gansynth_isa.generators.events.onsets import Onsets

FEWEST = 4  # frames that a whole background may be made of


def frames_without_impacts(onsets: Onsets, elevations: np.ndarray, died_away: float, window: int) -> np.ndarray:
    """bool (n, frames): recorded, and in no impact.

    An impact lasts from the first window that may hear it until the clip has come down to the background.

    Args:
      onsets: of the clips.
      elevations: (n, frames), see `impacts.elevations_of`.
      died_away: elevation of the background at most.
      window: frames in which one sample is heard.
    """
    num_frames = onsets.found.shape[1]
    is_free = np.arange(num_frames) >= onsets.padded[:, np.newaxis]
    for clip, frame in np.argwhere(onsets.found):
        after = frame + SHORTEST
        quiet_again = np.flatnonzero(elevations[clip, after:] < died_away)
        end = after + quiet_again[0] if len(quiet_again) else num_frames
        is_free[clip, max(0, frame - window + 1) : end] = False
    return is_free


def without_impacts(
    magnitudes: np.ndarray, is_free: np.ndarray, quiet: np.ndarray, onsets: Onsets, rng: np.random.Generator
) -> np.ndarray:
    """The clips with their impacts filled; those without any, and padding, stay.

    Args:
      magnitudes: (n, frames, mel_bins).
      is_free: see `frames_without_impacts`.
      quiet: see `impacts.quiet_frames`; what impacts are filled with where too few frames are without any.
      onsets: of these clips.
      rng: what chooses frames.
    """
    filled = magnitudes.copy()
    for clip in np.flatnonzero(onsets.found.any(axis=1)):
        usable = is_free[clip] if is_free[clip].sum() >= FEWEST else quiet[clip]
        missing = np.flatnonzero(~usable & (np.arange(len(usable)) >= onsets.padded[clip]))
        filled[clip, missing] = magnitudes[clip, _pieces(usable, len(missing), rng)]
    return filled


def _pieces(usable: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
    """(count,) usable frames, in pieces that follow each other as they were recorded."""
    places = np.flatnonzero(usable)
    chosen: list[int] = []
    while len(chosen) < count:
        frame = int(rng.choice(places))
        while frame < len(usable) and usable[frame]:
            chosen.append(frame)
            frame += 1
    return np.array(chosen[:count], int)
