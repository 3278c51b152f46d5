"""The numbers that say whether synthetic clips are worth training on."""

from dataclasses import asdict, dataclass

from gansynth_isa.classifiers.classifier import Classifier
from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.data.clip_sets.synthetic_folder import SyntheticClips
from gansynth_isa.evaluation.synthetic import class_agreement, nearest_real_distance, relative_spread


@dataclass(frozen=True)
class ClipMeasures:
    """Measures of one folder of synthetic clips.

    `class_agreement` is the share of clips to which a classifier trained on real clips assigns the wanted
    class; `relative_spread` is the spread within a class, real clips being 1, as the mean over classes and
    per class; `nearest_real_distance` is the mean distance to the nearest clip the generator was trained on, relative
    to what real clips have among themselves.
    """

    class_agreement: float
    relative_spread: float
    relative_spread_per_class: dict[str, float]
    nearest_real_distance: float

    def to_dict(self) -> dict:
        """All values, ready for JSON."""
        return asdict(self)

    def text(self) -> str:
        """The values as lines to print."""
        spreads = "".join(f"\n  {name}: {value:.2f}" for name, value in self.relative_spread_per_class.items())
        return (
            f"class agreement {self.class_agreement:.2f} (aim: 0.6 and more)\n"
            f"relative spread {self.relative_spread:.2f} (aim: 0.5 to 1.5){spreads}\n"
            f"distance to the nearest real clip {self.nearest_real_distance:.2f}"
        )


def measure_clips(judge: Classifier, train: ClipSet, subset: ClipSet, synthetic: SyntheticClips) -> ClipMeasures:
    """Measures synthetic clips.

    Args:
      judge: classifier trained on the whole real training side.
      train: the whole training side; spread is relative to its.
      subset: the clips that the generator was trained on.
      synthetic: what it generated.
    """
    mean_spread, spread_per_class = relative_spread(train, synthetic)
    return ClipMeasures(
        class_agreement=class_agreement(judge, synthetic),
        relative_spread=mean_spread,
        relative_spread_per_class=spread_per_class,
        nearest_real_distance=nearest_real_distance(subset, synthetic),
    )
