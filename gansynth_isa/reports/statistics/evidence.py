"""Verdicts on statements, and how intervals give them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from gansynth_isa.reports.statistics.bootstrap import Difference, MethodMean
from gansynth_isa.reports.wording import signed

# What an interval knows nothing of where there is only one of it.
_SEEN_ONCE = {"num_draws": "one draw", "num_gans": "one GAN", "num_trials": "one classifier"}
_ROUNDING = 1e-9  # accuracies are shares of far fewer clips than its inverse


class Verdict(Enum):
    """What results say about a statement; the value is how it is written."""

    HOLDS = "holds"
    DOES_NOT_HOLD = "does not hold"
    UNDECIDED = "undecided by these results"
    NOT_TESTED = "not tested by these results"
    BY_CONSTRUCTION = "true by construction"


@dataclass(frozen=True)
class Evidence:
    """A verdict and the numbers that it rests on, as a sentence.

    Attributes:
      verdict: what the numbers say.
      text: the numbers.
      limit: what the intervals behind the verdict know nothing of, such as 'one draw'; '' where nothing is missing.
    """

    verdict: Verdict
    text: str
    limit: str = ""


@dataclass(frozen=True)
class Comparison:
    """A difference that is stated to be above zero: what it is and where, its mean, and its interval.

    Attributes:
      once: what its interval knows nothing of, see `seen_once`.
    """

    name: str
    place: str
    mean: float
    low: float
    high: float
    once: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """`at 4: +0.020 [−0.010, +0.050]`."""
        return f"{self.place}: {self.numbers}"

    @property
    def numbers(self) -> str:
        """`+0.020 [−0.010, +0.050]`."""
        ends = f"[{signed(self.low)}, {signed(self.high)}]" if has_spread(self.low, self.high) else "(no spread seen)"
        return f"{signed(self.mean)} {ends}"

    def reversed(self, name: str) -> "Comparison":
        """The same seen from the other side."""
        return Comparison(name, self.place, -self.mean, -self.high, -self.low, self.once)


def decide(comparisons: Sequence[Comparison]) -> Evidence:
    """The verdict on several differences that are all stated to be above zero; at least one."""
    names = dict.fromkeys(item.name for item in comparisons)
    text = "; ".join(f"{name} {', '.join(item.text for item in comparisons if item.name == name)}" for name in names)
    return Evidence(verdict_of((item.low, item.high) for item in comparisons), text, limit_of(comparisons))


def verdict_of(intervals: Iterable[tuple[float, float]]) -> Verdict:
    """Holds with all intervals above zero, does not hold with one below, and is undecided otherwise.

    An interval without width decides nothing: resampling equal accuracies, or a single one, shows no spread.
    """
    sides = [_side(low, high) for low, high in intervals]
    if -1 in sides:
        return Verdict.DOES_NOT_HOLD
    return Verdict.UNDECIDED if 0 in sides else Verdict.HOLDS


def all_of(verdicts: Sequence[Verdict]) -> Verdict:
    """The verdict on a statement that makes several, of those that `verdict_of` gives."""
    for verdict in (Verdict.DOES_NOT_HOLD, Verdict.UNDECIDED):
        if verdict in verdicts:
            return verdict
    return Verdict.HOLDS


def has_spread(low: float, high: float) -> bool:
    """Whether an interval has a width."""
    return high - low > _ROUNDING


def seen_once(*items: Difference | MethodMean) -> tuple[str, ...]:
    """What there is only one of in one of `items`: 'one draw', 'one GAN', 'one classifier'."""
    return tuple(text for name, text in _SEEN_ONCE.items() if any(getattr(item, name) == 1 for item in items))


def limit_of(comparisons: Sequence[Comparison]) -> str:
    """All that one of their intervals knows nothing of, as in `Evidence`."""
    return ", ".join(text for text in _SEEN_ONCE.values() if any(text in item.once for item in comparisons))


def _side(low: float, high: float) -> int:
    """1 above zero, -1 below, 0 where the interval does not say."""
    if not has_spread(low, high):
        return 0
    return int(low > 0) - int(high < 0)
