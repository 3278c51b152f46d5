"""Settings of the progressive GAN; where the original GANSynth has a setting, it bears the original's name.

Defaults are those of the original's `mel_prog_hires`.
"""

from dataclasses import dataclass, field

from gansynth_isa.config.classifier import BALANCES
from gansynth_isa.config.data import DataConfig
from gansynth_isa.config.features import FeatureConfig
from gansynth_isa.config.seeds import LARGEST_SEED
from gansynth_isa.errors import InputError
from gansynth_isa.validation import Decides, Validated, known, setting

NO_BASE = "none"
BASES = (NO_BASE, "gaussian", "transfer", "smote")
CONDITIONINGS = ("auxiliary", "projection", "margin")
NORMALIZATIONS = ("joined", "apart")
SHIFTS = ("wrapped", "padded")
PRECISIONS = ("float32", "bfloat16", "auto")


@dataclass(frozen=True)
class NetworkConfig(Validated):
    """Shapes of generator and discriminator."""

    latent_vector_size: int = setting(256, "size of the latent vector", Decides.TRAINING, minimum=1)
    kernel_size: int = setting(3, "kernel size of the convolutions", Decides.TRAINING, minimum=1)
    start_height: int | None = setting(
        None, "first block's frames; default: frames / 2^(num_resolutions-1)", Decides.TRAINING, minimum=1
    )
    start_width: int | None = setting(
        None, "mel bins of the first block; default: from mel_bins", Decides.TRAINING, minimum=1
    )
    num_resolutions: int | None = setting(
        None, "number of blocks; default: log2 of the frames", Decides.TRAINING, minimum=1, maximum=16
    )
    scale_mode: str = setting(
        "ALL", "axes that grow: ALL, or H for the frames alone", Decides.TRAINING, choices=("ALL", "H")
    )
    scale_base: int = setting(2, "growth per block and axis; 2 is the only one", Decides.TRAINING, choices=(2,))
    fmap_base: int = setting(
        4096, "filters of block b: min(fmap_base / 2^(b * fmap_decay), fmap_max)", Decides.TRAINING, minimum=1
    )
    fmap_decay: float = setting(
        1.0, "how fast the number of filters falls with the block", Decides.TRAINING, minimum=0.0
    )
    fmap_max: int = setting(256, "largest number of filters", Decides.TRAINING, minimum=1)
    to_rgb_activation: str = setting(
        "tanh", "activation of the generated image", Decides.TRAINING, choices=("tanh", "linear")
    )
    noise_inputs: bool = setting(
        False, "noise of a learnt strength in every convolution of the generator", Decides.TRAINING
    )
    class_conditioning: str = setting(
        "auxiliary",
        "how the discriminator learns of the class: class head, label in the score, or unit features with a margin",
        Decides.TRAINING,
        choices=CONDITIONINGS,
    )
    latent_normalization: str = setting(
        "joined",
        "scale latent vector and label to a root mean square of 1 joined, or each apart, so that the label weighs more",
        Decides.TRAINING,
        choices=NORMALIZATIONS,
    )

    base_generator: str = setting(
        NO_BASE,
        "kind of generator that is fitted first; the network then adds to its clips what they lack, from nothing on",
        Decides.TRAINING,
        choices=BASES,
    )
    base_settings: tuple[str, ...] = setting(
        (), "settings of that kind, NAME=VALUE each; the others have their defaults", Decides.TRAINING
    )

    def num_filters(self, block: int) -> int:
        """Filters of block `block`, 0 .. num_resolutions."""
        return max(1, min(int(self.fmap_base / 2.0 ** (block * self.fmap_decay)), self.fmap_max))

    @property
    def names_classes(self) -> bool:
        """Whether the discriminator tells which class a clip is of; with a projection its score holds the class."""
        return self.class_conditioning != "projection"

    @property
    def filters(self) -> tuple[int, ...]:
        """Filters of the blocks 0 .. num_resolutions."""
        return tuple(self.num_filters(block) for block in range(known(self.num_resolutions) + 1))

    @property
    def start_resolution(self) -> tuple[int, int]:
        """(frames, mel_bins) of block 1."""
        return known(self.start_height), known(self.start_width)

    @property
    def scale(self) -> tuple[int, int]:
        """Growth of (frames, mel_bins) from one block to the next."""
        return 2, 2 if self.scale_mode == "ALL" else 1


@dataclass(frozen=True)
class TrainingConfig(Validated):
    """Schedule, losses and optimizers of the GAN."""

    seed: int = setting(0, "seed of weights, latents and data order", Decides.TRAINING, minimum=0, maximum=LARGEST_SEED)
    train_progressive: bool = setting(
        True, "grow block by block; otherwise train the last stage alone", Decides.TRAINING
    )
    batch_size_schedule: tuple[int, ...] = setting(
        (8,), "batch sizes, the last entry for the last resolution", Decides.TRAINING
    )
    stable_stage_num_images: int = setting(800_000, "images shown in each stable stage", Decides.TRAINING, minimum=1)
    transition_stage_num_images: int = setting(800_000, "images shown in each transition", Decides.TRAINING, minimum=1)
    total_num_images: int | None = setting(
        None, "images in all; default: what the stages add up to", Decides.TRAINING, minimum=1
    )
    generator_learning_rate: float = setting(8e-4, "Adam learning rate of the generator", Decides.TRAINING, above=0.0)
    discriminator_learning_rate: float = setting(
        8e-4, "Adam learning rate of the discriminator", Decides.TRAINING, above=0.0
    )
    adam_beta1: float = setting(0.0, "Adam beta 1", Decides.TRAINING, minimum=0.0, below=1.0)
    adam_beta2: float = setting(0.99, "Adam beta 2", Decides.TRAINING, minimum=0.0, below=1.0)
    gradient_penalty_target: float = setting(1.0, "slope that the penalty asks for", Decides.TRAINING, above=0.0)
    gradient_penalty_weight: float = setting(10.0, "weight of the gradient penalty", Decides.TRAINING, minimum=0.0)
    real_score_penalty_weight: float = setting(
        0.001, "weight of the mean squared score of real clips", Decides.TRAINING, minimum=0.0
    )
    generator_ac_loss_weight: float = setting(
        10.0, "weight of the generator's class loss", Decides.TRAINING, minimum=0.0
    )
    discriminator_ac_loss_weight: float = setting(
        10.0, "weight of the discriminator's class loss", Decides.TRAINING, minimum=0.0
    )
    gan_class_balance: str = setting(
        "none",
        "balanced: every class is equally often among real clips and labels of fakes, however few clips it has; "
        "none: as often as it has clips",
        Decides.TRAINING,
        choices=BALANCES,
    )
    class_loss_ramp_images: int = setting(
        0, "images over which the weight of the classes rises from 0", Decides.TRAINING, minimum=0
    )
    gan_augmentation_probability: float = setting(
        0.0,
        "probability of each random change of real and fake clips before the discriminator",
        Decides.TRAINING,
        minimum=0.0,
        below=0.8,
    )
    gan_augmentation_shift: str = setting(
        "wrapped",
        "time shift within it: wrapped, for steady sounds, or a little and padded with silence",
        Decides.TRAINING,
        choices=SHIFTS,
    )
    lecam_weight: float = setting(
        0.0,
        "weight w of the LeCam penalty, which holds the scores of real and fake clips about 1/(2w) apart",
        Decides.TRAINING,
        minimum=0.0,
    )
    gradient_penalty_interval: int = setting(
        1,
        "steps from one gradient penalty to the next, its weight raised as much; 1 is the original",
        Decides.TRAINING,
        minimum=1,
    )
    minibatch_groups: int | None = setting(
        None, "minibatch statistics per batch; default: one per replica", Decides.MACHINE, minimum=1
    )
    mixed_precision: str = setting(
        "float32",
        "number format of the convolutions; auto: bfloat16 where the hardware has it",
        Decides.MACHINE,
        choices=PRECISIONS,
    )
    moving_average_half_life_images: float | None = setting(
        None,
        "half-life of the generator's moving average, in images; default: fits the schedule",
        Decides.TRAINING,
        above=0.0,
    )
    save_summaries_num_images: int | None = setting(
        None, "images between reports; default: a stage's tenth", Decides.REPORTS, minimum=1
    )
    save_checkpoints_num_images: int | None = setting(
        None, "images between saves; default: half a stage", Decides.REPORTS, minimum=1
    )

    @property
    def is_balanced(self) -> bool:
        """Whether classes, rather than clips, are equally often shown and asked for."""
        return self.gan_class_balance == "balanced"

    def class_share(self, image: int) -> float:
        """How much the classes weigh at an image of the run, as a share of what they shall weigh."""
        return min(1.0, image / self.class_loss_ramp_images) if self.class_loss_ramp_images else 1.0

    def check(self) -> None:
        if not self.batch_size_schedule or min(self.batch_size_schedule) < 2:
            raise InputError(
                f"batch_size_schedule: expected one or more batch sizes of 2 and more, got {self.batch_size_schedule}"
            )


@dataclass(frozen=True)
class GanConfig(Validated):
    """All that decides what a GAN becomes."""

    data: DataConfig = field(default_factory=DataConfig)
    features: FeatureConfig = field(default_factory=FeatureConfig)
    network: NetworkConfig = field(default_factory=NetworkConfig)
    training: TrainingConfig = field(default_factory=TrainingConfig)


@dataclass(frozen=True)
class GansynthConfig(Validated):
    """All settings of the progressive GAN; `training.seed` follows the seed that a training is given."""

    network: NetworkConfig = field(default_factory=NetworkConfig)
    training: TrainingConfig = field(default_factory=TrainingConfig)
