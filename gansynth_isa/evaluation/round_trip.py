"""What is lost between a recording, its features, and the sound that is made of them."""

from dataclasses import dataclass, replace

import librosa
import numpy as np

from gansynth_isa.config import DATA_TYPES, LINEAR_DATA_TYPES, FeatureConfig
from gansynth_isa.spectral.sound import SoundMaker
from gansynth_isa.spectral.transform import make_transform
from gansynth_isa.tables import markdown_head, markdown_line

CLIPS_AT_ONCE = 8


@dataclass(frozen=True)
class RoundTrip:
    """Spectral convergence of every clip for one kind of features."""

    features: FeatureConfig
    convergence: np.ndarray

    def text(self) -> str:
        """A row of the table that TABLE_HEAD begins."""
        shares = (self.convergence.mean(), self.convergence.min(), self.convergence.max())
        return markdown_line([self.features.data_type, self.features.mel_bins, *(f"{share:.3f}" for share in shares)])


TABLE_HEAD = markdown_head(["data type", "bins", "spectral convergence, mean", "best clip", "worst clip"])


def spectral_convergence(wanted: np.ndarray, found: np.ndarray, fft_length: int, hop_length: int) -> float:
    """Relative error of magnitudes: the norm of |STFT(found)| - |STFT(wanted)| over that of |STFT(wanted)|.

    0 is the same but for phases, 1 as far off as silence; both are padded with silence so that all samples count alike.

    Args:
      wanted, found: (samples,) each.
      fft_length, hop_length: in samples; the window is Hann's.
    """

    def magnitudes(sound: np.ndarray) -> np.ndarray:
        samples = np.asarray(sound, np.float64)
        return np.abs(librosa.stft(samples, n_fft=fft_length, hop_length=hop_length, center=True, pad_mode="constant"))

    expected = magnitudes(wanted)
    return float(np.linalg.norm(magnitudes(found) - expected) / np.linalg.norm(expected))


def kinds_of_features(features: FeatureConfig) -> list[FeatureConfig]:
    """The features of every data type: with the bins that were given, and with as many as the spectrum has."""
    num_linear_bins = features.fft_length // 2
    numbers = dict.fromkeys((features.mel_bins, num_linear_bins))
    return [
        replace(features, data_type=data_type, mel_bins=mel_bins)
        for data_type in DATA_TYPES
        for mel_bins in numbers
        if data_type not in LINEAR_DATA_TYPES or mel_bins == num_linear_bins
    ]


def round_trip(waveforms: np.ndarray, features: FeatureConfig, sample_rate: int) -> RoundTrip:
    """Takes clips to features and back.

    Args:
      waveforms: float32 (clips, samples), none of them silent.
      features: with `frames` known; clips longer than these are measured up to where they end.
      sample_rate: in Hz.
    """
    transform = make_transform(features, sample_rate)
    maker = SoundMaker(features, sample_rate, waveforms.shape[1])
    convergence = []
    for first in range(0, len(waveforms), CLIPS_AT_ONCE):
        batch = waveforms[first : first + CLIPS_AT_ONCE]
        for wanted, found in zip(batch, maker.waveforms(transform(batch).numpy()), strict=True):
            pair = wanted[: len(found)], found
            convergence.append(spectral_convergence(*pair, features.fft_length, features.hop_length))
    return RoundTrip(features, np.array(convergence))
