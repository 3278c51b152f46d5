"""Speed of log-mel features against librosa."""

from collections.abc import Callable
from typing import Any

import librosa
import numpy as np

from gansynth_isa.checks.benchmark.ceiling import Ceiling
from gansynth_isa.checks.benchmark.measuring import Effort, measure
from gansynth_isa.checks.benchmark.rows import Row
from gansynth_isa.data.clip_sets.loading import FEATURE_BATCH_SAMPLES
from gansynth_isa.data.clip_sets.pipeline import feature_batches
from gansynth_isa.derived import clip_samples
from gansynth_isa.generators.gansynth.config import GanConfig
from gansynth_isa.spectral.features import LogMel


def features_row(name: str, config: GanConfig, effort: Effort) -> Row:
    """Clips to log-mel features: by the pipeline that reads a data set, files aside, and by librosa clip by clip.

    Details: seconds of audio per second of both, at the same settings; of librosa also with its mel matrix made
    once instead of for every clip.
    """
    num_samples = clip_samples(config.data)
    clip = np.random.default_rng(0).uniform(-1, 1, num_samples).astype(np.float32)
    ceiling = Ceiling("float32")
    measured = measure(_pipeline(config, clip), ceiling, effort)
    reference = measure(_librosa(config, clip), ceiling, effort)
    matrix_once = measure(_librosa_matrix_once(config, clip), ceiling, effort)
    clip_s = num_samples / config.data.sample_rate
    return Row(
        name=name,
        blocks=None,
        growing=False,
        precision="float32",
        images_per_s=measured.images_per_s,
        gflops=None,
        share_of_ceiling=None,
        peak_rss_mib=measured.peak_rss_mib,
        details={
            "audio_s_per_s": measured.images_per_s * clip_s,
            "librosa_audio_s_per_s": reference.images_per_s * clip_s,
            "librosa_matrix_once_audio_s_per_s": matrix_once.images_per_s * clip_s,
        },
    )


def _pipeline(config: GanConfig, clip: np.ndarray) -> Callable[[int], int]:
    """Turns so many batches of the clip into features; returns the number of clips."""
    features = config.features
    batch_size = max(1, FEATURE_BATCH_SAMPLES // len(clip))
    frames, mel_bins, _ = features.shape
    log_mel = LogMel(features.fft_length, features.hop_length, mel_bins, frames, config.data.sample_rate)

    def run(num_batches: int) -> int:
        num_clips = num_batches * batch_size
        return sum(map(len, feature_batches(iter([clip] * num_clips), log_mel, batch_size)))

    return run


def _librosa(config: GanConfig, clip: np.ndarray) -> Callable[[int], int]:
    """Turns the clip into features so many times; returns that number."""
    features = config.features
    settings: dict[str, Any] = {  # of the method and of those that it calls
        "n_fft": features.fft_length,
        "hop_length": features.hop_length,
        "n_mels": features.mel_bins,
    }

    def run(num_clips: int) -> int:
        for _ in range(num_clips):
            librosa.feature.melspectrogram(y=clip, sr=config.data.sample_rate, htk=True, **settings)
        return num_clips

    return run


def _librosa_matrix_once(config: GanConfig, clip: np.ndarray) -> Callable[[int], int]:
    """The same as `_librosa` from its parts, without making the mel matrix anew for every clip."""
    features = config.features
    matrix = librosa.filters.mel(
        sr=config.data.sample_rate, n_fft=features.fft_length, n_mels=features.mel_bins, htk=True
    )

    def run(num_clips: int) -> int:
        for _ in range(num_clips):
            spectrum = librosa.stft(clip, n_fft=features.fft_length, hop_length=features.hop_length)
            matrix @ np.abs(spectrum) ** 2
        return num_clips

    return run
