"""Settings of latent diffusion."""

from dataclasses import dataclass

from gansynth_isa.errors import InputError
from gansynth_isa.validation import Decides, Validated, setting

AUTOENCODER, COMPONENTS = "autoencoder", "components"
ANGLE, SIGMA = "angle", "sigma"
COLOURED, WHITE, NONE = "coloured", "white", "none"
REDUCTIONS = (1, 2, 4, 8)


@dataclass(frozen=True)
class DiffusionConfig(Validated):
    """Latents, networks, schedule and sampling; what EDM (Karras et al. 2022) fixes lies in `edm`.

    The defaults are sized for two cores: clips of (64, 128) take 53 TFLOP.
    """

    diffusion_latents: str = setting(
        AUTOENCODER,
        "what noise is taken from: the latents of a convolutional autoencoder, or principal components of whole clips",
        Decides.TRAINING,
        choices=(AUTOENCODER, COMPONENTS),
    )
    diffusion_latent_channels: int = setting(
        4, "autoencoder: numbers in each place of its latents", Decides.TRAINING, minimum=1, maximum=64
    )
    diffusion_reduction: int | None = setting(
        None,
        "autoencoder: frames, and mel bins, of a clip for each place of its latents; default: as many as leave 8 "
        "places in time and 16 in frequency",
        Decides.TRAINING,
        choices=REDUCTIONS,
    )
    diffusion_components: int = setting(
        64, "largest number of principal components; fewer where the clips span fewer", Decides.TRAINING, minimum=1
    )
    diffusion_residual: str = setting(
        COLOURED,
        "what the latents leave out: noise whose neighbours in time and frequency hang together as in the clips "
        "(coloured), or not (white), or nothing",
        Decides.TRAINING,
        choices=(COLOURED, WHITE, NONE),
    )
    diffusion_filters: int = setting(
        64,
        "filters of the denoising network, twice as many at half its resolution; of principal components four times "
        "as many in each layer",
        Decides.TRAINING,
        minimum=2,
        maximum=1024,
    )
    diffusion_autoencoder_filters: int = setting(
        16,
        "filters of the autoencoder at half the resolution of the clips, twice as many with each further halving",
        Decides.TRAINING,
        minimum=2,
        maximum=512,
    )
    diffusion_autoencoder_images: int = setting(16_000, "clips shown to the autoencoder", Decides.TRAINING, minimum=1)
    diffusion_images: int = setting(96_000, "clips shown to the denoising network", Decides.TRAINING, minimum=1)
    diffusion_batch_size: int = setting(32, "clips of a training step", Decides.TRAINING, minimum=1)
    diffusion_autoencoder_learning_rate: float = setting(
        2e-3, "largest Adam learning rate of the autoencoder", Decides.TRAINING, above=0.0
    )
    diffusion_learning_rate: float = setting(
        2e-3, "largest Adam learning rate of the denoising network", Decides.TRAINING, above=0.0
    )
    diffusion_average_half_life_images: float | None = setting(
        None,
        "half-life of the moving average of the weights, in images; default: a sixteenth of those shown",
        Decides.TRAINING,
        above=0.0,
    )
    diffusion_label_drop: float = setting(
        0.1,
        "probability that a training step hides a clip's class, which guidance needs",
        Decides.TRAINING,
        minimum=0.0,
        below=1.0,
    )
    diffusion_augmentation_probability: float = setting(
        0.25,
        "probability of each random change of a training clip; the network is told of it, so that its clips have none",
        Decides.TRAINING,
        minimum=0.0,
        maximum=1.0,
    )
    diffusion_guidance: float = setting(
        1.0,
        "how far clips are pulled to their class: 0 not at all, 1 as the network has learnt it, more makes them more "
        "typical and more alike",
        Decides.TRAINING,
        minimum=0.0,
        maximum=100.0,
    )
    diffusion_steps: int = setting(
        18, "steps of Heun's method that make a clip, two evaluations each but for the last", Decides.TRAINING,
        minimum=2, maximum=1000,
    )  # fmt: skip
    diffusion_heun: str = setting(
        ANGLE,
        "what Heun's method steps in: the angle arctan(sigma / 0.5), in which data as they are scaled are exact, or "
        "the noise level sigma, as in EDM's paper",
        Decides.TRAINING,
        choices=(ANGLE, SIGMA),
    )
    diffusion_save_summaries_num_images: int | None = setting(
        None, "images between reports; default: a stage's tenth", Decides.REPORTS, minimum=1
    )
    diffusion_save_checkpoints_num_images: int | None = setting(
        None, "images between saves; default: a quarter of a stage", Decides.REPORTS, minimum=1
    )

    def check(self) -> None:
        if self.diffusion_label_drop == 0.0 and self.diffusion_guidance != 1.0:
            raise InputError(
                f"diffusion_guidance: expected 1 where diffusion_label_drop is 0, for the network then knows nothing "
                f"without the class, got {self.diffusion_guidance:g}"
            )

    @property
    def num_evaluations(self) -> int:
        """How often the network is asked for a clip."""
        return 2 * self.diffusion_steps - 1
