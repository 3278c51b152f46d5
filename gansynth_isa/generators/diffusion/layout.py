"""Sizes of the networks and latents of a training, which follow from its settings, its classes and its clips."""

from dataclasses import dataclass

from gansynth_isa.config import FeatureConfig
from gansynth_isa.errors import InputError, UnfitClips
from gansynth_isa.generators.diffusion.config import AUTOENCODER, NONE, REDUCTIONS, DiffusionConfig
from gansynth_isa.validation import known

# Places of the latents, at least, that the default reduction leaves.
FRAMES_LEFT, BINS_LEFT = 8, 16
# Of the denoising network: blocks at each level and on each way, and of principal components their number and how many
# times `filters` units they have.
NUM_BLOCKS, NUM_DENSE_BLOCKS, DENSE_WIDTH = 2, 4, 4


@dataclass(frozen=True)
class Layout:
    """Sizes.

    Attributes:
      latents: 'autoencoder' or 'components'.
      clip_shape: (frames, mel_bins, channels) of a clip.
      latent_shape: (frames, mel_bins, channels) of the autoencoder's latents, or (components,).
      num_classes: of the labels.
      filters: of the denoising network.
      autoencoder_filters: of the autoencoder.
      has_residual: whether noise stands for what the latents leave out.
    """

    latents: str
    clip_shape: tuple[int, int, int]
    latent_shape: tuple[int, ...]
    num_classes: int
    filters: int
    autoencoder_filters: int
    has_residual: bool

    @property
    def num_latents(self) -> int:
        """Numbers in the latents of a clip."""
        product = 1
        for size in self.latent_shape:
            product *= size
        return product

    @property
    def num_values(self) -> int:
        """Numbers in a clip."""
        frames, mel_bins, channels = self.clip_shape
        return frames * mel_bins * channels

    @property
    def latent_size(self) -> int:
        """Standard normal numbers that a clip is made of: the noise of its latents, and that of the residual."""
        return self.num_latents + (self.num_values if self.has_residual else 0)

    @property
    def encoder_filters(self) -> tuple[int, ...]:
        """Filters of the autoencoder after each halving; of one that does not halve, those of its only block."""
        halvings = (self.clip_shape[0] // self.latent_shape[0]).bit_length() - 1
        return tuple(self.autoencoder_filters * 2**level for level in range(max(1, halvings)))

    @property
    def halves(self) -> bool:
        """Whether the autoencoder makes clips smaller at all."""
        return self.clip_shape[:2] != self.latent_shape[:2]

    @property
    def has_lower_level(self) -> bool:
        """Whether the denoising network goes down to half the resolution of its latents, and up again."""
        return all(size % 2 == 0 and size >= 4 for size in self.latent_shape[:2])


def reduction_of(config: DiffusionConfig, features: FeatureConfig) -> int:
    """How many frames, and mel bins, of a clip one place of the autoencoder's latents stands for.

    Raises:
      InputError: clips that cannot be halved so often.
    """
    frames, mel_bins, _ = features.shape
    fitting = [size for size in REDUCTIONS if frames % size == 0 and mel_bins % size == 0]
    if config.diffusion_reduction is None:
        small = [size for size in fitting if frames // size >= FRAMES_LEFT and mel_bins // size >= BINS_LEFT]
        return max(small, default=1)
    if config.diffusion_reduction not in fitting:
        raise InputError(
            f"diffusion_reduction: expected a divisor of the {frames} frames and {mel_bins} mel bins of the clips, got "
            f"{config.diffusion_reduction}"
        )
    return config.diffusion_reduction


def make_layout(config: DiffusionConfig, features: FeatureConfig, num_classes: int, num_clips: int) -> Layout:
    """The sizes of a training on so many clips; of `config`, which is resolved, nothing is left open.

    Raises:
      UnfitClips: principal components of a single clip.
    """
    frames, mel_bins, channels = features.shape
    latent_shape: tuple[int, ...] = (min(config.diffusion_components, num_clips - 1, frames * mel_bins * channels),)
    if config.diffusion_latents == AUTOENCODER:
        reduction = known(config.diffusion_reduction)
        latent_shape = (frames // reduction, mel_bins // reduction, config.diffusion_latent_channels)
    elif num_clips < 2:
        raise UnfitClips("clips_per_class: expected two clips or more for principal components, got one")
    return Layout(
        latents=config.diffusion_latents,
        clip_shape=(frames, mel_bins, channels),
        latent_shape=latent_shape,
        num_classes=num_classes,
        filters=config.diffusion_filters,
        autoencoder_filters=config.diffusion_autoencoder_filters,
        has_residual=config.diffusion_residual != NONE,
    )
