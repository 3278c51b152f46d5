"""What the instruments said of pretenders, beside what they must say."""

from collections.abc import Iterator
from dataclasses import dataclass

from gansynth_isa.checks.instruments import thresholds
from gansynth_isa.checks.instruments.pretenders import COPIES, NOISE, PROTOTYPES
from gansynth_isa.evaluation.instruments.instruments import Instruments
from gansynth_isa.measures.per_class import PerClass


@dataclass(frozen=True)
class Verdict:
    """One reading of an instrument.

    Attributes:
      pretender: whose clips were measured.
      instrument: what was read, perhaps of one class.
      reading: None where it could not be measured.
      least, most: the bounds, both included.
    """

    pretender: str
    instrument: str
    reading: float | None
    least: float
    most: float

    @property
    def is_right(self) -> bool:
        """Whether the reading lies within the bounds."""
        return self.reading is not None and self.least <= self.reading <= self.most

    def text(self) -> str:
        """The verdict as a line."""
        reading = "not measured" if self.reading is None else f"{self.reading:.3f}"
        bounds = f"at most {self.most:.3f}" if self.least == float("-inf") else f"{self.least:.3f} to {self.most:.3f}"
        return f"{self.pretender}: {self.instrument} {reading} ({bounds}){'' if self.is_right else '   WRONG'}"


def verdicts(pretender: str, instruments: Instruments) -> list[Verdict]:
    """All readings that are bounded for a pretender, see `thresholds`; real clips for any other name."""
    if pretender == COPIES:
        found = _at_most("memorisation", instruments.memorisation, thresholds.MOST_MEMORISATION_OF_COPIES)
    elif pretender == NOISE:
        found = _of_noise(instruments)
    elif pretender == PROTOTYPES:
        found = _at_most("spread", instruments.spread, thresholds.MOST_SPREAD_OF_PROTOTYPES)
    else:
        found = _of_real_clips(instruments)
    return [Verdict(pretender, *reading) for reading in found]


Reading = tuple[str, float | None, float, float]  # instrument, reading, least, most


def _at_most(name: str, values: PerClass, most: float) -> Iterator[Reading]:
    for each, value in _numbers(name, values):
        yield each, value, float("-inf"), most


def _of_noise(instruments: Instruments) -> Iterator[Reading]:
    useful = instruments.usefulness
    most = 1 / len(instruments.spread.per_class) + thresholds.MOST_ABOVE_CHANCE_OF_NOISE
    accuracy = None if useful is None else sum(useful.synthetic) / len(useful.synthetic)
    yield "accuracy after its clips", accuracy, float("-inf"), most
    yield "usefulness", None if useful is None else useful.value, float("-inf"), most


def _of_real_clips(instruments: Instruments) -> Iterator[Reading]:
    useful, onsets, kernels = instruments.usefulness, instruments.onsets, instruments.kernel_distance
    yield "usefulness", None if useful is None else useful.value, *thresholds.RATIOS_OF_REAL_CLIPS
    yield "usefulness reversed", None if useful is None else useful.reverse_value, *thresholds.RATIOS_OF_REAL_CLIPS
    for name in ("spread", "grain", "deviation_over_time", "memorisation"):
        for each, value in _numbers(name.replace("_", " "), getattr(instruments, name)):
            yield each, value, *thresholds.RATIOS_OF_REAL_CLIPS
    for name in ("number", "strength", "spacing"):
        for each, value in _numbers(f"onsets, {name}", getattr(onsets, name)):
            if value is not None:  # steady sounds have none
                yield each, value, *thresholds.RATIOS_OF_REAL_CLIPS
    yield "class means", instruments.class_means.mean, 0.0, thresholds.MOST_CLASS_MEANS_OF_REAL_CLIPS
    most = thresholds.MOST_KERNEL_DISTANCE_OF_REAL_CLIPS
    for name, distance in {"all": kernels.overall, **kernels.per_class}.items():
        errors = distance.value / distance.spread if distance and distance.spread else None
        yield f"kernel distance in standard errors, {name}", errors, -most, most


def _numbers(name: str, values: PerClass) -> Iterator[tuple[str, float | None]]:
    """The mean, then each class."""
    yield name, values.mean
    for class_name, value in values.per_class.items():
        yield f"{name}, {class_name}", value
