"""Impacts of pucks; expected values come from the plate's frequency equation, Hertz's law and free fall."""

import numpy as np
import pytest
from scipy.special import iv, ivp, jv, jvp

from gansynth_isa.data.simulation.pucks import (
    CLASS_NAMES,
    NO_IMPACTS,
    PLASTICS,
    PLATE_PARAMETERS,
    POISSON_RATIO,
    SAMPLE_RATE,
    Plastic,
    contact_seconds,
    draw_impacts,
    half_sine_spectrum,
    mass_kg,
    plate_frequencies_hz,
    puck_sound,
    ring,
)

SOLID = Plastic(stiffness_pa=3e9, density=1240.0, loss_factor=0.02, restitution=0.5)


def free_edge_determinant(diameters, root):
    """Zero where a free circular plate vibrates with this many nodal diameters (Leissa, equation 2.16)."""
    bend = 1 - POISSON_RATIO
    bessel = [(jv(diameters, root), jvp(diameters, root), 1), (iv(diameters, root), ivp(diameters, root), -1)]
    moment = [root**2 * w + s * bend * (root * d - diameters**2 * w) for w, d, s in bessel]
    shear = [root**3 * d + s * bend * diameters**2 * (root * d - w) for w, d, s in bessel]
    return moment[0] * shear[1] - moment[1] * shear[0]


@pytest.mark.parametrize(
    ("parameter", "diameters"), list(zip(PLATE_PARAMETERS, [2, 0, 3, 1, 4, 5, 2, 0], strict=True)), ids=str
)
def test_plate_parameter_solves_the_equation_of_a_free_circular_plate(parameter, diameters):
    below, above = (free_edge_determinant(diameters, np.sqrt(parameter * share)) for share in (0.985, 1.015))
    assert below * above < 0


def test_plate_of_four_times_the_stiffness_sounds_an_octave_higher():
    stiff = Plastic(4 * SOLID.stiffness_pa, SOLID.density, SOLID.loss_factor, SOLID.restitution)
    np.testing.assert_allclose(plate_frequencies_hz(stiff)[:3], 2 * plate_frequencies_hz(SOLID)[:3])


def test_contact_lasts_as_hertz_says():
    # 2.87 (m^2 / (R E*^2 v))^(1/5) with m = 21.0 g, R = 2 mm, E* = 3.37 GPa, v = 1 m/s, by hand.
    assert mass_kg(SOLID) == pytest.approx(0.0210, abs=0.0001)
    assert contact_seconds(SOLID, np.array([1.0]))[0] == pytest.approx(3.28e-4, rel=0.01)
    assert contact_seconds(SOLID, np.array([32.0]))[0] == pytest.approx(3.28e-4 / 2, rel=0.01)


def test_half_sine_spectrum_equals_that_of_a_sampled_pulse():
    rate, duration_s = 1_000_000, 1e-3
    pulse = np.sin(np.pi * (np.arange(1000) + 0.5) / 1000)
    spectrum = np.abs(np.fft.rfft(pulse, rate)) / pulse.sum()
    frequencies = np.array([0, 300, 500, 1000, 1900, 2500])
    found = np.abs(half_sine_spectrum(frequencies.astype(float), np.array(duration_s)))
    np.testing.assert_allclose(found, spectrum[frequencies], atol=1e-4)


def test_bounces_of_a_drop_follow_free_fall_and_restitution():
    impacts = draw_impacts(60.0, [0.5], np.random.default_rng(0))
    order = np.argsort(impacts.times_s)
    times_s, speeds = impacts.times_s[order], impacts.speeds[order]
    single = [index for index in range(len(speeds) - 1) if np.isclose(speeds[index + 1], speeds[index] / 2)]
    assert len(single) > 20
    flights_s = times_s[1:][single] - times_s[:-1][single]
    expected_s = 2 * speeds[1:][single] / 9.81
    assert ((flights_s / expected_s > 0.79) & (flights_s / expected_s < 1.21)).mean() > 0.9


def test_drops_come_at_random_times_within_the_recording():
    impacts = draw_impacts(60.0, [0.5, 0.5], np.random.default_rng(1))
    assert impacts.times_s.min() >= 0 and impacts.times_s.max() < 60.0
    assert set(impacts.pucks) == {0, 1}
    gaps_s = np.diff(np.sort(impacts.times_s[impacts.speeds > 0.6]))
    assert gaps_s.std() > 0.5 * gaps_s.mean() > 0


def test_ring_of_an_impact_holds_the_modes_of_the_puck_and_dies_as_its_loss_factor_says():
    track_hz, track_gain = np.array([300.0]), np.array([0.0])
    sound = ring(SOLID, np.ones(20), track_hz, track_gain, np.random.default_rng(2))
    spectrum = np.mean(np.abs(np.fft.rfft(sound)) ** 2, axis=0)
    frequencies = np.fft.rfftfreq(sound.shape[1], 1 / SAMPLE_RATE)
    lowest_hz = plate_frequencies_hz(SOLID)[0]
    assert frequencies[spectrum[frequencies < 1.3 * lowest_hz].argmax()] == pytest.approx(lowest_hz, rel=0.01)
    # The mode's energy falls by exp(-2 pi f eta) per second.
    power = np.mean(sound**2, axis=0)
    early, late = (power[start : start + 2000].sum() for start in (4000, 6000))
    expected = np.exp(2 * np.pi * lowest_hz * SOLID.loss_factor * 2000 / SAMPLE_RATE)
    assert early / late == pytest.approx(expected, rel=0.15)


@pytest.mark.parametrize("class_name", CLASS_NAMES)
def test_puck_sound_of_each_class_is_finite_and_silent_without_impacts_only(class_name):
    sound = puck_sound(class_name, 4.0, np.random.default_rng(3))
    assert sound.shape == (4 * SAMPLE_RATE,)
    assert np.isfinite(sound).all()
    assert (sound.std() == 0) == (class_name == NO_IMPACTS)


def test_classes_are_four_plastics_and_one_without_impacts():
    assert len(CLASS_NAMES) == 5 and set(CLASS_NAMES) == {NO_IMPACTS, *PLASTICS}
