"""Metal balls that roll down a metal slide: the sound at the contact, through the resonances of slide and ball.

Roughness of ball and slide shakes the contact as the ball moves over it: the faster it rolls, the higher the
frequencies. The coating decides how rough the ball is and how stiff the contact; where it is broken, the ball
ticks once per turn. All values are plausible orders of magnitude, chosen so that the classes overlap; none
were measured.
"""

from dataclasses import dataclass

import numpy as np
from scipy.fft import irfft, next_fast_len
from scipy.signal import lfilter

SAMPLE_RATE = 44100  # Hz
RUN_IN_S = 0.12  # rolled before the recording starts, so that resonances and room are already excited
GRID_M = 2e-5  # spacing of the roughness profiles
CONTACT_LENGTH_M = 1.5e-4  # the contact patch averages over shorter wavelengths
GRAVITY = 9.81
SLIDE_LENGTH_M = 0.9
SLIDE_MODES_HZ = np.array([410.0, 655.0, 1030.0, 1480.0, 1990.0, 2740.0, 3420.0, 4310.0, 5380.0, 6890.0, 8450.0])
SLIDE_DAMPING = 0.006  # of critical
BALL_MODES_HZ = np.array([9700.0, 12900.0, 15800.0])
BALL_DAMPING = 0.002
BALL_MODE_LEVEL = 0.3
MODE_GAIN_SPREAD_DB = 3.5  # by where on the slide the microphone points
DIRECT_LEVEL = 0.35  # radiated by the contact itself, beside the modes


@dataclass(frozen=True)
class Surface:
    """What a ball's coating does to its sound; each recording draws its own values around these.

    Attributes:
      roughness: amplitude of the ball's profile relative to the slide's.
      slope: exponent of the profile's amplitude over wave number; more negative is smoother in the small.
      contact_hz: resonance of the ball's mass on the contact's stiffness.
      contact_damping: of critical.
      tick_level: height of a tick relative to the rolling force's root mean square; 0 for a whole coating.
    """

    roughness: float
    slope: float
    contact_hz: float
    contact_damping: float
    tick_level: float


SURFACES = {
    "broken": Surface(roughness=1.0, slope=-1.05, contact_hz=4350.0, contact_damping=0.23, tick_level=9.0),
    "coated": Surface(roughness=0.9, slope=-1.18, contact_hz=3900.0, contact_damping=0.28, tick_level=0.0),
    "eloxed": Surface(roughness=1.1, slope=-0.92, contact_hz=4850.0, contact_damping=0.19, tick_level=0.0),
}


# How much balls of one kind differ: standard deviations of the logarithm, for the slope of its value.
BALL_SPREAD = {"roughness": 0.1, "slope": 0.02, "contact_hz": 0.025, "contact_damping": 0.1, "tick_level": 0.2}


@dataclass(frozen=True)
class Roll:
    """One ball's way down the slide.

    Attributes:
      radius_m: of the ball.
      distance_m: (samples,) way covered since the start, increasing.
      speed: (samples,) in m/s.
      start_m: place on the slide where it starts.
    """

    radius_m: float
    distance_m: np.ndarray
    speed: np.ndarray
    start_m: float


def rolling_sound(class_name: str, duration_s: float, rng: np.random.Generator) -> np.ndarray:
    """The sound near the slide, of arbitrary level.

    Args:
      class_name: a key of `SURFACES`.
      duration_s: of the recording; the run-in comes before it.
      rng: everything random is drawn from it.

    Returns:
      float64 (samples,): `RUN_IN_S` and the recording at `SAMPLE_RATE`.
    """
    surface = _vary(SURFACES[class_name], rng)
    roll = roll_down(round((RUN_IN_S + duration_s) * SAMPLE_RATE), rng)
    force = rolling_force(surface, roll, rng)
    force = force / np.sqrt(np.mean(force**2))
    if surface.tick_level:
        force = force + surface.tick_level * tick_force(roll, rng)
    force = _resonate(force, surface.contact_hz, surface.contact_damping)
    return radiate(force, roll, rng)


def roll_down(num_samples: int, rng: np.random.Generator) -> Roll:
    """A ball let go somewhere on the upper half of the slide; a solid ball accelerates by 5/7 g sin(angle)."""
    time_s = np.arange(num_samples) / SAMPLE_RATE
    acceleration = 5 / 7 * GRAVITY * np.sin(np.radians(rng.uniform(4.0, 9.0)))
    start_speed = rng.uniform(0.35, 0.75)
    speed = start_speed + acceleration * time_s
    distance = start_speed * time_s + acceleration * time_s**2 / 2
    return Roll(rng.uniform(0.006, 0.008), distance, speed, rng.uniform(0.02, 0.3))


def rolling_force(surface: Surface, roll: Roll, rng: np.random.Generator) -> np.ndarray:
    """Force of the rough contact, (samples,): the rate at which the ball rises and falls on both profiles."""
    turn_m = 2 * np.pi * roll.radius_m
    ball = surface.roughness * roughness_profile(turn_m, surface.slope, rng)
    slide = roughness_profile(roll.distance_m[-1], -1.1, rng)
    height = _read(ball, roll.distance_m, turn_m) + _read(slide, roll.distance_m, roll.distance_m[-1])
    return np.diff(height, prepend=height[0])


def roughness_profile(length_m: float, slope: float, rng: np.random.Generator) -> np.ndarray:
    """A random periodic profile on a grid of about `GRID_M`, root mean square 1.

    Its amplitude falls with wave number to the power of `slope`, and faster where waves are shorter than the
    contact patch.
    """
    num_points = next_fast_len(max(16, round(length_m / GRID_M)), real=True)
    waves = np.fft.rfftfreq(num_points, length_m / num_points)
    amplitude = np.zeros_like(waves)
    amplitude[1:] = waves[1:] ** slope * np.exp(-((waves[1:] * CONTACT_LENGTH_M) ** 2) / 2)
    # Waves longer than 5 mm lift the whole ball and hardly sound.
    amplitude[waves < 200.0] = amplitude[waves >= 200.0][0] if (waves >= 200.0).any() else 0.0
    phases = rng.normal(size=waves.shape) + 1j * rng.normal(size=waves.shape)
    profile = irfft(amplitude * phases, num_points)
    return profile / profile.std()


def tick_times(roll: Roll, phase: float) -> np.ndarray:
    """Samples (fractional) at which a defect at `phase`, a share of a turn, meets the slide: once per turn."""
    turn_m = 2 * np.pi * roll.radius_m
    wanted = (np.arange(np.ceil(roll.distance_m[-1] / turn_m) + 1) + phase) * turn_m
    wanted = wanted[wanted < roll.distance_m[-1]]
    return np.interp(wanted, roll.distance_m, np.arange(len(roll.distance_m)))


def tick_force(roll: Roll, rng: np.random.Generator) -> np.ndarray:
    """Pulses of a broken place, (samples,), of height up to 1.

    The ball does not turn about one axis alone: the broken place meets the slide fully, partly or not at all.
    """
    force = np.zeros(len(roll.distance_m))
    width_m = rng.uniform(2e-4, 6e-4)
    centres = tick_times(roll, rng.uniform())
    heights = np.clip(rng.normal(0.6, 0.35, size=centres.shape), 0.0, 1.0)
    for centre, height in zip(centres, heights, strict=True):
        speed = roll.speed[int(centre)]
        width = max(4, round(width_m / speed * SAMPLE_RATE))
        pulse = height * np.hanning(width + 2)[1:-1]
        start = int(centre)
        force[start : start + width] += pulse[: len(force) - start]
    return force


def radiate(force: np.ndarray, roll: Roll, rng: np.random.Generator) -> np.ndarray:
    """What slide and ball make of the contact's force, (samples,).

    A mode of the slide is excited as strongly as it moves at the place of the ball, so that its level changes
    along the way.
    """
    turn = np.exp(1j * np.pi * (roll.start_m + roll.distance_m) / SLIDE_LENGTH_M)
    drift = 1 + 0.015 * rng.normal()
    sound = DIRECT_LEVEL * force
    shape = turn
    for frequency in SLIDE_MODES_HZ:
        gain = 10 ** (rng.normal(0.0, MODE_GAIN_SPREAD_DB) / 20)
        damping = SLIDE_DAMPING * np.exp(0.25 * rng.normal())
        shape = shape * turn
        sound = sound + gain * _resonate(force * shape.imag, frequency * drift, damping)
    ball_drift = 0.007 / roll.radius_m  # modes of a sphere go with one over its radius
    for frequency in BALL_MODES_HZ * ball_drift:
        sound = sound + 0.3 * 10 ** (rng.normal(0.0, MODE_GAIN_SPREAD_DB) / 20) * _resonate(
            force, frequency, BALL_DAMPING
        )
    return sound


def _vary(surface: Surface, rng: np.random.Generator) -> Surface:
    """Another ball of the same kind."""
    return Surface(
        roughness=surface.roughness * np.exp(BALL_SPREAD["roughness"] * rng.normal()),
        slope=surface.slope + BALL_SPREAD["slope"] * rng.normal(),
        contact_hz=surface.contact_hz * np.exp(BALL_SPREAD["contact_hz"] * rng.normal()),
        contact_damping=surface.contact_damping * np.exp(BALL_SPREAD["contact_damping"] * rng.normal()),
        tick_level=surface.tick_level * np.exp(BALL_SPREAD["tick_level"] * rng.normal()),
    )


def _read(profile: np.ndarray, distance_m: np.ndarray, period_m: float) -> np.ndarray:
    """A periodic profile at the places `distance_m`, linearly interpolated."""
    position = distance_m / period_m * len(profile)
    left = np.floor(position).astype(np.int64)
    share = position - left
    return (1 - share) * profile[left % len(profile)] + share * profile[(left + 1) % len(profile)]


def _resonate(signal: np.ndarray, frequency_hz: float, damping: float) -> np.ndarray:
    """A damped resonator with gain 1 at its resonance (two poles, zeros at 0 Hz and at the Nyquist frequency)."""
    angle = 2 * np.pi * frequency_hz / SAMPLE_RATE
    radius = np.exp(-damping * angle)
    return lfilter([(1 - radius**2) / 2, 0, -(1 - radius**2) / 2], [1, -2 * radius * np.cos(angle), radius**2], signal)
