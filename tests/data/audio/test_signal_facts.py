"""Measures of how a recording was made; expected values are worked out by hand."""

import numpy as np
import pytest
import soxr

from gansynth_isa.data.audio.band_limit import band_limit_hz
from gansynth_isa.data.audio.signal_facts import MAX_LOSS_DB, measure_signal

RATE = 8000
NOISE = np.random.default_rng(0).normal(0.0, 0.1, RATE).clip(-0.9, 0.9)


def measure(*channels):
    return measure_signal(np.stack(channels, axis=1).astype(np.float32), RATE)


@pytest.mark.parametrize(
    ("other", "loss_db"),
    [
        (NOISE, 0.0),
        (0.0 * NOISE, 10 * np.log10(2)),  # a dead channel: half the amplitude, and half the mean power
        (-0.5 * NOISE, 10.0),  # mix 0.25: 0.0625; channels (1 + 0.25) / 2 = 0.625
        (-0.9 * NOISE, 10 * np.log10((1 + 0.81) / 2 / 0.05**2)),
        (-NOISE, MAX_LOSS_DB),
        (0.1 - NOISE, MAX_LOSS_DB),  # an offset is no sound
    ],
)
def test_mix_loss_is_the_power_of_the_mix_against_that_of_the_channels(other, loss_db):
    assert measure(NOISE, other).mix_loss_db == pytest.approx(loss_db, abs=0.01)


def test_mix_loss_of_independent_channels_is_ten_log_their_number():
    channels = np.random.default_rng(1).normal(0.0, 0.1, (4, 50_000))
    assert measure(*channels).mix_loss_db == pytest.approx(10 * np.log10(4), abs=0.1)


def test_mix_loss_of_one_channel_and_of_silence_is_not_known():
    assert measure(NOISE).mix_loss_db is None
    assert measure(0 * NOISE, 0 * NOISE).mix_loss_db is None


def test_silent_channels_are_named_unless_all_are():
    assert measure(NOISE, 0 * NOISE + 0.2, NOISE, 1e-5 * NOISE).silent_channels == (1, 3)
    assert measure(0 * NOISE, 0 * NOISE).silent_channels == () == measure(0 * NOISE).silent_channels


@pytest.mark.parametrize("bits", [8, 12, 16, 20, 24])
def test_used_bits_are_those_that_samples_were_rounded_to(bits):
    assert measure(np.round(NOISE * 2 ** (bits - 1)) / 2 ** (bits - 1)).used_bits == bits


def test_used_bits_of_floats_and_of_zeros_are_not_known():
    assert measure(NOISE * 1e-3).used_bits is None
    assert measure(0 * NOISE).used_bits is None
    assert measure(NOISE, 300.0 * NOISE).used_bits is None


@pytest.mark.parametrize(("num_zeros", "found"), [(150, False), (200, True)])  # 20 ms are 160 samples
@pytest.mark.parametrize("start", [0, 4321, RATE - 200])
def test_digital_silence_is_zeros_for_20_ms_in_all_channels(num_zeros, found, start):
    silent = NOISE.copy()
    silent[start : start + num_zeros] = 0.0
    assert measure(silent, silent).has_digital_silence == found
    assert not measure(silent, NOISE).has_digital_silence


def test_level_of_pauses_is_that_of_the_noise_between_sounds():
    hum = np.random.default_rng(2).normal(0.0, 1e-3, RATE)
    sound = np.where(np.arange(RATE) % 4000 < 1000, NOISE, 0.0)
    assert measure(sound + hum).pause_dbfs == pytest.approx(-60.0, abs=1.5)


def test_level_of_pauses_of_steady_and_of_dying_sound_is_not_known():
    assert measure(NOISE).pause_dbfs is None
    assert measure(NOISE * np.exp(-np.arange(RATE) / 500)).pause_dbfs is None


@pytest.mark.parametrize("rate", [8000, 16000, 32000])
def test_band_limit_is_half_the_rate_that_sound_came_from(rate):
    noise = np.random.default_rng(3).normal(0.0, 0.1, (2 * rate, 1)).astype(np.float32)
    found = band_limit_hz(soxr.resample(noise, rate, 44100), 44100)
    assert found == pytest.approx(rate / 2, rel=0.07)


def test_band_limit_of_full_and_of_tonal_sound_is_not_known():
    noise = np.random.default_rng(4).normal(0.0, 0.1, (44100, 1)).astype(np.float32)
    times_s = np.arange(44100)[:, np.newaxis] / 44100
    tones = sum(np.sin(2 * np.pi * 440 * number * times_s) / number for number in range(1, 9))
    assert band_limit_hz(noise, 44100) is None
    assert band_limit_hz((0.1 * tones + 1e-4 * noise).astype(np.float32), 44100) is None
    assert band_limit_hz(noise[:1000], 44100) is None
