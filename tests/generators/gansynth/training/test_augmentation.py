"""Changes of images before the discriminator: each against NumPy, and where in a step they are made."""

import numpy as np
import pytest
import tensorflow as tf

from gansynth_isa.generators.gansynth.config import TrainingConfig
from gansynth_isa.generators.gansynth.latents import CHANGED_FAKES, CHANGED_REALS, step_changes
from gansynth_isa.generators.gansynth.networks.discriminator import Discriminator
from gansynth_isa.generators.gansynth.networks.generator import Generator
from gansynth_isa.generators.gansynth.training.augmentation import NUM_DRAWS, NUMBERS, ImageAugmentation
from gansynth_isa.generators.gansynth.training.moment import Batch, Changes, Moment
from gansynth_isa.generators.gansynth.training.step import GanStep
from gansynth_isa.generators.latents import StepSeed

IMAGES = np.random.default_rng(0).uniform(-0.8, 0.8, (2, 16, 10, 2)).astype(np.float32)
FLOOR = -0.75


def draws_of(batch_size: int = 2, **values: list[float]) -> tf.Tensor:
    """Draws by which these changes happen, with these values, and no others."""
    of = {name: [0.999] + [0.5] * (size - 1) for name, size in NUMBERS.items()}
    of |= {name: [0.0, *own] for name, own in values.items()}
    row = np.concatenate([of[name] for name in NUMBERS]).astype(np.float32)
    return tf.constant(np.tile(row, (batch_size, 1)))


def changed(**values: list[float]) -> np.ndarray:
    return ImageAugmentation(0.5, "wrapped", FLOOR)(tf.constant(IMAGES), draws_of(**values)).numpy()


def random_draws(batch_size: int, purpose: int = CHANGED_FAKES) -> tf.Tensor:
    return step_changes(StepSeed(3, tf.constant(8, tf.int64)), purpose, batch_size, NUM_DRAWS)


@pytest.mark.parametrize(("drawn", "frames"), [(0.0, 0), (0.2, 3), (0.999, 15)])
def test_wrapped_shift_is_a_roll_in_time(drawn, frames):
    np.testing.assert_array_equal(changed(shift=[drawn]), np.roll(IMAGES, frames, axis=1))


@pytest.mark.parametrize(("drawn", "frames"), [(0.0, -2), (0.25, -1), (0.5, 0), (0.75, 1), (1.0, 2)])
def test_padded_shift_moves_by_up_to_an_eighth_and_lets_silence_in(drawn, frames):
    expected = np.roll(IMAGES, frames, axis=1)
    silent = slice(0, frames) if frames > 0 else slice(16 + frames, 16)
    expected[:, silent] = [FLOOR, 0.0]
    augmented = ImageAugmentation(0.5, "padded", FLOOR)(tf.constant(IMAGES), draws_of(shift=[drawn]))
    np.testing.assert_array_equal(augmented, expected)


def test_level_adds_a_constant_to_the_magnitudes():
    np.testing.assert_allclose(changed(level=[0.75]), IMAGES + [0.05, 0.0], atol=1e-6)
    np.testing.assert_allclose(changed(level=[0.0]), IMAGES + [-0.1, 0.0], atol=1e-6)


def test_filter_adds_half_waves_over_the_mel_bins_to_the_magnitudes():
    drawn = np.array([1.0, 0.25, 0.5])
    places = (np.arange(10) + 0.5) / 10
    gains = sum(0.1 / k * (2 * drawn[k - 1] - 1) * np.cos(np.pi * k * places) for k in (1, 2, 3))
    expected = IMAGES + gains[:, np.newaxis] * [1.0, 0.0]
    np.testing.assert_allclose(changed(filter=drawn.tolist()), expected, atol=1e-6)


def test_masks_put_silence_over_frames_and_mel_bins():
    expected = IMAGES.copy()
    expected[:, 14:16] = [FLOOR, 0.0]  # an eighth of 16 frames, at the end
    np.testing.assert_array_equal(changed(time_mask=[1.0, 1.0]), expected)
    expected = IMAGES.copy()
    expected[:, :, :1] = [FLOOR, 0.0]  # an eighth of 10 mel bins covers the middle of the first
    np.testing.assert_array_equal(changed(mel_mask=[1.0, 0.0]), expected)


def test_probability_of_zero_changes_nothing():
    images = tf.constant(np.tile(IMAGES, (50, 1, 1, 1)))
    for shift in ("wrapped", "padded"):
        np.testing.assert_array_equal(ImageAugmentation(0.0, shift, FLOOR)(images, random_draws(100)), images)


def test_share_of_changed_images_is_the_probability():
    images = tf.zeros((4000, 8, 8, 1))
    of_levels = np.zeros((1, NUM_DRAWS), bool)
    of_levels[:, 2:4] = True
    draws = tf.where(of_levels, random_draws(4000), 0.999)
    levels = ImageAugmentation(0.3, "wrapped", FLOOR)(images, draws).numpy()[:, 0, 0, 0]
    assert np.mean(levels != 0) == pytest.approx(0.3, abs=0.03)
    assert np.mean(levels) == pytest.approx(0.0, abs=0.003)


def test_draws_for_reals_and_fakes_are_others_of_the_same_distribution():
    fakes, reals = (random_draws(4000, purpose).numpy() for purpose in (CHANGED_FAKES, CHANGED_REALS))
    assert np.abs(np.mean(fakes * reals, axis=0) - 0.25).max() < 0.02
    for draws in (fakes, reals):
        quartiles = np.quantile(draws, [0.25, 0.5, 0.75], axis=0)
        np.testing.assert_allclose(quartiles, np.tile([[0.25], [0.5], [0.75]], NUM_DRAWS), atol=0.03)


def test_gradient_flows_back_to_the_frames_that_were_shifted_and_not_under_masks():
    images = tf.constant(IMAGES)
    weights = np.random.default_rng(1).normal(size=IMAGES.shape).astype(np.float32)
    with tf.GradientTape() as tape:
        tape.watch(images)
        augmented = ImageAugmentation(0.5, "wrapped", FLOOR)(images, draws_of(shift=[0.2], time_mask=[1.0, 1.0]))
        total = tf.reduce_sum(augmented * weights)
    kept = weights.copy()
    kept[:, 14:16] = 0.0
    np.testing.assert_allclose(tape.gradient(total, images), np.roll(kept, -3, axis=1), atol=1e-6)


SHAPE = {"num_classes": 2, "start_resolution": (4, 8), "filters": (4, 4), "num_blocks": 1}
LABELS = tf.one_hot([0, 1, 0, 1], 2)
FRACTION = tf.fill((4, 1, 1, 1), 0.25)


@pytest.fixture(scope="module")
def step():
    generator, average = (Generator(latent_vector_size=3, name=name, **SHAPE) for name in ("generator", "average"))
    augmentation = ImageAugmentation(0.6, "padded", FLOOR)
    discriminator = Discriminator(**SHAPE)
    return GanStep(generator, discriminator, average, TrainingConfig(), 1.0, 0.9, augmentation=augmentation)


def test_both_losses_and_the_penalty_are_those_of_changed_images(step):
    fakes, reals = (tf.random.stateless_uniform((4, 4, 8, 1), (0, seed), -0.8, 0.8) for seed in (1, 2))
    of_fakes, of_reals = random_draws(4, CHANGED_FAKES), random_draws(4, CHANGED_REALS)
    inside = Moment(tf.constant(0.0), changes=Changes(fakes=of_fakes, reals=of_reals))
    losses = step.discriminator_losses(Batch(fakes, LABELS), Batch(reals, LABELS), FRACTION, inside)
    before = [Batch(step.augmentation(*pair), LABELS) for pair in ((fakes, of_fakes), (reals, of_reals))]
    assert all(np.abs(batch.images - images).max() > 0.01 for batch, images in zip(before, (fakes, reals), strict=True))
    expected = step.discriminator_losses(*before, FRACTION, Moment(tf.constant(0.0)))
    for name, value in losses.items():
        assert float(value) == pytest.approx(float(expected[name]), rel=1e-5), name


def test_generator_learns_from_the_score_of_changed_images(step):
    latents, draws = tf.random.stateless_normal((4, 3), (0, 1)), random_draws(4)
    losses = step.generator_losses(latents, LABELS, Moment(tf.constant(0.0), changes=Changes(generated=draws)))
    scores = step.discriminator(step.augmentation(step.generator(latents, LABELS), draws)).scores
    assert float(losses["generator_wasserstein"]) == pytest.approx(-float(tf.reduce_mean(scores)), rel=1e-5)
    unchanged = step.generator_losses(latents, LABELS, Moment(tf.constant(0.0)))
    assert float(losses["generator_wasserstein"]) != pytest.approx(float(unchanged["generator_wasserstein"]), rel=1e-4)
