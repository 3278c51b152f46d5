"""Kinds of statements about methods, and when results confirm or contradict them.

A comparison holds where its 95 % interval lies on the stated side of zero at every level, does not hold where it lies
on the other side at some level, and is undecided otherwise.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from statistics import mean, variance

import numpy as np
from scipy.stats import chi2

from gansynth_isa.config import METHODS
from gansynth_isa.experiments.bootstrap import COVERAGE, Difference, interval
from gansynth_isa.experiments.summary import Summary
from gansynth_isa.experiments.tables import METHOD_NAMES


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
      num_draws: the fewest draws of the subset that the interval rests on.
    """

    name: str
    place: str
    mean: float
    low: float
    high: float
    num_draws: int

    @property
    def text(self) -> str:
        """`at 4 +0.020 [-0.010, +0.050]`."""
        return f"{self.place} {signed(self.mean)} [{signed(self.low)}, {signed(self.high)}]"


def better_everywhere(
    differences: Sequence[Difference], pairs: Sequence[tuple[str, str]], max_level: float = math.inf, fewest: int = 1
) -> Evidence:
    """Whether the first of each pair is better than the second, at every level up to `max_level`.

    Args:
      differences: paired differences.
      pairs: (better, worse) methods.
      max_level: clips per class.
      fewest: how many of the pairs must have results for the statement to count as tested.
    """
    found = [_oriented(differences, better, worse, max_level) for better, worse in pairs]
    if sum(bool(comparisons) for comparisons in found) < fewest:
        return _not_tested("no level has the methods it compares", max_level)
    return decide([item for comparisons in found for item in comparisons])


def best_method(differences: Sequence[Difference], method: str, max_level: float = math.inf) -> Evidence:
    """Whether `method` is better than each of the three others, at every level up to `max_level`."""
    others = [other for other in METHODS if other != method]
    return better_everywhere(differences, [(method, other) for other in others], max_level, fewest=len(others))


def change_with_level(differences: Sequence[Difference], method: str, other: str) -> Evidence:
    """Whether the gain of `method` over `other` is smaller at the highest level than at the lowest."""
    found = sorted(
        (item for item in differences if (item.method, item.other) == (method, other)), key=lambda item: item.level
    )
    if len(found) < 2:
        return _not_tested("it takes two levels")
    first, last = found[0], found[-1]
    replicates = first.replicates - last.replicates
    place = f"at {first.level} over that at {last.level}"
    num_draws = min(first.num_draws, last.num_draws)
    return decide([Comparison("gain", place, first.mean - last.mean, *interval(replicates), num_draws)])


def difference_between_pairs(
    differences: Sequence[Difference], pair: tuple[str, str], than: tuple[str, str]
) -> Evidence:
    """Whether the first method of `pair` loses more against its second than that of `than` does, at every level."""
    by_place = {(item.level, item.method, item.other): item for item in differences}
    comparisons = []
    for level in sorted({item.level for item in differences}):
        mine, theirs = by_place.get((level, *pair)), by_place.get((level, *than))
        if mine and theirs:
            replicates = theirs.replicates - mine.replicates
            loss = theirs.mean - mine.mean
            name, num_draws = "loss with the GAN over loss without", min(mine.num_draws, theirs.num_draws)
            comparisons.append(Comparison(name, f"at {level}", loss, *interval(replicates), num_draws))
    return decide(comparisons) if comparisons else _not_tested("no level has all four methods")


def similar_gains(differences: Sequence[Difference], min_level: int, tolerance: float) -> Evidence:
    """Whether from `min_level` on all methods beat the baseline, their gains within `tolerance` of each other."""
    methods = [method for method in METHODS if method != "baseline"]
    at_level = [item for item in differences if item.level >= min_level]
    gains = [_oriented(at_level, method, "baseline", math.inf) for method in methods]
    if not all(gains):
        return _not_tested(f"no level from {min_level} on has all four methods")
    evidence = decide([item for comparisons in gains for item in comparisons])
    ranges = [max(item.mean for item in level) - min(item.mean for item in level) for level in zip(*gains, strict=True)]
    text = f"{evidence.text}; gains differ by up to {max(ranges):.3f} (alike: {tolerance:.2f} and less)"
    verdict = Verdict.DOES_NOT_HOLD if max(ranges) > tolerance else evidence.verdict
    return Evidence(verdict, text, evidence.limit)


def threshold_of_baseline(summaries: Sequence[Summary], level: int, low: float, high: float) -> Evidence:
    """Whether the baseline's mean is under `low` at all levels below `level`, and at least `high` at all others."""
    means = {item.level: item.mean for item in summaries if item.method == "baseline"}
    text = ", ".join(f"{value:.3f} at {place}" for place, value in sorted(means.items()))
    below = [value < low for place, value in means.items() if place < level]
    above = [value >= high for place, value in means.items() if place >= level]
    text = f"baseline {text} (struggles: under {low:.2f}; about 90 %: {high:.2f} and more)"
    if not all([*below, *above]):
        return Evidence(Verdict.DOES_NOT_HOLD, text)
    if not below or not above:
        return Evidence(Verdict.NOT_TESTED, f"There are no levels on both sides of {level}: {text}")
    return Evidence(Verdict.HOLDS, text)


def gan_spread(rows: Iterable[dict], tolerance: float) -> Evidence:
    """Whether the standard deviation between GANs of the same clips, as their classifiers show it, is small.

    Its interval assumes normal deviations; the classifiers' own spread is part of it.

    Args:
      rows: of `results.jsonl`.
      tolerance: the largest deviation, in accuracy, that is small.
    """
    cells = defaultdict(lambda: defaultdict(list))
    for row in rows:
        if row["gan"] is not None:
            cells[row["level"], row["method"], row["fold"], row["subset_seed"]][row["gan"]].append(row["accuracy"])
    groups = [[mean(trials) for trials in gans.values()] for gans in cells.values() if len(gans) > 1]
    if not groups:
        return _not_tested("there is one GAN per subset")
    freedom = sum(len(group) - 1 for group in groups)
    total = sum(variance(group) * (len(group) - 1) for group in groups)
    low, high = (math.sqrt(total / chi2.ppf(share, freedom)) for share in ((1 + COVERAGE) / 2, (1 - COVERAGE) / 2))
    text = (
        f"standard deviation between GANs {math.sqrt(total / freedom):.3f} [{low:.3f}, {high:.3f}] "
        f"(hardly differ: {tolerance:.2f} and less)"
    )
    if high <= tolerance:
        return Evidence(Verdict.HOLDS, text)
    return Evidence(Verdict.DOES_NOT_HOLD if low > tolerance else Verdict.UNDECIDED, text)


def decide(comparisons: Sequence[Comparison]) -> Evidence:
    """The verdict on several differences that are all stated to be above zero; at least one."""
    names = dict.fromkeys(item.name for item in comparisons)
    text = "; ".join(f"{name} {', '.join(item.text for item in comparisons if item.name == name)}" for name in names)
    limit = "one draw" if min(item.num_draws for item in comparisons) == 1 else ""
    if any(item.high < 0 or item.low == item.high == 0 for item in comparisons):
        return Evidence(Verdict.DOES_NOT_HOLD, text, limit)
    return Evidence(Verdict.HOLDS if all(item.low > 0 for item in comparisons) else Verdict.UNDECIDED, text, limit)


def signed(value: float) -> str:
    """With sign and three decimals; what rounds to zero has no sign."""
    return f"{value:+.3f}" if round(abs(value), 3) else "0.000"


def _oriented(differences: Sequence[Difference], better: str, worse: str, max_level: float) -> list[Comparison]:
    comparisons = []
    for item in differences:
        name, place = f"{METHOD_NAMES[better]} over {METHOD_NAMES[worse]}", f"at {item.level}"
        if item.level <= max_level and (item.method, item.other) == (better, worse):
            comparisons.append(Comparison(name, place, item.mean, item.low, item.high, item.num_draws))
        if item.level <= max_level and (item.method, item.other) == (worse, better):
            comparisons.append(Comparison(name, place, -item.mean, -item.high, -item.low, item.num_draws))
    return comparisons


def _not_tested(reason: str, max_level: float = math.inf) -> Evidence:
    limit = f" (levels up to {max_level})" if np.isfinite(max_level) else ""
    return Evidence(Verdict.NOT_TESTED, f"{reason[0].upper()}{reason[1:]}{limit}.")
