"""The numbers that networks are fed with, against values written down: other values would be other results."""

import numpy as np
import pytest
import tensorflow as tf

from gansynth_isa.generators.gansynth.latents import (
    DISCRIMINATOR_UPDATE,
    GENERATOR_UPDATE,
    StepSeed,
    fixed_latents,
    interpolated_latents,
    step_fractions,
    step_labels,
    step_latents,
)
from gansynth_isa.generators.gansynth.networks.latent_layout import LatentLayout
from gansynth_isa.generators.latents import drawn_latents

STEP = StepSeed(seed=7, image=tf.constant(24, tf.int64))


@pytest.mark.parametrize(
    ("update", "first", "last"),
    [
        (GENERATOR_UPDATE, (-0.35346106, 0.19128372, -0.10002831), (-0.97877002, -1.13507652, 1.48875558)),
        (DISCRIMINATOR_UPDATE, (0.58448941, -1.66410518, 0.04641555), (0.36777258, 0.22848958, 1.46305442)),
    ],
)
def test_latents_of_a_training_step_are_those_of_earlier_versions(update, first, last):
    latents = step_latents(STEP, update, batch_size=4, latent_size=3).numpy()
    assert latents.shape == (4, 3)
    np.testing.assert_allclose(latents[[0, 3]], (first, last), atol=1e-6)


def test_labels_and_fractions_of_a_training_step_are_those_of_earlier_versions():
    log_shares = tf.math.log([[0.5, 0.25, 0.25]])
    labels = [step_labels(STEP, update, 12, log_shares).numpy().tolist() for update in (0, 2)]
    assert labels == [[0, 1, 1, 0, 0, 0, 0, 0, 1, 0, 2, 0], [0, 0, 2, 0, 2, 0, 0, 0, 1, 1, 0, 1]]
    fractions = step_fractions(STEP, 4).numpy()
    assert fractions.shape == (4, 1, 1, 1)
    np.testing.assert_allclose(fractions.ravel(), (0.42840934, 0.19140673, 0.62387323, 0.41188278), atol=1e-6)


def test_labels_of_a_training_step_follow_the_shares_of_the_classes():
    labels = step_labels(STEP, GENERATOR_UPDATE, 4000, tf.math.log([[0.1, 0.9]])).numpy()
    assert labels.mean() == pytest.approx(0.9, abs=0.02)


def test_latents_of_generated_clips_are_those_of_earlier_versions():
    first, second = (drawn_latents(5, start, 3).numpy() for start in (0, 32))
    assert first.shape == (32, 3)
    expected = (-2.05537844, 1.15818775, 0.19160862), (-0.12977891, 0.90684718, -0.72299618)
    np.testing.assert_allclose(first[:2], expected, atol=1e-6)
    np.testing.assert_allclose(second[0], (-0.05991159, 0.54635584, 0.25036028), atol=1e-6)


def test_latents_in_a_graph_are_those_of_eager_ones():
    in_graph = tf.function(lambda seed, first: drawn_latents(seed, first, 3))
    np.testing.assert_array_equal(in_graph(tf.constant(5), tf.constant(32)), drawn_latents(5, 32, 3))


def test_fixed_latents_are_those_of_earlier_versions():
    latents = fixed_latents(LatentLayout(3)).numpy()
    assert latents.shape == (4, 3)
    np.testing.assert_allclose(latents[0], (-0.03043795, 0.1491877, -1.55660629), atol=1e-6)
    np.testing.assert_allclose(latents[3], (0.97810733, 1.57231116, 1.11317229), atol=1e-6)


def test_interpolated_latents_lead_along_the_arc_at_even_angles():
    latents = interpolated_latents(LatentLayout(3)).numpy()
    fixed = fixed_latents(LatentLayout(3)).numpy()
    assert latents.shape == (8, 3)
    np.testing.assert_allclose(latents[[0, -1]], fixed[:2], atol=1e-5)
    angle = np.arccos(fixed[0] @ fixed[1] / np.linalg.norm(fixed[0]) / np.linalg.norm(fixed[1]))
    share = 3 / 7
    expected = (np.sin((1 - share) * angle) * fixed[0] + np.sin(share * angle) * fixed[1]) / np.sin(angle)
    np.testing.assert_allclose(latents[3], expected, atol=1e-5)
