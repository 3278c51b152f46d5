"""Finds clips of the same content, whatever their files are called and however these were written."""

import numpy as np

# Correlation of what is left of two clips without their mean spectra: only such pairs are looked at closely.
LEAST_CORRELATION = 0.95
# Median of how far two clips differ without their mean spectra, natural logarithm of power. Copies that are 20 dB
# quieter, or have 12 bits, differ by 0.06 at most; the most alike of different clips of bulk_material, building_impacts
# and simulated balls differ by 0.26.
LARGEST_DIFFERENCE = 0.1
CANDIDATES = 3  # that a clip is compared with closely, of ROWS_AT_ONCE others
ROWS_AT_ONCE = 256
MIN_DEVIATION = 1e-3  # natural logarithm of power: digital silence has no texture that could be compared
ABOVE_SILENCE = 0.1  # the same unit: values nearer to the least of a clip are silence
MIN_VALUES = 16  # that are sound in both clips


def same_clips(clips: np.ndarray, others: np.ndarray) -> list[tuple[int, int]]:
    """Pairs of clips with the same content.

    Each clip is compared without its mean spectrum, so that neither its level nor a filter hides where it comes from.
    What is left has the grain of one recording, which another recording does not repeat, be the sound ever so steady or
    the impact at the same time.

    Args:
      clips: (n, frames, mel_bins, channels), natural logarithm of power in the first channel.
      others: (m, frames, mel_bins, channels), perhaps on disk.

    Returns:
      (index into `clips`, index into `others`) for each of `clips` that is among `others`, with the first of these.
    """
    if not len(clips) or not len(others):
        return []
    found: dict[int, int] = {}
    is_heard = np.ptp(clips[..., 0], axis=2).max(axis=0) > MIN_DEVIATION  # the padding of short clips is common to all
    if not is_heard.any():
        return []
    for start in range(0, len(clips), ROWS_AT_ONCE):
        some = _magnitudes(clips[start : start + ROWS_AT_ONCE], is_heard)
        for other_start in range(0, len(others), ROWS_AT_ONCE):
            other = _magnitudes(others[other_start : other_start + ROWS_AT_ONCE], is_heard)
            for row, place in _pairs(some, other):
                found.setdefault(start + row, other_start + place)
    return sorted(found.items())


def _magnitudes(clips: np.ndarray, is_heard: np.ndarray) -> np.ndarray:
    """float32 (n, frames that are heard, mel_bins)."""
    return np.asarray(clips[..., 0], np.float32)[:, is_heard]


def _pairs(some: np.ndarray, others: np.ndarray) -> list[tuple[int, int]]:
    """(row, place) of the same clips."""
    correlations = _textures(some) @ _textures(others).T
    nearest = np.argsort(-correlations, axis=1, kind="stable")[:, :CANDIDATES]
    return [
        (row, int(place))
        for row in range(len(some))
        for place in nearest[row]
        if correlations[row, place] >= LEAST_CORRELATION and _is_same(some[row], others[place])
    ]


def _textures(magnitudes: np.ndarray) -> np.ndarray:
    """float32 (n, frames * mel_bins), each of length 1, or 0 where there is no texture."""
    rows = (magnitudes - magnitudes.mean(axis=1, keepdims=True)).reshape(len(magnitudes), -1)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    has_texture = lengths >= MIN_DEVIATION * np.sqrt(rows.shape[1])
    return np.where(has_texture, rows / np.maximum(lengths, 1e-12), np.float32(0.0))


def _is_same(one: np.ndarray, other: np.ndarray) -> bool:
    """Whether two clips (frames, mel_bins) differ by a constant in each bin, where both are sound."""
    is_sound = (one > one.min() + ABOVE_SILENCE) & (other > other.min() + ABOVE_SILENCE)
    counts = is_sound.sum(axis=0)
    is_sound &= counts >= 2  # of one value nothing is left without its mean
    if is_sound.sum() < MIN_VALUES:
        return False
    difference = np.where(is_sound, one - other, 0.0)
    centred = difference - difference.sum(axis=0) / np.maximum(counts, 1)
    return float(np.median(np.abs(centred[is_sound]))) <= LARGEST_DIFFERENCE
