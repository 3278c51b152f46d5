"""Settings of learners of unlabelled clips, which are among those of classifiers."""

from dataclasses import dataclass

from gansynth_isa.methods import LDA
from gansynth_isa.validation import Decides, Validated, setting

UNLABELLED_SOURCES = ("none", "pool")
SUPERVISED, FIXMATCH, MEAN_TEACHER, PSEUDO_LABELS, GUESSED = LEARNERS = (
    "supervised",
    "fixmatch",
    "mean_teacher",
    "pseudo_labels",
    "guessed",
)


@dataclass(frozen=True)
class UnlabelledSettings(Validated):
    """What learns, from which unlabelled clips, and how these count."""

    learner: str = setting(
        SUPERVISED,
        "supervised: of labelled clips alone; fixmatch, mean_teacher, pseudo_labels, guessed: of unlabelled clips too, "
        "see --unlabelled and --unlabelled_dir",
        Decides.TRAINING,
        choices=LEARNERS,
        used_by=(LDA,),
    )
    unlabelled: str = setting(
        "none",
        "pool: the unlabelled clips are the rest of the training side, without recordings and groups of the labelled "
        "ones where some is left then",
        Decides.TRAINING,
        choices=UNLABELLED_SOURCES,
        used_by=(LDA,),
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
