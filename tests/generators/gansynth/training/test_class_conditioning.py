"""Conditioning of the discriminator: scores against NumPy, which labels enter, and how the classes' weight rises."""

import dataclasses

import numpy as np
import pytest
import tensorflow as tf

from gansynth_isa.generators.gansynth.config import TrainingConfig
from gansynth_isa.generators.gansynth.networks.discriminator import Discriminator
from gansynth_isa.generators.gansynth.networks.generator import Generator
from gansynth_isa.generators.gansynth.stages import stage_plan
from gansynth_isa.generators.gansynth.training.board_scalars import board_scalars
from gansynth_isa.generators.gansynth.training.moment import Batch, Moment
from gansynth_isa.generators.gansynth.training.state import GanState
from gansynth_isa.generators.gansynth.training.step import GanStep

SHAPE = {"num_classes": 3, "start_resolution": (2, 4), "filters": (6, 6), "num_blocks": 1, "seed": 5}
IMAGES = np.random.default_rng(0).uniform(-1, 1, (4, 2, 4, 1)).astype(np.float32)
LABELS = tf.one_hot([0, 2, 1, 2], 3)
OTHER_LABELS = tf.one_hot([1, 1, 0, 0], 3)


def step_with(conditioning: str) -> GanStep:
    generator, average = (Generator(latent_vector_size=3, name=name, **SHAPE) for name in ("generator", "average"))
    discriminator = Discriminator(class_conditioning=conditioning, **SHAPE)
    return GanStep(generator, discriminator, average, TrainingConfig(), slope_scale=1.0, average_decay=0.9)


def losses_of(step: GanStep, fake_labels: tf.Tensor, class_share: float = 1.0) -> dict[str, float]:
    fakes, reals = Batch(tf.constant(-IMAGES[::-1]), fake_labels), Batch(tf.constant(IMAGES), LABELS)
    moment = Moment(tf.constant(0.0), class_share)
    losses = step.discriminator_losses(fakes, reals, tf.fill((4, 1, 1, 1), 0.25), moment)
    return {name: float(value) for name, value in losses.items()}


def test_projection_adds_the_inner_product_of_features_and_the_labels_vector():
    plain = Discriminator(**SHAPE)(IMAGES)
    discriminator = Discriminator(class_conditioning="projection", **SHAPE)
    judged = discriminator(IMAGES, labels=LABELS)
    vectors = discriminator.class_logits.kernel.numpy() / np.sqrt(6)
    features = plain.features.numpy()
    products = [features[clip] @ vectors[:, label] for clip, label in enumerate((0, 2, 1, 2))]
    np.testing.assert_allclose(judged.scores[:, 0], plain.scores[:, 0] + products, atol=1e-5)
    np.testing.assert_allclose(judged.logits, features @ vectors, atol=1e-5)


def test_projection_of_labels_that_weigh_half_adds_half():
    discriminator = Discriminator(class_conditioning="projection", **SHAPE)
    none, half, whole = (discriminator(IMAGES, labels=share * LABELS).scores for share in (0.0, 0.5, 1.0))
    np.testing.assert_allclose(half, (none + whole) / 2, atol=1e-6)
    np.testing.assert_allclose(none, Discriminator(**SHAPE)(IMAGES).scores, atol=1e-6)


def test_margin_compares_unit_features_with_unit_vectors_and_leaves_the_score():
    plain = Discriminator(**SHAPE)(IMAGES)
    discriminator = Discriminator(class_conditioning="margin", **SHAPE)
    judged = discriminator(IMAGES)
    np.testing.assert_allclose(judged.scores, plain.scores, atol=1e-6)
    projected = plain.features.numpy() @ (discriminator.class_features.kernel.numpy() / np.sqrt(6))
    expected = projected / np.linalg.norm(projected, axis=1, keepdims=True)
    np.testing.assert_allclose(judged.features, expected, atol=1e-5)
    vectors = discriminator.class_logits.kernel.numpy()
    np.testing.assert_allclose(judged.logits, expected @ (vectors / np.linalg.norm(vectors, axis=0)), atol=1e-5)


@pytest.mark.parametrize("conditioning", ["auxiliary", "projection", "margin"])
def test_discriminator_from_its_configuration_scores_alike(conditioning):
    discriminator = Discriminator(class_conditioning=conditioning, **SHAPE)
    copy = Discriminator.from_config(discriminator.get_config())
    for one, other in zip(discriminator(IMAGES, labels=LABELS), copy(IMAGES, labels=LABELS), strict=True):
        np.testing.assert_array_equal(one, other)


def test_labels_of_fakes_enter_the_score_with_projection_alone():
    for conditioning, enters in (("auxiliary", False), ("projection", True), ("margin", False)):
        step = step_with(conditioning)
        before, after = losses_of(step, LABELS), losses_of(step, OTHER_LABELS)
        assert (before["fake_score"] != after["fake_score"]) == enters
        assert before["real_score"] == after["real_score"]
        assert before["gradient_penalty"] == after["gradient_penalty"]


def test_penalty_with_projection_is_taken_at_the_labels_of_the_real_clips():
    step = step_with("projection")
    images = tf.constant(IMAGES + 0.25 * (-IMAGES[::-1] - IMAGES))
    with tf.GradientTape() as tape:
        tape.watch(images)
        scores = step.discriminator(images, labels=LABELS).scores
    slopes = np.sqrt(np.sum(np.square(tape.gradient(scores, images)), axis=(1, 2, 3)))
    assert losses_of(step, OTHER_LABELS)["gradient_penalty"] == pytest.approx(np.mean((slopes - 1) ** 2), rel=1e-4)


def test_projection_has_no_class_loss_and_margin_has_another_than_the_class_head():
    losses = {name: losses_of(step_with(name), LABELS) for name in ("auxiliary", "projection", "margin")}
    assert losses["projection"]["real_class_loss"] == 0.0
    assert losses["margin"]["real_class_loss"] != pytest.approx(losses["auxiliary"]["real_class_loss"])


@pytest.mark.parametrize("conditioning", ["auxiliary", "margin"])
def test_class_loss_weighs_what_its_share_says(conditioning):
    step = step_with(conditioning)
    none, quarter = (losses_of(step, LABELS, share) for share in (0.0, 0.25))
    expected = 0.25 * 10 * quarter["real_class_loss"]
    assert quarter["discriminator_loss"] - none["discriminator_loss"] == pytest.approx(expected, rel=1e-4)
    inputs = tf.random.stateless_normal((4, 3), (0, 1)), LABELS
    none, quarter = (step.generator_losses(*inputs, Moment(tf.constant(0.0), share)) for share in (0.0, 0.25))
    expected = 0.25 * 10 * float(quarter["fake_class_loss"])
    assert float(quarter["generator_loss"] - none["generator_loss"]) == pytest.approx(expected, rel=1e-4)


def test_share_of_the_classes_rises_from_the_start_of_the_run(tiny_config):
    training = dataclasses.replace(tiny_config.training, class_loss_ramp_images=40)
    expected = {0: 0.0, 10: 0.25, 30: 0.75, 40: 1.0, 100: 1.0}
    assert {image: training.class_share(image) for image in expected} == expected
    assert tiny_config.training.class_share(0) == 1.0
    config = dataclasses.replace(tiny_config, training=training)
    state = GanState(config, stage_plan(training, config.network)[1], np.array([0.5, 0.5]), 1)
    for image, share in expected.items():
        assert float(state.class_share(tf.constant(image, tf.int64))) == pytest.approx(share)


def test_board_shows_class_losses_with_the_weight_that_they_had():
    row = {"image": 10, "fake_class_loss": 2.0, "real_class_loss": 1.0}
    scalars = board_scalars(row, TrainingConfig(class_loss_ramp_images=40))
    assert scalars["losses/wx_fake_ac_loss"] == pytest.approx(0.25 * 10 * 2.0)
    assert scalars["losses/wx_real_ac_loss"] == pytest.approx(0.25 * 10 * 1.0)
