"""Settings of classifiers."""

import dataclasses
from dataclasses import dataclass

from gansynth_isa.config.embedding import EMBEDDING, EmbeddingSettings
from gansynth_isa.config.seeds import LARGEST_SEED
from gansynth_isa.config.unlabelled import GUESSED, PSEUDO_LABELS, SUPERVISED, UnlabelledSettings
from gansynth_isa.errors import InputError
from gansynth_isa.methods import LDA, METHODS_BY_NAME, NETWORK, method_named
from gansynth_isa.validation import Decides, setting

NETWORKS = ("cnn", "three_layer", "cnn420", "cnn_large")
CLASSIFIERS = (*NETWORKS, EMBEDDING)
DECISIONS = ("clip", "recording")
BUDGETS = ("equal", "paper")
SCHEDULES = ("cosine", "constant")
AUGMENTATIONS = ("spectrogram", "mixup_image_pool")
BALANCES = ("none", "balanced")
SYNTHETIC_USES = ("mix", "pretrain", "weighted")
METHODS = tuple(METHODS_BY_NAME)
# What --method=auto takes where the training clips do not clearly say otherwise, and what it weighs. Only development
# sets may name it, see docs/results/development.
BY_SOUND = "by_sound"
AUTO_CANDIDATES = ("gaussian_augmented", "augmented", "baseline", "gaussian_augmented:pretrain", LDA)
MINUTES_OF_A_WEEK = 7 * 24 * 60.0
OF_CHOICE_PREFIX = "auto_"  # of settings that the method alone takes that chooses


@dataclass(frozen=True)
class ClassifierConfig(UnlabelledSettings, EmbeddingSettings):
    """How a classifier is trained."""

    method: str = setting(
        "baseline", "how the classifier's training data are made", Decides.CELL, choices=METHODS, used_by=(LDA,)
    )
    classifier: str = setting(
        "cnn",
        "architecture of the classifier, or embedding: vectors of the waveforms by --embedding_model, and a head",
        Decides.TRAINING,
        choices=CLASSIFIERS,
    )
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
        used_by=(LDA,),
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
    auto_default: str = setting(
        BY_SOUND,
        "what --method=auto takes where training clips do not clearly say otherwise: a name as in --auto_candidates, "
        "or by_sound: augmented for events, lda for steady sounds",
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
        maximum=MINUTES_OF_A_WEEK,
    )
    decide_per: str = setting(
        "clip",
        "what accuracy counts: each clip, or each recording, whose decision is the mean of its clips",
        Decides.TRAINING,
        choices=DECISIONS,
        used_by=(LDA,),
    )
    trial_seed: int = setting(
        0, "seed of the classifier's weights and data order", Decides.TRAINING, minimum=0, maximum=LARGEST_SEED
    )

    def check(self) -> None:
        if self.classifier == EMBEDDING and self.method != "baseline":
            raise InputError(
                "method: expected baseline for --classifier=embedding, which learns from waveforms of recordings, got "
                f"{self.method!r}"
            )
        if self.synthetic_use == "pretrain" and self.synthetic_statistics == "apart":
            raise InputError(
                "synthetic_statistics: expected joint for --synthetic_use=pretrain, whose batches are never mixed, "
                "got 'apart'"
            )
        if self.classifier_init_from is not None:
            self._check_network("classifier_init_from")
        if self.learner != SUPERVISED:
            self._check_learner()

    def _check_network(self, name: str) -> None:
        """Refuses what trains no network, for a setting that needs one."""
        if METHODS_BY_NAME[self.method].learner != NETWORK:
            raise InputError(f"{name}: expected a method that trains a network, got {self.method!r}")
        if self.classifier == EMBEDDING:
            raise InputError(f"{name}: expected a classifier that is a network of clips, got {EMBEDDING!r}")

    def _check_learner(self) -> None:
        """Refuses what does not go with unlabelled clips."""
        method = METHODS_BY_NAME[self.method]
        if method.learner == LDA and self.learner == GUESSED:
            return
        if method.learner != NETWORK or method.chooses:
            raise InputError(
                f"method: expected one that trains a network at once for --learner={self.learner}, got {self.method!r}"
            )
        self._check_network("learner")
        if self.learner == GUESSED:
            return
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


def unused_settings(method: str) -> frozenset[str]:
    """Names of the settings that the learner of a method does not use: another value makes no other classifier.

    Raises:
      InputError: there is no such method.
    """
    known = method_named(method)
    if known.learner != LDA:
        return frozenset() if known.chooses else used_by_choice()
    return frozenset(item.name for item in dataclasses.fields(ClassifierConfig)) - used_by_lda()


def used_by_choice() -> frozenset[str]:
    """Names of the settings that only the method that chooses takes."""
    return frozenset(
        item.name for item in dataclasses.fields(ClassifierConfig) if item.name.startswith(OF_CHOICE_PREFIX)
    )


def used_by_lda() -> frozenset[str]:
    """Names of the settings that linear discriminant analysis takes, or that its results are judged by."""
    return frozenset(
        item.name for item in dataclasses.fields(ClassifierConfig) if LDA in item.metadata.get("used_by", ())
    )
