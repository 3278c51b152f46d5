"""Room and microphone: what lies between a sound source and its recording, drawn anew for every recording."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.fft import irfft, next_fast_len, rfft
from scipy.signal import oaconvolve

REFERENCE_HZ = 1000.0  # where the microphone's tilt has no effect
TILT_CEILING_HZ = 16000.0


@dataclass(frozen=True)
class Scene:
    """One recording's room and microphone.

    Attributes:
      reverberation_s: time in which the tail falls by 60 dB.
      tail_db: level of the diffuse tail relative to the direct sound (energies).
      tilt_db_per_octave: slope of the microphone's response, by its place and its capsule.
      low_cut_hz: below it the microphone falls by 6 dB per octave.
      signal_to_noise_db: of the whole recording.
      level_dbfs: root mean square level of the recording.
    """

    reverberation_s: float
    tail_db: float
    tilt_db_per_octave: float
    low_cut_hz: float
    signal_to_noise_db: float
    level_dbfs: float


def draw_scene(rng: np.random.Generator) -> Scene:
    """A workshop or laboratory with an inexpensive microphone somewhere beside the slide."""
    return Scene(
        reverberation_s=rng.uniform(0.12, 0.5),
        tail_db=rng.uniform(-16.0, -6.0),
        tilt_db_per_octave=rng.normal(0.0, 0.6),
        low_cut_hz=rng.uniform(60.0, 180.0),
        signal_to_noise_db=rng.uniform(14.0, 32.0),
        level_dbfs=rng.uniform(-32.0, -20.0),
    )


def draw_line_scene(rng: np.random.Generator) -> Scene:
    """Always the same hall, the microphone on its stand beside the track, put up anew for every recording.

    The level is the gain in dB instead: 0 dBFS for a sound of 1.
    """
    return Scene(
        reverberation_s=rng.uniform(0.25, 0.35),
        tail_db=rng.uniform(-13.0, -10.0),
        tilt_db_per_octave=rng.normal(0.0, 0.2),
        low_cut_hz=rng.uniform(80.0, 110.0),
        signal_to_noise_db=rng.uniform(30.0, 40.0),
        level_dbfs=rng.uniform(-19.0, -15.0),
    )


def record(sound: np.ndarray, scene: Scene, sample_rate: int, rng: np.random.Generator) -> np.ndarray:
    """The sound as recorded in a scene, float64 (samples,); the level is not yet set (see `set_level`)."""
    room = room_response(scene, sample_rate, rng)
    wet = oaconvolve(sound, room)[: len(sound)]
    heard = microphone(wet, scene, sample_rate)
    noise = pink_noise(len(sound), sample_rate, rng)
    noise_level = np.sqrt(np.mean(heard**2)) * 10 ** (-scene.signal_to_noise_db / 20)
    return heard + noise_level * noise


def room_response(scene: Scene, sample_rate: int, rng: np.random.Generator) -> np.ndarray:
    """Impulse response, (samples,): direct sound 1 at time 0, a few reflections, an exponentially dying tail."""
    num_samples = round(scene.reverberation_s * sample_rate)
    time_s = np.arange(num_samples) / sample_rate
    tail = rng.normal(size=num_samples) * 10 ** (-3 * time_s / scene.reverberation_s)
    tail[: round(0.004 * sample_rate)] = 0.0
    response = tail * 10 ** (scene.tail_db / 20) / np.sqrt(np.sum(tail**2))
    delays_s = rng.uniform(0.001, 0.02, size=5)
    response[(delays_s * sample_rate).astype(int)] += rng.uniform(-0.3, 0.3, size=5)
    response[0] = 1.0
    return response


def microphone(sound: np.ndarray, scene: Scene, sample_rate: int) -> np.ndarray:
    """Applies the microphone's magnitude response."""
    frequencies = np.fft.rfftfreq(len(sound), 1 / sample_rate)
    octaves = np.log2(np.clip(frequencies, scene.low_cut_hz, TILT_CEILING_HZ) / REFERENCE_HZ)
    low_cut = frequencies / np.hypot(frequencies, scene.low_cut_hz)
    gain = low_cut * 10 ** (scene.tilt_db_per_octave * octaves / 20)
    return irfft(rfft(sound) * gain, len(sound))


def pink_noise(num_samples: int, sample_rate: int, rng: np.random.Generator) -> np.ndarray:
    """Noise whose power falls with one over frequency above 40 Hz, root mean square 1, (samples,)."""
    return shaped_noise(num_samples, sample_rate, lambda frequencies: 1 / np.sqrt(np.maximum(frequencies, 40.0)), rng)


def shaped_noise(
    num_samples: int, sample_rate: int, amplitude: Callable[[np.ndarray], np.ndarray], rng: np.random.Generator
) -> np.ndarray:
    """Normal noise with a spectrum of any shape, without a mean, root mean square 1, (samples,).

    Args:
      amplitude: frequencies in Hz -> relative amplitudes.
    """
    length = next_fast_len(num_samples, real=True)
    weights = amplitude(np.fft.rfftfreq(length, 1 / sample_rate))
    parts = rng.standard_normal((len(weights), 2)) * weights[:, np.newaxis]
    parts[0] = 0.0
    noise = irfft(parts.view(np.complex128)[:, 0], length)[:num_samples]
    return noise / np.sqrt(np.mean(noise**2))


def decaying_modes(frequencies_hz: np.ndarray, decays: np.ndarray, num_samples: int, sample_rate: int) -> np.ndarray:
    """Sines that start at 0 and die away, exp(-decay * seconds), (modes, samples)."""
    exponents = 2j * np.pi * np.asarray(frequencies_hz) - np.asarray(decays)
    return np.exp(exponents[:, np.newaxis] * (np.arange(num_samples) / sample_rate)).imag


def add_at(num_samples: int, starts: np.ndarray, pieces: np.ndarray) -> np.ndarray:
    """Silence with `pieces` (pieces, piece samples) added from `starts` on, (samples,); what reaches out is cut."""
    sound = np.zeros(num_samples + pieces.shape[1])
    for start, piece in zip(starts, pieces, strict=True):
        sound[start : start + len(piece)] += piece
    return sound[:num_samples]


def set_level(sound: np.ndarray, level_dbfs: float, peak: float = 0.95) -> np.ndarray:
    """Scales to a root mean square level in dB relative to 1, or to `peak` where that would clip."""
    gain = 10 ** (level_dbfs / 20) / np.sqrt(np.mean(sound**2))
    return sound * min(gain, peak / np.abs(sound).max())
