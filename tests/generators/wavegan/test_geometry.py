"""Lengths and layers against the tables of the papers."""

import math

import pytest

from gansynth_isa.errors import InputError
from gansynth_isa.generators.wavegan.config import WaveganConfig
from gansynth_isa.generators.wavegan.geometry import covering_length, layout_of, network_length

# Donahue et al. 2019, tables 3 and 4, d = 64: weights (kernel, inputs, outputs) and biases, by hand.
GENERATOR = (
    100 * 256 * 64 + 256 * 64,
    25 * 1024 * 512 + 512,
    25 * 512 * 256 + 256,
    25 * 256 * 128 + 128,
    25 * 128 * 64 + 64,
    25 * 64 * 1 + 1,
)
# The same with two further convolutions, of d / 2 and d / 4 filters: 32 and 16.
ENVGAN_GENERATOR = (*GENERATOR[:-1], 25 * 64 * 32 + 32, 25 * 32 * 16 + 16, 25 * 16 * 1 + 1)
CRITIC = (
    25 * 1 * 64 + 64,
    25 * 64 * 128 + 128,
    25 * 128 * 256 + 256,
    25 * 256 * 512 + 512,
    25 * 512 * 1024 + 1024,
    16 * 1024 + 1,
)
ENVGAN_CRITIC = (25 * 1 * 16 + 16, 25 * 16 * 32 + 32, 25 * 32 * 64 + 64, *CRITIC[1:])


@pytest.mark.parametrize(
    ("num_samples", "length"),
    [
        (1, 64),
        (64, 64),
        (65, 128),
        (129, 256),
        (16_000, 16_384),
        (16_384, 16_384),
        (16_385, 32_768),
        (17_640, 32_768),
        (32_769, 65_536),
        (66_150, 131_072),
        (220_500, 262_144),
    ],
)
def test_length_is_the_next_of_16_times_powers_of_4_times_1_2_4(num_samples, length):
    assert covering_length(num_samples) == length


def test_clip_beyond_all_lengths_is_refused():
    with pytest.raises(InputError, match="clip_seconds: expected clips of at most 1,048,576 samples for wavegan"):
        covering_length(1_048_577)


def test_published_networks_have_the_layers_and_parameters_of_the_paper():
    layout = layout_of(WaveganConfig(wavegan_model_size=64), 16_384, 16_000)
    assert tuple(layer.num_parameters for layer in layout.generator_layers(100, 0)) == GENERATOR
    assert tuple(layer.num_parameters for layer in layout.critic_layers(0)) == CRITIC
    assert (sum(GENERATOR), sum(CRITIC)) == (19_065_345, 17_427_969)
    assert [math.prod(layout.positions(index)) for index in range(6)] == [16, 64, 256, 1024, 4096, 16_384]


def test_longer_networks_end_with_the_authors_strides():
    config = WaveganConfig(wavegan_model_size=64)
    assert layout_of(config, 32_768, 32_768).strides == ((4,),) * 5 + ((2,),)
    assert layout_of(config, 65_536, 65_536).strides == ((4,),) * 6
    assert layout_of(config, 65_536, 65_536).filters == (2048, 1024, 512, 256, 128, 64)


def test_envgan_makes_196608_samples_by_two_further_convolutions():
    config = WaveganConfig(wavegan_architecture="envgan", wavegan_model_size=64)
    layout = layout_of(config, network_length(config, 176_400, 44_100), 176_400)
    assert (layout.full_shape, layout.shape, len(layout.strides)) == ((196_608,), (176_400,), 7)
    assert layout.filters == (1024, 512, 256, 128, 64, 32, 16)
    assert tuple(layer.num_parameters for layer in layout.generator_layers(100, 0)) == ENVGAN_GENERATOR
    assert tuple(layer.num_parameters for layer in layout.critic_layers(0)) == ENVGAN_CRITIC
    positions = [math.prod(layout.positions(index)) for index in range(8)]
    assert positions == [16, 64, 256, 1024, 4096, 16_384, 65_536, 196_608]


def test_clip_of_two_seconds_and_a_sample_is_long_enough_for_envgan():
    assert network_length(WaveganConfig(wavegan_architecture="envgan"), 88_201, 44_100) == 196_608


def test_clips_of_pucks_are_too_long_for_envgan_at_their_rate_and_fit_at_32_khz():
    config = WaveganConfig(wavegan_architecture="envgan")
    with pytest.raises(InputError, match="got 220,500; cut shorter ones, or give a lower --sample_rate"):
        network_length(config, 5 * 44_100, 44_100)
    assert network_length(config, 5 * 32_000, 32_000) == 196_608


@pytest.mark.parametrize(
    ("settings", "num_samples", "message"),
    [
        ({}, 88_200, "clip_seconds: expected clips above 2 s for envgan, got 2 s; wavegan takes shorter ones"),
        ({}, 196_609, "clip_seconds: expected clips of at most 196,608 samples for envgan, got 196,609"),
        ({"wavegan_num_samples": 65_536}, 150_000, "wavegan_num_samples: expected 196,608 for envgan, got 65,536"),
        ({"wavegan_model_size": 6}, 150_000, "wavegan_model_size: expected a multiple of 4 for envgan"),
    ],
)
def test_what_envgan_cannot_make_is_refused(settings, num_samples, message):
    with pytest.raises(InputError, match=message):
        network_length(WaveganConfig(wavegan_architecture="envgan", **settings), num_samples, 44_100)


@pytest.mark.parametrize("length", [64, 500, 2048 * 3])
def test_length_that_is_none_or_too_short_is_refused(length):
    with pytest.raises(
        InputError, match="wavegan_num_samples: expected 16 x 4\\^k x 1, 2 or 4 that holds a clip of 400"
    ):
        network_length(WaveganConfig(wavegan_num_samples=length), 400, 8000)


def test_length_that_is_asked_for_may_be_larger():
    assert network_length(WaveganConfig(wavegan_num_samples=1024), 400, 8000) == 1024
