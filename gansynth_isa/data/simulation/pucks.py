"""Plastic pucks that drop onto a metal track: trains of impacts, each ringing in puck and track.

A puck is a free circular plate. What it is printed from decides its modes (stiffness and density), how fast they
die away (loss factor), how long it touches the track (Hertz's law) and how high it bounces. Stiffness is that of
a print with infill, below the solid plastic's. All values are plausible orders of magnitude; none were measured.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gansynth_isa.data.simulation.acoustics import add_at, decaying_modes

SAMPLE_RATE = 44100  # Hz
GRAVITY = 9.81
SPEED_OF_SOUND = 343.0
NO_IMPACTS = "no_impacts"
POISSON_RATIO = 0.33
# Squared frequency parameters of a free circular plate at this Poisson ratio (Leissa, Vibration of Plates, 1969),
# by (nodal diameters, nodal circles): (2,0) (0,1) (3,0) (1,1) (4,0) (5,0) (2,1) (0,2).
PLATE_PARAMETERS = np.array([5.253, 9.084, 12.23, 20.52, 21.6, 33.1, 35.25, 38.55])
RADIUS_M = 0.030
THICKNESS_M = 0.006
EDGE_RADIUS_M = 0.002  # rounding of the edge that touches the track
TRACK_MODES_HZ = np.array([310.0, 540.0, 890.0, 1370.0, 1950.0, 2660.0, 3480.0, 4700.0])
TRACK_LOSS_FACTOR = 0.03
TRACK_GAINS = np.array([0.9, 1.3, 0.7, 1.1, 1.0, 0.6, 0.8, 0.5])  # of the modes towards the microphone
TRACK_GAIN_SPREAD_DB = 1.0  # by where the microphone stands
TRACK_DRIFT = 0.005  # of the modes' frequencies, by temperature
TRACK_LEVEL = 0.4
RING_S = 0.2  # after it, all modes have died away
PUCKS_PER_RECORDING = 4
LOWEST_SPEED = 0.12  # m/s; slower impacts are not heard
MAX_BOUNCES = 12


@dataclass(frozen=True)
class Plastic:
    """What a puck is printed from.

    Attributes:
      stiffness_pa: Young's modulus of the print.
      density: in kg/m3.
      loss_factor: share of a mode's energy that a radian takes away.
      restitution: speed after a bounce over speed before it.
    """

    stiffness_pa: float
    density: float
    loss_factor: float
    restitution: float


PLASTICS = {
    "abs": Plastic(stiffness_pa=1.50e9, density=1040.0, loss_factor=0.030, restitution=0.52),
    "petg": Plastic(stiffness_pa=1.35e9, density=1230.0, loss_factor=0.040, restitution=0.46),
    "pla": Plastic(stiffness_pa=2.60e9, density=1200.0, loss_factor=0.020, restitution=0.58),
    "tpu": Plastic(stiffness_pa=0.35e9, density=1180.0, loss_factor=0.110, restitution=0.40),
}
# How much prints of one plastic differ: standard deviations of the logarithm.
PRINT_SPREAD = {"stiffness_pa": 0.06, "density": 0.02, "loss_factor": 0.10, "restitution": 0.03}
CLASS_NAMES = tuple(sorted([NO_IMPACTS, *PLASTICS]))


@dataclass(frozen=True)
class Impacts:
    """All impacts of a recording, in any order.

    Attributes:
      times_s: (impacts,) since the start.
      speeds: (impacts,) in m/s.
      pucks: (impacts,) index of the puck that hits.
    """

    times_s: np.ndarray
    speeds: np.ndarray
    pucks: np.ndarray


def puck_sound(class_name: str, duration_s: float, rng: np.random.Generator) -> np.ndarray:
    """The impacts of pucks of one class, near the track.

    Args:
      class_name: a key of `PLASTICS`, or `NO_IMPACTS` for silence.
      duration_s: of the recording.
      rng: everything random is drawn from it.

    Returns:
      float64 (samples,) at `SAMPLE_RATE`; a puck of 20 g that hits at 1 m/s peaks around 1.
    """
    num_samples = round(duration_s * SAMPLE_RATE)
    if class_name == NO_IMPACTS:
        return np.zeros(num_samples)
    pucks = [vary(PLASTICS[class_name], rng) for _ in range(PUCKS_PER_RECORDING)]
    impacts = draw_impacts(duration_s, [puck.restitution for puck in pucks], rng)
    track_hz = TRACK_MODES_HZ * np.exp(TRACK_DRIFT * rng.normal(size=TRACK_MODES_HZ.shape))
    track_gain = TRACK_GAINS * 10 ** (rng.normal(0.0, TRACK_GAIN_SPREAD_DB, size=TRACK_MODES_HZ.shape) / 20)
    sound = np.zeros(num_samples)
    for index, puck in enumerate(pucks):
        mine = impacts.pucks == index
        rings = ring(puck, impacts.speeds[mine], track_hz, track_gain, rng)
        sound += add_at(num_samples, (impacts.times_s[mine] * SAMPLE_RATE).astype(int), rings)
    return sound


def draw_impacts(duration_s: float, restitutions: Sequence[float], rng: np.random.Generator) -> Impacts:
    """Pucks drop at random times and bounce, each time slower, until they are no longer heard."""
    drops_s = np.cumsum(0.15 + rng.exponential(rng.uniform(0.8, 1.2), size=round(8 * duration_s) + 8))
    drops_s = drops_s[drops_s < duration_s]
    pucks = rng.integers(len(restitutions), size=drops_s.shape)
    restitution = np.asarray(restitutions)[pucks]
    first_speeds = rng.uniform(0.6, 1.6, size=drops_s.shape)
    bounces = np.arange(MAX_BOUNCES)[:, np.newaxis]
    speeds = first_speeds * restitution**bounces
    flights_s = 2 * speeds[1:] / GRAVITY * rng.uniform(0.8, 1.2, size=speeds[1:].shape)
    times_s = drops_s + np.concatenate([np.zeros_like(drops_s)[np.newaxis], np.cumsum(flights_s, axis=0)])
    heard = (speeds >= LOWEST_SPEED) & (times_s < duration_s)
    return Impacts(times_s[heard], speeds[heard], np.broadcast_to(pucks, speeds.shape)[heard])


def ring(
    puck: Plastic, speeds: np.ndarray, track_hz: np.ndarray, track_gain: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """What each impact of one puck makes puck and track sound like, (impacts, samples).

    A puck is hit anywhere on its edge or face: every impact excites its modes in another mixture.
    """
    plate_hz = plate_frequencies_hz(puck)
    frequencies = np.concatenate([plate_hz, track_hz])
    decays = np.pi * np.concatenate([plate_hz * puck.loss_factor, track_hz * TRACK_LOSS_FACTOR])
    modes = decaying_modes(frequencies, decays, round(RING_S * SAMPLE_RATE), SAMPLE_RATE)
    # A plate smaller than a wavelength radiates little.
    wave_radii = 2 * np.pi * plate_hz * RADIUS_M / SPEED_OF_SOUND
    radiation = wave_radii**2 / (1 + wave_radii**2)
    places = rng.normal(size=(len(speeds), len(frequencies)))
    gains = places * np.concatenate([radiation, TRACK_LEVEL * track_gain])
    durations_s = contact_seconds(puck, speeds)[:, np.newaxis]
    momentum = mass_kg(puck) / 0.02 * (speeds * (1 + puck.restitution))[:, np.newaxis]
    return (gains * momentum * half_sine_spectrum(frequencies, durations_s)) @ modes


def plate_frequencies_hz(puck: Plastic) -> np.ndarray:
    """Frequencies of the puck's modes below the Nyquist frequency, (modes,)."""
    bending = puck.stiffness_pa * THICKNESS_M**3 / (12 * (1 - POISSON_RATIO**2))
    frequencies = PLATE_PARAMETERS / (2 * np.pi * RADIUS_M**2) * np.sqrt(bending / (puck.density * THICKNESS_M))
    return frequencies[frequencies < 0.45 * SAMPLE_RATE]


def mass_kg(puck: Plastic) -> float:
    """Mass of a puck."""
    return puck.density * np.pi * RADIUS_M**2 * THICKNESS_M


def contact_seconds(puck: Plastic, speeds: np.ndarray) -> np.ndarray:
    """How long an impact lasts by Hertz's law, a rounded edge on a track that is far stiffer than the puck."""
    stiffness = puck.stiffness_pa / (1 - POISSON_RATIO**2)
    return 2.87 * (mass_kg(puck) ** 2 / (EDGE_RADIUS_M * stiffness**2 * speeds)) ** 0.2


def half_sine_spectrum(frequencies_hz: np.ndarray, durations_s: np.ndarray) -> np.ndarray:
    """Spectrum of a half-sine pulse relative to that at 0 Hz, by frequency and duration (broadcast)."""
    turns = frequencies_hz * durations_s
    return np.pi / 4 * (np.sinc(turns - 0.5) + np.sinc(turns + 0.5))


def vary(plastic: Plastic, rng: np.random.Generator) -> Plastic:
    """Another print of the same material: infill and layers differ."""
    changes = {name: getattr(plastic, name) * np.exp(spread * rng.normal()) for name, spread in PRINT_SPREAD.items()}
    return Plastic(**changes)
