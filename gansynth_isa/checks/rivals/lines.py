"""What is compared, in which table, and with what."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

# Folder of an experiment, method, kind of generator.
Line: TypeAlias = tuple[str, str, str | None]

BASELINE: Line = ("real", "baseline", None)
AUGMENTED: Line = ("real", "augmented", None)
LDA: Line = ("real", "lda", None)
_WITH_CLIPS = "gan_augmented"
_GAUSSIAN = "gaussian"


@dataclass(frozen=True)
class Rival:
    """A line of a table.

    Attributes:
      line: where its rows are.
      title: as tables name it.
      control: what it is compared with; None for the stronger of baseline and augmentation.
    """

    line: Line
    title: str
    control: Line | None = None


def _kind(kind: str, title: str, folder: str | None = None) -> Rival:
    return Rival((folder or kind, _WITH_CLIPS, kind), title)


_CHEAP = (
    ("copies", "copies"),
    (_GAUSSIAN, "Gaussian"),
    ("transfer", "transfer"),
    ("smote", "SMOTE"),
    ("events", "events"),
)
_PSEUDO: Line = ("pseudo_labels", "augmented", None)
_PUBLISHED: Line = ("published", _WITH_CLIPS, "gansynth")

LABELS_ONLY = (
    Rival(BASELINE, "baseline"),
    Rival(AUGMENTED, "augmentation"),
    Rival(LDA, "linear discriminant"),
    *(_kind(kind, title, "cheap") for kind, title in _CHEAP),
    _kind("gansynth", "GANSynth on a base"),
    Rival(_PUBLISHED, "GANSynth as published"),
    _kind("wavegan", "WaveGAN"),
    Rival(("envgan", "augmented", None), "augmentation, clips of 4.4 s"),
    Rival(("envgan", _WITH_CLIPS, "wavegan"), "EnvGAN, clips of 4.4 s", ("envgan", "augmented", None)),
    _kind("specgan", "SpecGAN"),
    _kind("diffusion", "latent diffusion"),
    _kind("diffusion", "diffusion of components", "components"),
)
WITH_UNLABELLED = (
    Rival(AUGMENTED, "augmentation, labels only", AUGMENTED),
    Rival(_PSEUDO, "pseudo-labels", AUGMENTED),
    Rival(LDA, "linear discriminant, labels only", AUGMENTED),
    Rival(("guessed_learner", "augmented", None), "guessed labels", AUGMENTED),
    Rival(("guessed_learner", _WITH_CLIPS, _GAUSSIAN), "guessed labels, Gaussian", AUGMENTED),
    Rival(("guessed_learner", "lda", None), "guessed labels, linear discriminant", AUGMENTED),
    Rival(("guessed", _WITH_CLIPS, _GAUSSIAN), "Gaussian of guessed labels", AUGMENTED),
    *(
        Rival((learner, method, kind), f"{title}{', Gaussian' if kind else ''}", AUGMENTED)
        for learner, title in (
            ("pseudo_labels", "pseudo-labels"), ("fixmatch", "FixMatch"), ("mean_teacher", "Mean Teacher"),
        )
        for method, kind in (("augmented", None), (_WITH_CLIPS, _GAUSSIAN))
        if (learner, kind) != ("pseudo_labels", None)
    ),
)  # fmt: skip
WITH_OUTSIDE_DATA = (
    Rival(("classifier_elsewhere", "augmented", None), "augmentation, weights from simulated recordings", AUGMENTED),
    Rival(
        ("published_elsewhere", _WITH_CLIPS, "gansynth"),
        "GANSynth as published, weights from simulated recordings",
        _PUBLISHED,
    ),
    Rival(("embedding", "baseline", None), "embeddings of a model"),
)
TABLES: Mapping[str, tuple[Rival, ...]] = {
    "Labels only": LABELS_ONLY,
    "With unlabelled clips": WITH_UNLABELLED,
    "With outside data": WITH_OUTSIDE_DATA,
}
