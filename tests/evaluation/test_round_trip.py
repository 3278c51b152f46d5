"""Spectral convergence by hand, and the order in which data types keep a sound."""

import numpy as np
import pytest

from gansynth_isa.config import FeatureConfig
from gansynth_isa.evaluation.round_trip import kinds_of_features, round_trip, spectral_convergence

FEATURES = FeatureConfig(fft_length=256, hop_length=64, mel_bins=32, frames=64)


def noise():
    return np.random.default_rng(0).normal(0.0, 0.1, (3, 4000)).astype(np.float32)


def test_spectral_convergence_is_0_for_the_same_1_for_silence_and_the_change_of_level_otherwise():
    waveform = noise()[0]
    for found, expected in ((waveform, 0.0), (-waveform, 0.0), (0.0 * waveform, 1.0), (1.25 * waveform, 0.25)):
        assert spectral_convergence(waveform, found, 256, 64) == pytest.approx(expected, abs=1e-6)


def test_kinds_of_features_are_those_that_can_be():
    kinds = [(kind.data_type, kind.mel_bins) for kind in kinds_of_features(FEATURES)]
    assert kinds == [
        ("log_mel", 32), ("log_mel", 128), ("mel", 32), ("mel", 128), ("linear", 128), ("phase", 128)
    ]  # fmt: skip


def test_round_trip_loses_little_by_phase_some_by_bands_and_most_by_phases_of_bands():
    means = {}
    for kind in kinds_of_features(FEATURES):
        measured = round_trip(noise(), kind, 16000)
        assert measured.convergence.shape == (3,)
        means[kind.data_type, kind.mel_bins] = measured.convergence.mean()
    assert means["linear", 128] == pytest.approx(means["phase", 128], abs=1e-3)
    assert means["linear", 128] < 0.2 < means["log_mel", 32]
    assert means["log_mel", 128] < means["log_mel", 32] < means["mel", 32] < 1.1


def test_round_trip_of_clips_longer_than_the_frames_counts_what_the_frames_cover():
    measured = round_trip(noise(), FeatureConfig("linear", 256, 64, 128, frames=16), 16000)
    assert measured.convergence.max() < 0.5  # a third of these samples lies where sound fades
