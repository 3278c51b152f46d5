"""Floating-point operations of the networks, counted from the layer shapes."""

from gansynth_isa.generators.cost import cost_text
from gansynth_isa.generators.gansynth.config import NetworkConfig
from gansynth_isa.generators.gansynth.stages import Stage

# Of one training step per image, in forward passes: the generator's own update takes 3 generator passes (forward,
# two backward) and 2 of the discriminator; the discriminator's takes 1 of the generator, 6 on fakes and reals, and 6
# for the penalty, whose gradient is differentiated once more.
GENERATOR_PASSES = 4
DISCRIMINATOR_PASSES = 14


def generator_flops(network: NetworkConfig, num_blocks: int) -> int:
    """Multiplications and additions of one forward pass for one image of `num_blocks` blocks."""
    frames, mel_bins = network.start_resolution
    taps = network.kernel_size**2
    total = 2 * network.latent_vector_size * frames * mel_bins * network.num_filters(1)
    for block in range(1, num_blocks + 1):
        pixels = _pixels(network, block)
        filters = network.num_filters(block)
        inputs = (network.num_filters(block - 1), filters) if block > 1 else (filters,)
        total += sum(2 * pixels * taps * channels * filters for channels in inputs)
    return total + 2 * _pixels(network, num_blocks) * network.num_filters(num_blocks)


def discriminator_flops(network: NetworkConfig, num_blocks: int) -> int:
    """Multiplications and additions of one forward pass for one image of `num_blocks` blocks."""
    taps = network.kernel_size**2
    total = 2 * _pixels(network, num_blocks) * network.num_filters(num_blocks)
    for block in range(2, num_blocks + 1):
        pixels, filters = _pixels(network, block), network.num_filters(block)
        total += 2 * pixels * taps * filters * (filters + network.num_filters(block - 1))
    pixels, filters = _pixels(network, 1), network.num_filters(1)
    return total + 2 * pixels * filters * (taps * (filters + 1) + network.num_filters(0))


def training_flops(network: NetworkConfig, num_blocks: int) -> int:
    """Operations of a training step per image at `num_blocks` blocks."""
    return GENERATOR_PASSES * generator_flops(network, num_blocks) + DISCRIMINATOR_PASSES * discriminator_flops(
        network, num_blocks
    )


def _pixels(network: NetworkConfig, block: int) -> int:
    frames, mel_bins = network.start_resolution
    return frames * mel_bins * (network.scale[0] * network.scale[1]) ** (block - 1)


def run_flops(stages: tuple[Stage, ...], network: NetworkConfig) -> int:
    """Operations of a whole training."""
    return sum(stage.num_images * training_flops(network, stage.num_blocks) for stage in stages)


def cost_line(stages: tuple[Stage, ...], network: NetworkConfig) -> str:
    """What a whole training costs, to print below its plan."""
    return cost_text(run_flops(stages, network))


def seconds_left(
    stages: tuple[Stage, ...], network: NetworkConfig, stage: Stage, image: int, images_per_s: float
) -> tuple[float, float]:
    """Estimated seconds to the end of `stage` and of the run at the present rate.

    Later stages are expected to run at the same operations per second.
    """
    this_stage = max(0, stage.end_image - image) / images_per_s
    flops_per_s = images_per_s * training_flops(network, stage.num_blocks)
    later = sum(
        other.num_images * training_flops(network, other.num_blocks) for other in stages if other.index > stage.index
    )
    return this_stage, this_stage + later / flops_per_s
