"""The networks of a stage, built from the configuration."""

from gansynth_isa.environment import check_keras
from gansynth_isa.generators.gansynth.config import NetworkConfig
from gansynth_isa.generators.gansynth.networks.base_images import BaseImages
from gansynth_isa.generators.gansynth.networks.discriminator import Discriminator
from gansynth_isa.generators.gansynth.networks.generator import Generator
from gansynth_isa.validation import known


def build_generator(
    network: NetworkConfig,
    num_classes: int,
    num_blocks: int,
    growing: bool,
    num_channels: int = 1,
    seed: int = 0,
    precision: str = "float32",
    name: str = "generator",
    base: BaseImages | None = None,
) -> Generator:
    """The generator with `num_blocks` blocks of a resolved network configuration; `base`: images to start from."""
    check_keras()
    return Generator(
        latent_vector_size=network.latent_vector_size,
        num_classes=num_classes,
        start_resolution=network.start_resolution,
        filters=network.filters,
        num_blocks=num_blocks,
        growing=growing,
        num_channels=num_channels,
        scale=network.scale,
        kernel_size=network.kernel_size,
        to_rgb_activation=network.to_rgb_activation,
        seed=seed,
        precision=precision,
        noise_inputs=network.noise_inputs,
        latent_normalization=network.latent_normalization,
        base=base,
        name=name,
    )


def build_discriminator(
    network: NetworkConfig,
    num_classes: int,
    num_blocks: int,
    growing: bool,
    num_channels: int = 1,
    seed: int = 0,
    precision: str = "float32",
) -> Discriminator:
    """The discriminator with `num_blocks` blocks of a resolved network configuration."""
    check_keras()
    return Discriminator(
        num_classes=num_classes,
        start_resolution=network.start_resolution,
        filters=network.filters,
        num_blocks=num_blocks,
        growing=growing,
        num_channels=num_channels,
        scale=network.scale,
        kernel_size=network.kernel_size,
        seed=seed,
        precision=precision,
        class_conditioning=network.class_conditioning,
        name="discriminator",
    )


def slope_scale(network: NetworkConfig, num_blocks: int) -> float:
    """Factor from the slope of the score over an image of `num_blocks` blocks to that at the final resolution.

    The final image reaches these blocks through box means over n pixels; each divides the norm of the
    gradient by sqrt(n).
    """
    pixels = (network.scale[0] * network.scale[1]) ** (known(network.num_resolutions) - num_blocks)
    return pixels**-0.5
