"""Linear maps of log-mel values onto the range of the generator's output, and back."""

from dataclasses import dataclass

import numpy as np

SIMPLE_NORMALIZER = "specgrams_simple_normalizer"
FREQUENCY_NORMALIZER = "specgrams_freq_normalizer"


@dataclass(frozen=True)
class Normalizer:
    """Maps x to `scale * x + offset`, clipped to [-1, 1].

    Attributes:
      scale: float64, (channels,) or (mel_bins, channels); 0 where the training data were constant.
      offset: float64, same shape; 0 where the training data were constant.
      constant: float64, same shape; the value that is restored where `scale` is 0, whatever was generated
        there. One mel bin of the paper's 1024 is such a bin. Unused elsewhere.
    """

    scale: np.ndarray
    offset: np.ndarray
    constant: np.ndarray

    def normalize(self, spectrograms: np.ndarray) -> np.ndarray:
        """Values in [-1, 1], float32; (..., frames, mel_bins, channels) in and out. Constant bins become 0."""
        scaled = np.asarray(spectrograms, np.float32) * self.scale.astype(np.float32)
        scaled += self.offset.astype(np.float32)
        return np.clip(scaled, -1.0, 1.0, out=scaled)

    def restore(self, normalized: np.ndarray) -> np.ndarray:
        """The inverse of `normalize` (but for what was clipped), float32, same shape."""
        is_constant = self.scale == 0.0
        divisor = np.where(is_constant, 1.0, self.scale).astype(np.float32)
        restored = (np.asarray(normalized, np.float32) - self.offset.astype(np.float32)) / divisor
        return np.where(is_constant, self.constant.astype(np.float32), restored)

    def to_dict(self) -> dict:
        """Nested lists of numbers, ready for JSON."""
        return {name: getattr(self, name).tolist() for name in ("scale", "offset", "constant")}

    @classmethod
    def from_dict(cls, values: dict) -> "Normalizer":
        """The normaliser that `to_dict` was called on."""
        return cls(**{name: np.asarray(values[name], np.float64) for name in ("scale", "offset", "constant")})


def fit_normalizer(kind: str, spectrograms: np.ndarray, margin: float) -> Normalizer:
    """The normaliser that maps the range of `spectrograms` onto [-margin, margin].

    The original divides by the range also where it is 0 (a bin that is the same in all clips); here such a
    bin is normalised to 0 and restored to its constant.

    Args:
      kind: 'specgrams_simple_normalizer', one range per channel, or 'specgrams_freq_normalizer', one per mel
        bin and channel.
      spectrograms: (clips, frames, mel_bins, channels), the training clips.
      margin: share of [-1, 1] that the training clips fill, in (0, 1]; the original's is 0.8.

    Raises:
      ValueError: unknown `kind`, or no clips.
    """
    axes = {SIMPLE_NORMALIZER: (0, 1, 2), FREQUENCY_NORMALIZER: (0, 1)}.get(kind)
    if axes is None:
        raise ValueError(f"kind: expected {SIMPLE_NORMALIZER!r} or {FREQUENCY_NORMALIZER!r}, got {kind!r}")
    if spectrograms.ndim != 4 or spectrograms.size == 0:
        raise ValueError(
            f"spectrograms: expected clips (clips, frames, mel_bins, channels), got shape {spectrograms.shape}"
        )
    lowest = spectrograms.min(axis=axes).astype(np.float64)
    highest = spectrograms.max(axis=axes).astype(np.float64)
    magnitude = np.maximum(np.abs(lowest), np.abs(highest)).astype(np.float32)
    is_constant = highest - lowest <= 2.0 * np.spacing(magnitude)  # equal but for rounding
    extent = np.where(is_constant, 1.0, highest - lowest)
    scale = np.where(is_constant, 0.0, 2.0 * margin / extent)
    offset = np.where(is_constant, 0.0, -margin - scale * lowest)
    return Normalizer(scale=scale, offset=offset, constant=lowest)
