"""Plan, weights and operations, against those of the networks themselves."""

import dataclasses

import keras
import numpy as np
import pytest
import tensorflow as tf

from gansynth_isa.config import FeatureConfig
from gansynth_isa.errors import InputError
from gansynth_isa.generators.diffusion.config import DiffusionConfig
from gansynth_isa.generators.diffusion.cost import (
    decoder_layers,
    denoiser_layers,
    encoder_layers,
    flops,
    num_weights,
    plan_lines,
    run_flops,
)
from gansynth_isa.generators.diffusion.layout import Layout, make_layout, reduction_of
from gansynth_isa.generators.diffusion.networks.changes import NUM_CHANGES
from gansynth_isa.generators.diffusion.networks.codec import Codec
from gansynth_isa.generators.diffusion.networks.denoiser import Denoiser
from gansynth_isa.generators.registry import kind_named

LAYOUTS = (
    Layout("autoencoder", (32, 64, 1), (8, 16, 4), 3, 8, 4, True),
    Layout("autoencoder", (8, 6, 2), (8, 6, 3), 3, 8, 4, True),
    Layout("autoencoder", (16, 8, 1), (2, 1, 3), 3, 8, 4, True),
    Layout("components", (8, 16, 1), (7,), 3, 5, 2, True),
)
EMBEDDINGS = ("embed_noise", "embed_label", "embed_changes")  # a few numbers to a vector, which the count leaves out


def products(call, shapes):
    """Multiplications and additions of one clip's convolutions and matrix products, from the graph's shapes."""
    graph = tf.function(call).get_concrete_function(*(tf.TensorSpec((1, *shape)) for shape in shapes)).graph
    total = 0
    for operation in graph.get_operations():
        inputs = [tuple(tensor.shape) for tensor in operation.inputs]
        if operation.type == "Conv2D":
            total += 2 * np.prod(operation.outputs[0].shape) * np.prod(inputs[1][:3])
        if operation.type == "Conv2DBackpropInput":  # a transposed convolution: each input times all taps
            total += 2 * np.prod(inputs[2]) * np.prod(inputs[1][:3])
        if operation.type == "MatMul" and inputs[1][0] not in (16, 3, NUM_CHANGES):  # embeddings aside
            total += 2 * np.prod(inputs[0]) * inputs[1][1]
    return total


def kernels(layer):
    variables = [variable for variable in layer.trainable_variables if variable.path.endswith("kernel")]
    return sum(int(np.prod(variable.shape)) for variable in variables if variable.path.split("/")[0] not in EMBEDDINGS)


@pytest.mark.parametrize("layout", LAYOUTS, ids=["small", "not_halved", "one_place", "components"])
def test_counts_are_those_of_the_networks(layout):
    denoiser = Denoiser(layout, NUM_CHANGES)
    assert num_weights(denoiser_layers(layout)) == kernels(denoiser)
    asked = (layout.latent_shape, (), (3,), (NUM_CHANGES,))
    assert flops(denoiser_layers(layout)) == products(denoiser, asked)
    codec = Codec(layout)
    if layout.latents == "autoencoder":
        assert num_weights([*encoder_layers(layout), *decoder_layers(layout)]) == kernels(codec.map)
        assert flops(encoder_layers(layout)) == products(codec.map.encode, [layout.clip_shape])
        assert flops(decoder_layers(layout)) == products(codec.map.decode, [layout.latent_shape])
    assert isinstance(denoiser, keras.layers.Layer)


@pytest.mark.parametrize(
    ("shape", "reduction"),
    [((32, 64), 4), ((64, 128), 8), ((128, 1024), 8), ((32, 128), 4), ((4, 8), 1), ((63, 64), 1)],
)
def test_reduction_leaves_8_places_in_time_and_16_in_frequency(shape, reduction):
    features = FeatureConfig(frames=shape[0], mel_bins=shape[1])
    assert reduction_of(DiffusionConfig(), features) == reduction


def test_reduction_that_does_not_divide_the_clips_is_refused():
    with pytest.raises(InputError, match="diffusion_reduction: expected a divisor of the 63 frames and 64 mel bins"):
        reduction_of(DiffusionConfig(diffusion_reduction=2), FeatureConfig(frames=63, mel_bins=64))


def test_guidance_without_hidden_labels_is_refused():
    with pytest.raises(InputError, match="diffusion_guidance: expected 1 where diffusion_label_drop is 0, .* got 2"):
        DiffusionConfig(diffusion_label_drop=0.0, diffusion_guidance=2.0)
    assert DiffusionConfig(diffusion_label_drop=0.0).diffusion_guidance == 1.0


def test_default_run_on_clips_of_64_by_128_takes_at_most_60_tflop():
    kind, features = kind_named("diffusion"), FeatureConfig(frames=64, mel_bins=128)
    config = kind.resolve(DiffusionConfig(), features)
    layout = make_layout(config, features, 3, 100)
    assert 30e12 < run_flops(config, layout) <= 60e12
    lines = kind.plan(config, features)
    assert lines == plan_lines(config, make_layout(config, features, 3, 1_000_000))
    assert "latents of 8 x 16 x 4 by an autoencoder" in lines[0] and "35 evaluations" in lines[1]
    assert "TFLOP" in lines[2] and "MiB" in lines[2]


def test_plan_of_components_has_one_stage():
    kind, features = kind_named("diffusion"), FeatureConfig(frames=64, mel_bins=128)
    config = kind.resolve(DiffusionConfig(diffusion_latents="components"), features)
    assert dataclasses.replace(config) == config and config.diffusion_reduction is None
    first, second, _ = kind.plan(config, features)
    assert "at most 64 principal components" in first and "images: denoising 96,000" in second
