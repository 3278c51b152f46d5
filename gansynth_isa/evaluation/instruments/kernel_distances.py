"""Kernel distances of synthetic from real clips as a classifier sees them, overall and per class."""

from dataclasses import dataclass

from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.evaluation.instruments.embedding import Embedding, standardised
from gansynth_isa.measures.kernel import KernelDistance, kernel_distance


@dataclass(frozen=True)
class KernelDistances:
    """Kernel distances, see `measures.kernel`; None where there are fewer than two clips of either kind.

    Attributes:
      overall: of all clips, whatever their class.
      per_class: class name -> that of its clips.
    """

    overall: KernelDistance | None
    per_class: dict[str, KernelDistance | None]

    def to_dict(self) -> dict:
        """Values and spreads, ready for JSON."""
        per_class = {name: _to_dict(distance) for name, distance in self.per_class.items()}
        return {"overall": _to_dict(self.overall), "per_class": per_class}

    def text(self) -> str:
        """The distances as a line to print."""
        if self.overall is None:
            return "kernel distance: not measured"
        classes = ", ".join(f"{name} {_text(distance)}" for name, distance in self.per_class.items())
        return f"kernel distance (0 is best): {_text(self.overall)} ({classes})"


def kernel_distances(embedding: Embedding, real: ClipSet, synthetic: ClipSet) -> KernelDistances:
    """Distances of synthetic from real clips in an embedding whose features are standardised with the real clips.

    Args:
      embedding: of a classifier that has not seen `real`: clips that it learned from lie apart from all others.
      real, synthetic: with the same class names.
    """
    if not len(real) or not len(synthetic):
        return no_kernel_distances(real.class_names)
    vectors, others = standardised(embedding(real.spectrograms), embedding(synthetic.spectrograms))
    per_class = {
        name: kernel_distance(vectors[real.labels == label], others[synthetic.labels == label])
        for label, name in enumerate(real.class_names)
    }
    return KernelDistances(kernel_distance(vectors, others), per_class)


def no_kernel_distances(class_names: tuple[str, ...]) -> KernelDistances:
    """Nothing was measured."""
    return KernelDistances(None, dict.fromkeys(class_names))


def _to_dict(distance: KernelDistance | None) -> dict | None:
    return None if distance is None else {"value": distance.value, "spread": distance.spread}


def _text(distance: KernelDistance | None) -> str:
    if distance is None:
        return "not measured"
    return f"{distance.value:.2f}" + ("" if distance.spread is None else f" ± {distance.spread:.2f}")
