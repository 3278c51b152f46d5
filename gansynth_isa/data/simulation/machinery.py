"""The background of a production line: a conveyor that hums and rumbles, and valves that let air out.

All values are plausible orders of magnitude; none were measured.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gansynth_isa.data.simulation.acoustics import add_at, decaying_modes, shaped_noise

ROLLER_HARMONICS = (1.0, 0.3)
MOTOR_HARMONICS = (1.0, 0.6, 0.35, 0.2)
GEAR_HARMONICS = (1.0, 0.5, 0.3)
GEAR_WAVER = 0.004  # share by which the gear's speed swings with every turn of a roller
RUMBLE_CEILING_HZ = 900.0
HISS_FLOOR_HZ = 2500.0
HISS_CEILING_HZ = 11000.0
ENVELOPE_STEP_S = 1e-3
VALVE_MODES_HZ = np.array([740.0, 1630.0, 2580.0, 3910.0])
CLANK_S = 0.12  # a valve's armature hits its stop
LOAD_STEP_S = 3.0
LOAD_SPREAD_DB = 4.0
TABLE_LENGTH = 2**16


@dataclass(frozen=True)
class Machinery:
    """One line on one day.

    Attributes:
      motor_hz: turns of the motor per second.
      gear_hz: teeth of the gear that meet per second.
      gear_level: of the gear's tone relative to the rumble, root mean squares.
      roller_hz: turns of the conveyor's rollers per second; the rumble swells with it.
      cycle_s: time between two strokes of the pneumatic cylinders.
      hiss_level: root mean square of an exhaust relative to the rumble.
      leak_level: of the air that leaks all the time, relative to an exhaust.
      clank_level: height of a valve's clank relative to the rumble's root mean square.
      clank_hz: (modes,) resonances that a valve's clank rings at.
    """

    motor_hz: float
    gear_hz: float
    gear_level: float
    roller_hz: float
    cycle_s: float
    hiss_level: float
    leak_level: float
    clank_level: float
    clank_hz: tuple[float, ...]


def draw_machinery(rng: np.random.Generator) -> Machinery:
    """The same line on another day: a little faster or slower, louder or quieter."""
    return Machinery(
        motor_hz=rng.uniform(24.0, 24.6),
        gear_hz=rng.uniform(390.0, 425.0),
        gear_level=rng.uniform(0.25, 0.4),
        roller_hz=rng.uniform(4.8, 5.6),
        cycle_s=rng.uniform(2.0, 3.2),
        hiss_level=rng.uniform(0.7, 1.0),
        leak_level=rng.uniform(0.08, 0.13),
        clank_level=rng.uniform(3.0, 5.0),
        clank_hz=tuple(VALVE_MODES_HZ * np.exp(0.02 * rng.normal(size=VALVE_MODES_HZ.shape))),
    )


def machinery_sound(num_samples: int, sample_rate: int, machinery: Machinery, rng: np.random.Generator) -> np.ndarray:
    """Conveyor and pneumatics together, float64 (samples,), root mean square 1."""
    sound = conveyor(num_samples, sample_rate, machinery, rng) + pneumatics(num_samples, sample_rate, machinery, rng)
    sound *= load(num_samples, sample_rate, rng)
    return sound / np.sqrt(np.mean(sound**2))


def load(num_samples: int, sample_rate: int, rng: np.random.Generator) -> np.ndarray:
    """The line runs empty and full: a factor that wanders by `LOAD_SPREAD_DB` over seconds, (samples,)."""
    num_steps = int(num_samples / sample_rate / LOAD_STEP_S) + 2
    steps = 10 ** (rng.normal(0.0, LOAD_SPREAD_DB, size=num_steps) / 20)
    return np.interp(np.arange(num_samples) / sample_rate / LOAD_STEP_S, np.arange(num_steps), steps)


def conveyor(num_samples: int, sample_rate: int, machinery: Machinery, rng: np.random.Generator) -> np.ndarray:
    """Rumble that swells with the rollers' turns, the motor's hum and the gear's wavering tone, (samples,)."""
    time_s = np.arange(num_samples) / sample_rate
    rumble = shaped_noise(num_samples, sample_rate, _rumble_amplitude, rng)
    swell = _harmonics(machinery.roller_hz * time_s, ROLLER_HARMONICS, rng)
    hum = _harmonics(machinery.motor_hz * time_s, MOTOR_HARMONICS, rng)
    waver = GEAR_WAVER / (2 * np.pi) * machinery.gear_hz / machinery.roller_hz * swell
    gear = _harmonics(machinery.gear_hz * time_s + waver, GEAR_HARMONICS, rng)
    return rumble * (1 + 0.25 * swell) + 0.3 * hum + machinery.gear_level * gear


def pneumatics(num_samples: int, sample_rate: int, machinery: Machinery, rng: np.random.Generator) -> np.ndarray:
    """Hiss that comes with every stroke, a clank before it, and a leak all the time, (samples,)."""
    duration_s = num_samples / sample_rate
    starts_s = stroke_times(duration_s, machinery.cycle_s, rng)
    grid_s = np.arange(0.0, duration_s + ENVELOPE_STEP_S, ENVELOPE_STEP_S)
    envelope = np.full(grid_s.shape, machinery.leak_level)
    for start_s in starts_s:
        since_s = grid_s - start_s
        length_s, fall_s = rng.uniform(0.05, 0.25), rng.uniform(0.03, 0.09)
        rise = np.clip(since_s / 0.006, 0.0, 1.0)
        envelope += rise * np.exp(-np.maximum(since_s - length_s, 0.0) / fall_s) * rng.uniform(0.5, 1.0)
    hiss = shaped_noise(num_samples, sample_rate, _hiss_amplitude, rng)
    hiss *= machinery.hiss_level * np.interp(np.arange(num_samples) / sample_rate, grid_s, envelope)
    return hiss + machinery.clank_level * _clanks(num_samples, sample_rate, starts_s, machinery, rng)


def stroke_times(duration_s: float, cycle_s: float, rng: np.random.Generator) -> np.ndarray:
    """Start of every stroke in seconds: one per cycle, each up to a tenth of a cycle early or late."""
    regular = np.arange(rng.uniform(0.1, 1.0) * cycle_s, duration_s, cycle_s)
    starts_s = regular + cycle_s * rng.uniform(-0.1, 0.1, size=regular.shape)
    return starts_s[starts_s < duration_s]


def _clanks(
    num_samples: int, sample_rate: int, starts_s: np.ndarray, machinery: Machinery, rng: np.random.Generator
) -> np.ndarray:
    frequencies = np.array(machinery.clank_hz)
    modes = decaying_modes(frequencies, 0.015 * frequencies * 2 * np.pi, round(CLANK_S * sample_rate), sample_rate)
    gains = rng.normal(size=(len(starts_s), len(frequencies))) / np.sqrt(len(frequencies))
    return add_at(num_samples, (starts_s * sample_rate).astype(int), gains @ modes)


def _harmonics(turns: np.ndarray, levels: Sequence[float], rng: np.random.Generator) -> np.ndarray:
    """Tones at whole multiples of a wheel's turns, each at its level and a phase of its own, root mean square 1."""
    # One period from a table: a sine for every sample of a minute would cost more than all the noise.
    table_turns = np.arange(TABLE_LENGTH) / TABLE_LENGTH
    table = sum(
        level * np.sin(2 * np.pi * (harmonic * table_turns + rng.uniform()))
        for harmonic, level in enumerate(levels, start=1)
    )
    table /= np.sqrt(np.mean(table**2))
    return table[(turns * TABLE_LENGTH).astype(np.int64) % TABLE_LENGTH]


def _rumble_amplitude(frequencies_hz: np.ndarray) -> np.ndarray:
    return 1 / (np.sqrt(np.maximum(frequencies_hz, 30.0)) * (1 + (frequencies_hz / RUMBLE_CEILING_HZ) ** 2))


def _hiss_amplitude(frequencies_hz: np.ndarray) -> np.ndarray:
    low = frequencies_hz / np.hypot(frequencies_hz, HISS_FLOOR_HZ)
    return low**2 / (1 + (frequencies_hz / HISS_CEILING_HZ) ** 2)
