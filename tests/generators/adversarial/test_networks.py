"""Networks and penalty against hand computations."""

import numpy as np
import pytest
import tensorflow as tf

from gansynth_isa.generators.adversarial.gradient_penalty import gradient_penalty
from gansynth_isa.generators.adversarial.layout import Cost, Layout
from gansynth_isa.generators.adversarial.networks import (
    ConvolutionalCritic,
    ConvolutionalGenerator,
    phase_shuffled,
)

LINE = Layout(start=(16,), strides=((4,), (2,)), filters=(4, 2), kernel=(25,), shape=(100,))
PLANE = Layout(start=(4, 4), strides=((2, 2), (1, 2)), filters=(4, 2), kernel=(5, 5), shape=(8, 16))


def generator_of(layout, num_classes=0, **options):
    parts = (layout.start, layout.strides, layout.filters, layout.kernel, layout.shape)
    generator = ConvolutionalGenerator(*parts, latent_size=3, num_classes=num_classes, **options)
    generator.build()
    return generator


@pytest.mark.parametrize(
    ("shift", "expected"),
    [
        (0, [1, 2, 3, 4, 5]),
        (1, [2, 1, 2, 3, 4]),
        (2, [3, 2, 1, 2, 3]),
        (-1, [2, 3, 4, 5, 4]),
        (-2, [3, 4, 5, 4, 3]),
    ],
)
def test_phase_shuffle_shifts_and_reflects_at_the_edge(shift, expected):
    activations = tf.reshape(tf.range(1.0, 6.0), (1, 5, 1)) * tf.constant([1.0, 10.0])
    shifted = phase_shuffled(activations, tf.constant(shift), radius=2).numpy()
    np.testing.assert_array_equal(shifted[0, :, 0], expected)
    np.testing.assert_array_equal(shifted[0, :, 1], 10 * np.array(expected))


@pytest.mark.parametrize("layout", [LINE, PLANE], ids=["line", "plane"])
@pytest.mark.parametrize("num_classes", [0, 3])
def test_networks_have_the_parameters_and_shapes_of_their_layout(layout, num_classes):
    generator, critic = generator_of(layout, num_classes), ConvolutionalCritic(layout, num_classes)
    counts = [
        sum(layer.num_parameters for layer in layers)
        for layers in (layout.generator_layers(3, num_classes), layout.critic_layers(num_classes))
    ]
    assert [generator.count_params(), critic.count_params()] == counts
    labels = tf.one_hot([0, 0], num_classes)
    made = generator(tf.zeros((2, 3)), labels)
    assert made.shape == (2, *layout.shape, 1)
    assert critic(made, labels).shape == (2, 1)


def test_cost_counts_every_pass_of_both_updates():
    cost = Cost.of(LINE, 3, 0, batch_size=2, critic_steps=5)
    generator = 2 * (3 * 16 * 4 + 16 * 25 * 4 * 2 + 64 * 25 * 2)
    critic = 2 * (16 * 25 * 4 * 2 + 64 * 25 * 2 + 16 * 4)
    assert cost.flops_per_image == round(generator + 12 * critic + (3 * generator + 2 * critic) / 5)
    assert cost.generator_parameters == 3 * 64 + 64 + 25 * 8 + 2 + 25 * 2 + 1


def test_filter_behind_the_generator_is_a_convolution_of_its_output():
    plain, filtered = generator_of(LINE, seed=1), generator_of(LINE, seed=1, filter_length=4)
    kernel = np.array([0.5, 0.25, -1.0, 2.0], np.float32)
    filtered.filter.kernel.assign(kernel[:, np.newaxis, np.newaxis])
    for source, target in zip(plain.trainable_variables, filtered.trainable_variables, strict=False):
        target.assign(source)
    latents = tf.random.stateless_normal((1, 3), (0, 1))
    full = np.pad(plain(latents).numpy()[0, :, 0], (1, 2))
    expected = [np.dot(full[index : index + 4], kernel) for index in range(98)]
    np.testing.assert_allclose(filtered(latents).numpy()[0, :98, 0], expected, atol=1e-5)


def test_score_of_a_label_adds_the_inner_product_with_the_vector_of_its_class():
    critic = ConvolutionalCritic(LINE, num_classes=2, seed=3)
    examples, nothing = tf.random.stateless_normal((1, 100, 1), (0, 1)), tf.zeros((1, 2))
    critic.dense.bias.assign([0.5, 1.0, -2.0])
    kernel, bias = critic.dense.kernel.numpy(), critic.dense.bias.numpy()
    scores = [float(critic(examples, tf.one_hot([label], 2))[0, 0]) for label in (0, 1)]
    products = []
    for column in range(3):  # each in the place of what all classes share
        critic.dense.kernel.assign(np.roll(kernel, -column, axis=1))
        critic.dense.bias.assign(np.roll(bias, -column))
        products.append(float(critic(examples, nothing)[0, 0]))
    np.testing.assert_allclose(scores, [products[0] + products[1], products[0] + products[2]], atol=1e-5)


def test_critic_does_not_look_behind_the_clip():
    critic = ConvolutionalCritic(LINE)
    whole = ConvolutionalCritic(Layout(LINE.start, LINE.strides, LINE.filters, LINE.kernel, (128,)))
    examples = np.random.default_rng(0).normal(size=(2, 100, 1)).astype(np.float32)
    filled = np.pad(examples, ((0, 0), (0, 28), (0, 0)))
    np.testing.assert_allclose(critic(examples), whole(filled), atol=1e-6)


def test_shuffles_are_those_of_every_convolution_but_the_last():
    critic = ConvolutionalCritic(LINE, shuffle_radius=2, seed=1)
    assert critic.num_shuffles == 1
    examples = tf.random.stateless_normal((1, 100, 1), (0, 1))
    still, moved = (critic(examples, shifts=tf.constant([shift])) for shift in (0, 2))
    np.testing.assert_allclose(still, critic(examples), atol=1e-6)
    assert abs(float(moved[0, 0] - still[0, 0])) > 1e-4


def test_penalty_of_a_linear_critic_is_the_squared_distance_of_its_weights_norm_to_1():
    weights = np.random.default_rng(0).normal(size=(1, 7, 1)).astype(np.float32)
    examples = tf.random.stateless_normal((4, 7, 1), (0, 1))
    with tf.GradientTape() as tape:
        tape.watch(examples)
        scores = tf.reduce_sum(examples * weights, axis=(1, 2))
    penalty = gradient_penalty(tape.gradient(scores, examples))
    assert float(penalty) == pytest.approx((np.sqrt((weights**2).sum()) - 1) ** 2, rel=1e-5)
