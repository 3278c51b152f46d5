"""All instruments of one set of synthetic clips."""

from dataclasses import dataclass

from gansynth_isa.evaluation.instruments.kernel_distances import KernelDistances
from gansynth_isa.evaluation.instruments.usefulness import Usefulness
from gansynth_isa.measures.onsets import OnsetRatios
from gansynth_isa.measures.per_class import PerClass

NOTHING = "not measured"


@dataclass(frozen=True)
class Instruments:
    """How good synthetic clips are.

    Attributes:
      usefulness: what they teach a classifier, and the reverse; None where it cannot be measured.
      class_means: distance of their mean spectra from those of real clips, over that between classes; 0 is best.
      spread: differences between clips of a class, over those of real clips; 1 is best, as for the next two.
      grain: differences from the neighbourhood within a clip, over those of real clips.
      deviation_over_time: changes within a clip, over those of real clips.
      kernel_distance: from held-out real clips in a classifier's embedding; 0 is best.
      memorisation: distance to the nearest clip that the generator saw, over that of real clips that it did not see; 0
        for copies, 1 for clips as new as real ones.
      onsets: number, strength and spacing of impacts, over those of real clips; 1 is best.
      notes: why what is missing could not be measured, a line each.
    """

    usefulness: Usefulness | None
    class_means: PerClass
    spread: PerClass
    grain: PerClass
    deviation_over_time: PerClass
    kernel_distance: KernelDistances
    memorisation: PerClass
    onsets: OnsetRatios
    notes: tuple[str, ...] = ()

    def to_dict(self) -> dict:
        """All numbers, ready for JSON; what could not be measured is None."""
        useful = self.usefulness.to_dict() if self.usefulness else {"usefulness": None, "reverse_usefulness": None}
        return {
            **useful,
            **{name: getattr(self, name).to_dict() for name in PER_CLASS},
            "kernel_distance": self.kernel_distance.to_dict(),
            "onsets": self.onsets.to_dict(),
            "notes": list(self.notes),
        }

    def text(self) -> str:
        """The numbers as lines to print: the mean over classes, then the classes."""
        lines = _usefulness_lines(self.usefulness)
        lines += [_line(title, getattr(self, name), _OF_ZERO.get(name)) for name, title in PER_CLASS.items()]
        lines += [self.kernel_distance.text()]
        lines += [_line(f"onsets, {name}", getattr(self.onsets, name)) for name in ("number", "strength", "spacing")]
        return "\n".join([*lines, *(f"not measured: {note}" for note in self.notes)])


PER_CLASS = {
    "class_means": "class means (0 is best)",
    "spread": "spread between clips (1 is best)",
    "grain": "grain (1 is best)",
    "deviation_over_time": "deviation over time (1 is best)",
    "memorisation": "memorisation (0 copies, 1 is as new as real clips)",
}


# Class means are corrected for their error, and what is then below 0 counts as 0; other numbers are 0 where they are.
_OF_ZERO = {"class_means": "below its error"}


def missing_numbers(instruments: Instruments) -> list[str]:
    """A line for each instrument that could not measure a class: which, and what it lacks."""
    measured = {name: getattr(instruments, name) for name in PER_CLASS} | {"onsets": instruments.onsets.number}
    return [
        f"{name.replace('_', ' ')} of {', '.join(values.missing)}: {values.why_not}"
        for name, values in measured.items()
        if values.why_not
    ]


def _usefulness_lines(useful: Usefulness | None) -> list[str]:
    if useful is None:
        return [f"usefulness: {NOTHING}", f"usefulness reversed: {NOTHING}"]
    trials = f"{len(useful.real)} trials of {useful.steps:,} steps"
    return [
        f"usefulness (1 is best): {_with_spread(useful.value, useful.spread)}; accuracy on real clips "
        f"{_mean(useful.synthetic):.3f} after synthetic, {_mean(useful.real):.3f} after real clips, {trials}",
        f"usefulness reversed: {_with_spread(useful.reverse_value, useful.reverse_spread)}; accuracy on synthetic "
        f"clips {_mean(useful.reverse):.3f}",
    ]


def _with_spread(value: float | None, spread: float | None) -> str:
    if value is None:
        return NOTHING
    return f"{value:.2f}" + ("" if spread is None else f" ± {spread:.2f}")


def _mean(values: tuple[float, ...]) -> float:
    return sum(values) / len(values)


def _line(title: str, values: PerClass, of_zero: str | None = None) -> str:
    """The mean and the classes, a value of exactly 0 as the words for it."""

    def text(value: float | None) -> str:
        return of_zero if of_zero and value == 0.0 else _with_spread(value, None)

    if values.mean is None:
        return f"{title}: {NOTHING}"
    classes = ", ".join(f"{name} {text(value)}" for name, value in values.per_class.items())
    return f"{title}: {text(values.mean)} ({classes})"
