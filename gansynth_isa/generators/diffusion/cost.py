"""Floating-point operations, weights and memory of a training, counted from the shapes of its layers."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gansynth_isa.generators.cost import cost_text
from gansynth_isa.generators.diffusion.config import AUTOENCODER, DiffusionConfig
from gansynth_isa.generators.diffusion.layout import DENSE_WIDTH, NUM_BLOCKS, NUM_DENSE_BLOCKS, Layout
from gansynth_isa.generators.diffusion.stages import AUTOENCODING, Stage, stage_plan

PASSES = 3  # of a training step: forward, and backward to the inputs and to the weights
KERNEL_TAPS = 9  # of a block's convolutions
STRIDED_TAPS = 16  # of those that halve or double the resolution
# Weights of a training: the network's own, their moving average, Adam's two moments, and gradients.
COPIES_OF_WEIGHTS = 5


@dataclass(frozen=True)
class _Layer:
    """`places` outputs of `outputs` numbers, each a sum of `taps` times `inputs` products."""

    places: int
    taps: int
    inputs: int
    outputs: int
    is_up: bool = False

    @property
    def flops(self) -> int:
        # Of a transposed convolution of stride 2 a quarter of the taps meets each output.
        return 2 * self.places * self.taps * self.inputs * self.outputs // (4 if self.is_up else 1)

    @property
    def weights(self) -> int:
        return self.taps * self.inputs * self.outputs


def _block(places: int, inputs: int, filters: int, conditions: int = 0, taps: int = KERNEL_TAPS) -> Iterator[_Layer]:
    yield _Layer(places, taps, inputs, filters)
    yield _Layer(places, taps, filters, filters)
    if conditions:
        yield _Layer(1, 1, conditions, 2 * filters)
    if inputs != filters:
        yield _Layer(places, 1, inputs, filters)


def encoder_layers(layout: Layout) -> Iterator[_Layer]:
    """Of the autoencoder's first half; none of principal components."""
    if layout.latents != AUTOENCODER:
        return
    frames, mel_bins, inputs = layout.clip_shape
    for filters in layout.encoder_filters:
        if layout.halves:
            frames, mel_bins = frames // 2, mel_bins // 2
        yield _Layer(frames * mel_bins, STRIDED_TAPS if layout.halves else KERNEL_TAPS, inputs, filters)
        yield from _block(frames * mel_bins, filters, filters)
        inputs = filters
    yield _Layer(frames * mel_bins, 1, inputs, layout.latent_shape[2])


def decoder_layers(layout: Layout) -> Iterator[_Layer]:
    """Of the autoencoder's second half; none of principal components."""
    if layout.latents != AUTOENCODER:
        return
    frames, mel_bins, channels = layout.latent_shape
    widths = (*layout.encoder_filters[::-1], layout.clip_shape[2])
    yield _Layer(frames * mel_bins, KERNEL_TAPS, channels, widths[0])
    for filters, following in zip(widths, widths[1:], strict=False):
        yield from _block(frames * mel_bins, filters, filters)
        if layout.halves:
            frames, mel_bins = 2 * frames, 2 * mel_bins
        yield _Layer(
            frames * mel_bins, STRIDED_TAPS if layout.halves else KERNEL_TAPS, filters, following, layout.halves
        )


def denoiser_layers(layout: Layout) -> Iterator[_Layer]:
    """Of the denoising network."""
    if len(layout.latent_shape) == 1:
        width = DENSE_WIDTH * layout.filters
        yield _Layer(1, 1, width, width)
        yield _Layer(1, 1, layout.num_latents, width)
        for _ in range(NUM_DENSE_BLOCKS):
            yield from _block(1, width, width, width, taps=1)
        yield _Layer(1, 1, width, layout.num_latents)
        return
    frames, mel_bins, channels = layout.latent_shape
    places, width, conditions = frames * mel_bins, layout.filters, 4 * layout.filters
    yield _Layer(1, 1, conditions, conditions)
    yield _Layer(places, KERNEL_TAPS, channels, width)
    for _ in range(NUM_BLOCKS):
        yield from _block(places, width, width, conditions)
    if layout.has_lower_level:
        yield _Layer(places // 4, STRIDED_TAPS, width, 2 * width)
        for _ in range(NUM_BLOCKS):
            yield from _block(places // 4, 2 * width, 2 * width, conditions)
        yield _Layer(places // 4, 1, 2 * width, width)
    yield from _block(places, (2 if layout.has_lower_level else 1) * width, width, conditions)
    for _ in range(NUM_BLOCKS - 1):
        yield from _block(places, width, width, conditions)
    yield _Layer(places, KERNEL_TAPS, width, channels)


def flops(layers: Iterable[_Layer]) -> int:
    """Multiplications and additions of one forward pass for one clip."""
    return sum(layer.flops for layer in layers)


def mapping_flops(layout: Layout) -> int:
    """Of a clip on its way to its latents."""
    if layout.latents == AUTOENCODER:
        return flops(encoder_layers(layout))
    return 2 * layout.num_values * layout.num_latents


def training_flops(layout: Layout, stage: Stage) -> int:
    """Of a training step for one clip."""
    if stage.kind == AUTOENCODING:
        return PASSES * (flops(encoder_layers(layout)) + flops(decoder_layers(layout)))
    return mapping_flops(layout) + PASSES * flops(denoiser_layers(layout))


def run_flops(config: DiffusionConfig, layout: Layout) -> int:
    """Of a whole training."""
    return sum(stage.num_images * training_flops(layout, stage) for stage in stage_plan(config))


def num_weights(layers: Iterable[_Layer]) -> int:
    """Products' weights, which are nearly all."""
    return sum(layer.weights for layer in layers)


def training_bytes(config: DiffusionConfig, layout: Layout) -> int:
    """Memory of a training step beside TensorFlow's own, of the stage that needs more.

    Of each output of a layer about three are kept for the way back: it, its norm, and its activation.
    """
    networks = ((*encoder_layers(layout), *decoder_layers(layout)), tuple(denoiser_layers(layout)))
    batch_size = config.diffusion_batch_size
    most = 0
    for layers in networks:
        kept = 3 * batch_size * sum(layer.places * layer.outputs for layer in layers)
        most = max(most, 4 * (kept + COPIES_OF_WEIGHTS * num_weights(layers)))
    return most


def plan_lines(config: DiffusionConfig, layout: Layout) -> list[str]:
    """What a training of a resolved configuration will do and what it costs, to print."""
    shape = ", ".join(map(str, layout.clip_shape))
    size = " x ".join(map(str, layout.latent_shape))
    if layout.latents == AUTOENCODER:
        latents = f"latents of {size} by an autoencoder"
    else:
        latents = f"latents of at most {layout.num_latents} principal components"
    parts = {
        "autoencoder": num_weights(encoder_layers(layout)) + num_weights(decoder_layers(layout)),
        "denoising network": num_weights(denoiser_layers(layout)),
    }
    weights = ", ".join(f"{name} {number / 1e3:,.0f} thousand" for name, number in parts.items() if number)
    images = ", ".join(f"{stage.kind} {stage.num_images:,}" for stage in stage_plan(config))
    return [
        f"diffusion: clips of shape ({shape}), {latents}; weights: {weights}",
        f"images: {images}, in batches of {config.diffusion_batch_size}; a clip is made in {config.diffusion_steps} "
        f"steps, {config.num_evaluations} evaluations, guidance {config.diffusion_guidance:g}",
        f"{cost_text(run_flops(config, layout))}; "
        f"memory {training_bytes(config, layout) / 2**20:,.0f} MiB beside TensorFlow's own",
    ]
