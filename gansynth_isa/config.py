"""Frozen, validated configuration of every part, and its JSON form.

Field names are flag names; where the original GANSynth has the hyperparameter, it bears the original's
name. Defaults are those of the original's `mel_prog_hires` with the paper's spectrogram settings. `None`
means "follows from the rest" and is filled in by `derived.resolve` before anything is built.
"""

import re
from dataclasses import dataclass, field

from gansynth_isa.errors import InputError, nearest
from gansynth_isa.validation import Validated, setting

DEFAULT_FILE_PATTERN = r"(?:^|/)(?P<label>[^/]+)/[^/]+\.(?i:wav|flac|ogg)$"
CLASSIFIERS = ("cnn", "three_layer", "cnn420", "cnn_large")
BUDGETS = ("equal", "paper")
SCHEDULES = ("cosine", "constant")
PRECISIONS = ("float32", "bfloat16", "auto")
DECISIONS = ("clip", "recording")
AUGMENTATIONS = ("spectrogram", "mixup_image_pool")
METHODS = ("baseline", "augmented", "gan", "gan_augmented")
DATA_TYPES = ("log_mel", "mel", "linear", "phase")
LINEAR_DATA_TYPES = ("linear", "phase")
NORMALIZERS = ("specgrams_simple_normalizer", "specgrams_freq_normalizer")


@dataclass(frozen=True)
class DataConfig(Validated):
    """Which recordings there are, and how they are cut into clips."""

    dataset: str = setting("folder", "which layout the recordings have", choices=("mb", "pucks", "folder"))
    dataset_name: str | None = setting(None, "name for results; default: the name of --data_dir's folder")
    data_dir: str | None = setting(None, "folder that holds the recordings")
    file_pattern: str = setting(
        DEFAULT_FILE_PATTERN,
        "regular expression searched in the POSIX path relative to --data_dir; named groups label, group, split",
    )
    manifest: str | None = setting(
        None, "CSV file that lists the recordings: path relative to --data_dir, label, and perhaps split, group"
    )
    skip_bad_files: bool = setting(False, "go on without recordings that cannot be read, and count them")
    test_groups: tuple[str, ...] = setting((), "groups that make up the test side where the recordings do not say it")
    clips_per_class: int | None = setting(None, "scarcity level: training clips per class; default: all", minimum=1)
    subset_seed: int = setting(0, "which random subset of that size", minimum=0)
    clips_per_file: int | None = setting(
        None, "clips that a subset takes of one recording, evenly spread, before it takes another's", minimum=1
    )
    sample_rate: int = setting(44100, "sample rate in Hz; other rates are resampled", minimum=1000, maximum=384000)
    clip_seconds: float | None = setting(None, "clip length in s; default: the longest recording", above=0.0)
    clip_overlap: float = setting(0.0, "overlap of neighbouring clips, as a fraction of a clip", minimum=0.0, below=1.0)
    channels: str = setting("mix", "'mix' to mono, 'each' channel a clip of its own, or one channel's index from 0")
    min_clip_dbfs: float | None = setting(
        None, "clips with an RMS level below this, in dBFS, are left out", maximum=0.0
    )
    peak_normalize: bool = setting(False, "scale each clip to a peak of 1")

    def check(self):
        if self.channels not in ("mix", "each") and not re.fullmatch("[0-9]+", self.channels):
            raise InputError(f"channels: expected 'mix', 'each' or a channel index from 0, got {self.channels!r}")


@dataclass(frozen=True)
class FeatureConfig(Validated):
    """Waveform to log-mel or another representation, and its normalisation."""

    data_type: str = setting(
        "log_mel",
        "log_mel (the paper's, one channel), or two channels as in the original: mel (log-mel and instantaneous "
        "frequency), linear (log magnitude and instantaneous frequency), phase (log magnitude and phase)",
        choices=DATA_TYPES,
    )
    fft_length: int = setting(2048, "FFT size and window length in samples", minimum=16)
    hop_length: int = setting(512, "hop between frames in samples", minimum=1)
    mel_bins: int = setting(1024, "number of mel bins", minimum=1)
    frames: int | None = setting(None, "frames of a clip; default: the smallest power of two that covers it", minimum=2)
    data_normalizer: str = setting(
        "specgrams_simple_normalizer", "range of the data per channel, or per mel bin", choices=NORMALIZERS
    )
    normalizer_margin: float = setting(0.8, "share of [-1, 1] that the training data fill", above=0.0, maximum=1.0)

    def check(self):
        if self.fft_length & (self.fft_length - 1):
            raise InputError(f"fft_length: expected a power of two, got {self.fft_length}")
        if self.mel_bins > self.fft_length // 2:
            raise InputError(f"mel_bins: expected at most fft_length / 2 = {self.fft_length // 2}, got {self.mel_bins}")
        if self.data_type in LINEAR_DATA_TYPES and self.mel_bins != self.fft_length // 2:
            raise InputError(
                f"mel_bins: expected fft_length / 2 = {self.fft_length // 2} for data_type {self.data_type}, which has "
                f"no mel bands, got {self.mel_bins}"
            )
        if self.hop_length > self.fft_length:
            raise InputError(f"hop_length: expected at most fft_length = {self.fft_length}, got {self.hop_length}")

    @property
    def num_channels(self) -> int:
        """Channels of a clip: one, or two with a phase."""
        return 1 if self.data_type == "log_mel" else 2

    @property
    def shape(self) -> tuple[int, int, int]:
        """(frames, mel_bins, channels) of a clip; `frames` must be known."""
        return self.frames, self.mel_bins, self.num_channels


@dataclass(frozen=True)
class NetworkConfig(Validated):
    """Shapes of generator and discriminator."""

    latent_vector_size: int = setting(256, "size of the latent vector", minimum=1)
    kernel_size: int = setting(3, "kernel size of the convolutions", minimum=1)
    start_height: int | None = setting(None, "first block's frames; default: frames / 2^(num_resolutions-1)", minimum=1)
    start_width: int | None = setting(None, "mel bins of the first block; default: from mel_bins", minimum=1)
    num_resolutions: int | None = setting(None, "number of blocks; default: log2 of the frames", minimum=1, maximum=16)
    scale_mode: str = setting("ALL", "axes that grow: ALL, or H for the frames alone", choices=("ALL", "H"))
    scale_base: int = setting(2, "growth per block and axis; 2 is the only one", choices=(2,))
    fmap_base: int = setting(4096, "filters of block b: min(fmap_base / 2^(b * fmap_decay), fmap_max)", minimum=1)
    fmap_decay: float = setting(1.0, "how fast the number of filters falls with the block", minimum=0.0)
    fmap_max: int = setting(256, "largest number of filters", minimum=1)
    to_rgb_activation: str = setting("tanh", "activation of the generated image", choices=("tanh", "linear"))

    def num_filters(self, block: int) -> int:
        """Filters of block `block`, 0 .. num_resolutions."""
        return max(1, min(int(self.fmap_base / 2.0 ** (block * self.fmap_decay)), self.fmap_max))

    @property
    def filters(self) -> tuple[int, ...]:
        """Filters of the blocks 0 .. num_resolutions."""
        return tuple(self.num_filters(block) for block in range(self.num_resolutions + 1))

    @property
    def start_resolution(self) -> tuple[int, int]:
        """(frames, mel_bins) of block 1."""
        return self.start_height, self.start_width

    @property
    def scale(self) -> tuple[int, int]:
        """Growth of (frames, mel_bins) from one block to the next."""
        return 2, 2 if self.scale_mode == "ALL" else 1


@dataclass(frozen=True)
class TrainingConfig(Validated):
    """Schedule, losses and optimizers of the GAN."""

    seed: int = setting(0, "seed of weights, latents and data order", minimum=0)
    train_progressive: bool = setting(True, "grow block by block; otherwise train the last stage alone")
    batch_size_schedule: tuple[int, ...] = setting((8,), "batch sizes, the last entry for the last resolution")
    stable_stage_num_images: int = setting(800_000, "images shown in each stable stage", minimum=1)
    transition_stage_num_images: int = setting(800_000, "images shown in each transition", minimum=1)
    total_num_images: int | None = setting(None, "images in all; default: what the stages add up to", minimum=1)
    generator_learning_rate: float = setting(8e-4, "Adam learning rate of the generator", above=0.0)
    discriminator_learning_rate: float = setting(8e-4, "Adam learning rate of the discriminator", above=0.0)
    adam_beta1: float = setting(0.0, "Adam beta 1", minimum=0.0, below=1.0)
    adam_beta2: float = setting(0.99, "Adam beta 2", minimum=0.0, below=1.0)
    gradient_penalty_target: float = setting(1.0, "slope that the penalty asks for", above=0.0)
    gradient_penalty_weight: float = setting(10.0, "weight of the gradient penalty", minimum=0.0)
    real_score_penalty_weight: float = setting(0.001, "weight of the mean squared score of real clips", minimum=0.0)
    generator_ac_loss_weight: float = setting(10.0, "weight of the generator's class loss", minimum=0.0)
    discriminator_ac_loss_weight: float = setting(10.0, "weight of the discriminator's class loss", minimum=0.0)
    gradient_penalty_interval: int = setting(
        1, "steps from one gradient penalty to the next, its weight raised as much; 1 is the original", minimum=1
    )
    minibatch_groups: int | None = setting(None, "minibatch statistics per batch; default: one per replica", minimum=1)
    mixed_precision: str = setting(
        "float32", "number format of the convolutions; auto: bfloat16 where the hardware has it", choices=PRECISIONS
    )
    moving_average_half_life_images: float | None = setting(
        None, "half-life of the generator's moving average, in images; default: fits the schedule", above=0.0
    )
    save_summaries_num_images: int | None = setting(None, "images between reports; default: a stage's tenth", minimum=1)
    save_checkpoints_num_images: int | None = setting(None, "images between saves; default: half a stage", minimum=1)

    def check(self):
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
class ClassifierConfig(Validated):
    """How a classifier is trained."""

    method: str = setting("baseline", "how the classifier's training data are made", choices=METHODS)
    classifier: str = setting("cnn", "architecture of the classifier", choices=CLASSIFIERS)
    budget: str = setting(
        "equal",
        "equal: every method the optimizer steps of the longest; paper: each --classifier_epochs of its own clips",
        choices=BUDGETS,
    )
    classifier_steps: int | None = setting(
        None,
        "optimizer steps of every method under --budget=equal; "
        "default: --classifier_epochs of real clips and --samples_per_class synthetic ones",
        minimum=1,
    )
    classifier_epochs: int = setting(70, "epochs that the steps follow from", minimum=1)
    classifier_batch_size: int = setting(32, "clips per optimizer step", minimum=1)
    classifier_learning_rate: float = setting(1e-3, "Adam learning rate of the classifier", above=0.0)
    classifier_schedule: str = setting(
        "cosine",
        "learning rate over the steps: constant, or cosine: a rise over the first twentieth, then a cosine to zero",
        choices=SCHEDULES,
    )
    classifier_weight_decay: float = setting(
        2.0, "decoupled, times the learning rate, per step; 0 makes it plain Adam", minimum=0.0
    )
    classifier_dropout: float = setting(0.5, "share of features dropped before the last layer", minimum=0.0, below=1.0)
    real_share: float | str | None = setting(
        None,
        "share of real clips in a mixed batch; union: as many as there are among all; default: that, at least 0.25",
        above=0.0,
        below=1.0,
        words=("union",),
        former={0.0: "union"},
    )
    augmentation: str = setting(
        "spectrogram",
        "spectrogram: time and frequency masks, time shift, gain, filter, noise; mixup_image_pool: two operations of "
        "image recognition drawn for each clip, then mixup of every clip with another",
        choices=AUGMENTATIONS,
    )
    augmentation_probability: float = setting(
        0.5,
        "each time a clip is fed: probability that it is augmented (spectrogram), or that each of its two operations "
        "is used (mixup_image_pool, where mixup always is)",
        minimum=0.0,
        maximum=1.0,
    )
    mixup_alpha: float = setting(
        0.2, "mixup's weights are drawn from Beta(alpha, alpha): small, mostly one of the two clips", above=0.0
    )
    decide_per: str = setting(
        "clip",
        "what accuracy counts: each clip, or each recording, whose decision is the mean of its clips",
        choices=DECISIONS,
    )
    trial_seed: int = setting(0, "seed of the classifier's weights and data order", minimum=0)


@dataclass(frozen=True)
class GridConfig(Validated):
    """The grid of an experiment: levels x methods x folds x GANs x trials."""

    levels: tuple[int, ...] = setting((4, 9, 18), "training clips per class")
    methods: tuple[str, ...] = setting(METHODS, "methods to compare")
    folds: str = setting(
        "none", "'group' leaves one group out at a time, 'none' keeps the one split", choices=("none", "group")
    )
    subset_seeds: tuple[int, ...] = setting((0,), "random subsets per level")
    gan_repeats: int = setting(1, "GANs per subset", minimum=1)
    trials: int = setting(5, "classifiers per cell", minimum=1)
    samples_per_class: int = setting(1000, "synthetic clips per class", minimum=1)

    def check(self):
        for method in self.methods:
            if method not in METHODS:
                raise InputError(
                    f"methods: expected some of {', '.join(METHODS)}, got {method!r}{nearest(method, METHODS)}"
                )
        if not self.levels or min(self.levels) < 1:
            given = ", ".join(map(str, self.levels)) or "none"
            raise InputError(f"levels: expected one or more positive numbers, got {given}")
        for name in ("levels", "methods", "subset_seeds"):
            entries = getattr(self, name)
            if not entries or len(set(entries)) < len(entries):
                raise InputError(f"{name}: expected one entry or more, each of them once, got {entries}")
