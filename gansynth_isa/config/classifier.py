"""Settings of classifiers."""

import dataclasses
from dataclasses import dataclass

from gansynth_isa.errors import InputError
from gansynth_isa.methods import METHODS_BY_NAME, NETWORK
from gansynth_isa.validation import Decides, Validated, setting

CLASSIFIERS = ("cnn", "three_layer", "cnn420", "cnn_large")
DECISIONS = ("clip", "recording")
BUDGETS = ("equal", "paper")
SCHEDULES = ("cosine", "constant")
AUGMENTATIONS = ("spectrogram", "mixup_image_pool")
BALANCES = ("none", "balanced")
UNLABELLED_SOURCES = ("none", "pool")
SYNTHETIC_USES = ("mix", "pretrain", "weighted")
SUPERVISED, FIXMATCH, MEAN_TEACHER, PSEUDO_LABELS = LEARNERS = (
    "supervised",
    "fixmatch",
    "mean_teacher",
    "pseudo_labels",
)
METHODS = tuple(METHODS_BY_NAME)
# What --method=auto takes where the training clips do not clearly say otherwise. Only development sets may name it, see
# docs/results/development.
DEFAULT_CHOICE = "gaussian_augmented"
AUTO_CANDIDATES = (DEFAULT_CHOICE, "augmented", "baseline", "gaussian_augmented:pretrain")


@dataclass(frozen=True)
class ClassifierConfig(Validated):
    """How a classifier is trained."""

    method: str = setting("baseline", "how the classifier's training data are made", Decides.CELL, choices=METHODS)
    classifier: str = setting("cnn", "architecture of the classifier", Decides.TRAINING, choices=CLASSIFIERS)
    classifier_init_from: str | None = setting(
        None,
        "folder of a trained classifier of the same network, perhaps of other recordings and classes, whose weights to "
        "start from; the last layer is new",
        Decides.PLACE,
    )
    classifier_init_sha256: str | None = setting(
        None,
        "SHA-256 of those weights; follows from the folder, and is checked where it is given",
        Decides.TRAINING,
    )
    budget: str = setting(
        "equal",
        "equal: every method the optimizer steps of the longest; paper: each --classifier_epochs of its own clips",
        Decides.TRAINING,
        choices=BUDGETS,
    )
    classifier_steps: int | None = setting(
        None,
        "optimizer steps of every method under --budget=equal; "
        "default: --classifier_epochs of real clips and --samples_per_class synthetic ones",
        Decides.TRAINING,
        minimum=1,
    )
    classifier_epochs: int = setting(70, "epochs that the steps follow from", Decides.TRAINING, minimum=1)
    classifier_batch_size: int = setting(32, "clips per optimizer step", Decides.TRAINING, minimum=1)
    classifier_learning_rate: float = setting(1e-3, "Adam learning rate of the classifier", Decides.TRAINING, above=0.0)
    classifier_schedule: str = setting(
        "cosine",
        "learning rate over the steps: constant, or cosine: a rise over the first twentieth, then a cosine to zero",
        Decides.TRAINING,
        choices=SCHEDULES,
    )
    classifier_weight_decay: float = setting(
        2.0, "decoupled, times the learning rate, per step; 0 makes it plain Adam", Decides.TRAINING, minimum=0.0
    )
    classifier_dropout: float = setting(
        0.5, "share of features dropped before the last layer", Decides.TRAINING, minimum=0.0, below=1.0
    )
    real_share: float | str | None = setting(
        None,
        "share of real clips in a mixed batch; union: as many as there are among all; default: that, at least 0.25",
        Decides.TRAINING,
        above=0.0,
        below=1.0,
        words=("union",),
        former={0.0: "union"},
    )
    class_balance: str = setting(
        "none",
        "balanced: every class is equally often among the real clips of batches, however few it has; "
        "none: every clip is",
        Decides.TRAINING,
        choices=BALANCES,
    )
    synthetic_use: str = setting(
        "mix",
        "mix: batches of real and synthetic clips; pretrain: first steps on synthetic clips alone, then on real ones "
        "alone; weighted: as mix, with another weight of synthetic clips in the loss",
        Decides.TRAINING,
        choices=SYNTHETIC_USES,
    )
    synthetic_steps_share: float = setting(
        0.5,
        "pretrain: share of the steps that are on synthetic clips, the first ones",
        Decides.TRAINING,
        above=0.0,
        below=1.0,
    )
    synthetic_weight: float = setting(
        0.5, "weighted: weight of a synthetic clip in the loss; that of a real one is 1", Decides.TRAINING, above=0.0
    )
    synthetic_statistics: str = setting(
        "joint",
        "batch normalisation of mixed batches: joint, or apart: the real and the synthetic clips each by their own "
        "statistics, and by those of the real ones in prediction",
        Decides.TRAINING,
        choices=("joint", "apart"),
    )
    augmentation: str = setting(
        "spectrogram",
        "spectrogram: time and frequency masks, time shift, gain, filter, noise; mixup_image_pool: two operations of "
        "image recognition drawn for each clip, then mixup of every clip with another",
        Decides.TRAINING,
        choices=AUGMENTATIONS,
    )
    augmented_clips: str = setting(
        "all",
        "which clips the method gan_augmented augments: all, or the real ones alone",
        Decides.TRAINING,
        choices=("all", "real"),
    )
    augmentation_probability: float = setting(
        0.5,
        "each time a clip is fed: probability that it is augmented (spectrogram), or that each of its two operations "
        "is used (mixup_image_pool, where mixup always is)",
        Decides.TRAINING,
        minimum=0.0,
        maximum=1.0,
    )
    mixup_alpha: float = setting(
        0.2,
        "mixup's weights are drawn from Beta(alpha, alpha): small, mostly one of the two clips",
        Decides.TRAINING,
        above=0.0,
    )
    learner: str = setting(
        SUPERVISED,
        "supervised: of labelled clips alone; fixmatch, mean_teacher, pseudo_labels: of unlabelled clips too, see "
        "--unlabelled and --unlabelled_dir",
        Decides.TRAINING,
        choices=LEARNERS,
    )
    unlabelled: str = setting(
        "none",
        "pool: the unlabelled clips are the rest of the training side, without recordings and groups of the labelled "
        "ones where some is left then",
        Decides.TRAINING,
        choices=UNLABELLED_SOURCES,
    )
    unlabelled_ratio: float = setting(
        1.0, "unlabelled clips per labelled one in a batch", Decides.TRAINING, above=0.0, maximum=64.0
    )
    unlabelled_weight: float | None = setting(
        None,
        "weight of the unlabelled clips in the loss, when it has risen; default: 10 for mean_teacher, else 1",
        Decides.TRAINING,
        above=0.0,
    )
    unlabelled_start_share: float | None = setting(
        None,
        "share of the steps, the first ones, on labelled clips alone; default: 0.5 for pseudo_labels, else 0",
        Decides.TRAINING,
        minimum=0.0,
        below=1.0,
    )
    unlabelled_ramp_share: float = setting(
        0.2,
        "share of the steps in which it then rises, as exp(-5 (1 - t)^2)",
        Decides.TRAINING,
        minimum=0.0,
        maximum=1.0,
    )
    unlabelled_threshold: float = setting(
        0.95,
        "fixmatch, pseudo_labels: how probable a clip's class must be to count as its label",
        Decides.TRAINING,
        minimum=0.0,
        below=1.0,
    )
    unlabelled_alignment: bool = setting(
        True,
        "fixmatch: align the classes guessed for unlabelled clips with those of the labelled ones",
        Decides.TRAINING,
    )
    unlabelled_weak_strength: float = setting(
        0.5,
        "fixmatch, mean_teacher: share of the largest shift and gain in the weak augmentation; 0: none",
        Decides.TRAINING,
        minimum=0.0,
        maximum=1.0,
    )
    unlabelled_strong_probability: float = setting(
        1.0,
        "fixmatch: augmentation probability of the strong augmentation, which is that of --augmentation",
        Decides.TRAINING,
        minimum=0.0,
        maximum=1.0,
    )
    unlabelled_half_life_steps: float = setting(
        20.0,
        "fixmatch, mean_teacher: half-life of the moving average of the weights, in steps",
        Decides.TRAINING,
        above=0.0,
    )
    auto_default: str = setting(
        DEFAULT_CHOICE,
        "what --method=auto takes where the training clips do not clearly say otherwise: a name as --auto_candidates has",
        Decides.TRAINING,
        absent="augmented",
    )
    auto_candidates: tuple[str, ...] = setting(
        AUTO_CANDIDATES,
        "what --method=auto weighs against --auto_default: methods, their gan replaced by a kind of generator, each "
        "perhaps with a colon and a --synthetic_use; at most six",
        Decides.TRAINING,
    )
    auto_minutes: float = setting(
        10.0,
        "what --method=auto may take to choose on two cores, by an estimate that is the same everywhere",
        Decides.TRAINING,
        above=0.0,
    )
    decide_per: str = setting(
        "clip",
        "what accuracy counts: each clip, or each recording, whose decision is the mean of its clips",
        Decides.TRAINING,
        choices=DECISIONS,
    )
    trial_seed: int = setting(0, "seed of the classifier's weights and data order", Decides.TRAINING, minimum=0)

    def check(self) -> None:
        if self.synthetic_use == "pretrain" and self.synthetic_statistics == "apart":
            raise InputError(
                "synthetic_statistics: expected joint for --synthetic_use=pretrain, whose batches are never mixed, "
                "got 'apart'"
            )
        method = METHODS_BY_NAME[self.method]
        if self.classifier_init_from is not None and method.learner != NETWORK:
            raise InputError(f"classifier_init_from: expected a method that trains a network, got {self.method!r}")
        if self.learner != SUPERVISED:
            self._check_learner()

    def _check_learner(self) -> None:
        """Refuses what does not go with unlabelled clips."""
        method = METHODS_BY_NAME[self.method]
        if method.learner != NETWORK or method.chooses:
            raise InputError(
                f"method: expected one that trains a network at once for --learner={self.learner}, got {self.method!r}"
            )
        if self.synthetic_statistics == "apart":
            raise InputError(
                f"synthetic_statistics: expected joint for --learner={self.learner}, whose batches hold unlabelled "
                "clips too, got 'apart'"
            )
        if self.learner == PSEUDO_LABELS and (self.unlabelled_start_share == 0.0 or self.classifier_steps == 1):
            name = "classifier_steps" if self.classifier_steps == 1 else "unlabelled_start_share"
            raise InputError(f"{name}: expected a step on labelled clips alone before pseudo_labels, got none")

    def judging(self) -> "ClassifierConfig":
        """These settings for a network that judges clips: by labelled real clips alone, from random weights."""
        return dataclasses.replace(
            self,
            method="baseline",
            learner=SUPERVISED,
            unlabelled="none",
            classifier_init_from=None,
            classifier_init_sha256=None,
        )
