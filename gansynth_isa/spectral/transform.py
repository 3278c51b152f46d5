"""The transform of each data type."""

from gansynth_isa.config import FeatureConfig
from gansynth_isa.spectral.features import LogMel
from gansynth_isa.spectral.phase import MagnitudeAndPhase


def make_transform(features: FeatureConfig, sample_rate: int) -> LogMel | MagnitudeAndPhase:
    """What turns waveforms (batch, samples) into clips (batch, frames, mel_bins, channels) of the data type.

    Args:
      features: with `frames` known.
      sample_rate: of the waveforms, in Hz.
    """
    sizes = (features.fft_length, features.hop_length, features.mel_bins, features.shape[0], sample_rate)
    return LogMel(*sizes) if features.data_type == "log_mel" else MagnitudeAndPhase(features.data_type, *sizes)
