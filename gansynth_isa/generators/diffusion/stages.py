"""The stages of a training, as a plan that can be tested without TensorFlow.

The clock counts images shown, through both stages: first the autoencoder's, then the denoising network's.
"""

from dataclasses import dataclass

from gansynth_isa.generators.diffusion.config import AUTOENCODER, DiffusionConfig

AUTOENCODING, DENOISING = "autoencoder", "denoising"


@dataclass(frozen=True)
class Stage:
    """One of the two trainings, from image `first_image` up to, but not including, `end_image`.

    Attributes:
      index: 0, 1.
      kind: 'autoencoder' or 'denoising'.
    """

    index: int
    kind: str
    first_image: int
    end_image: int

    @property
    def name(self) -> str:
        """Of the folder of its checkpoints."""
        return f"stage_{self.index:05d}"

    @property
    def num_images(self) -> int:
        """Images shown."""
        return self.end_image - self.first_image


def stage_plan(config: DiffusionConfig) -> tuple[Stage, ...]:
    """Both stages, or that of the denoising network alone, where principal components need no training."""
    first = config.diffusion_autoencoder_images
    if config.diffusion_latents != AUTOENCODER:
        return (Stage(0, DENOISING, 0, config.diffusion_images),)
    # A batch may reach past the end: the stage behind it starts at a multiple of the batch size.
    first = -(-first // config.diffusion_batch_size) * config.diffusion_batch_size
    return Stage(0, AUTOENCODING, 0, first), Stage(1, DENOISING, first, first + config.diffusion_images)


def intervals(config: DiffusionConfig, stage: Stage) -> tuple[int, int]:
    """Images between reports and between saves of a stage."""
    return (
        config.diffusion_save_summaries_num_images or max(1, stage.num_images // 10),
        config.diffusion_save_checkpoints_num_images or max(1, stage.num_images // 4),
    )


def half_life(config: DiffusionConfig, stage: Stage) -> float:
    """Half-life of the moving average of the weights in a stage, in images."""
    return config.diffusion_average_half_life_images or stage.num_images / 16
