"""Kinds of statements about methods, and when results confirm or contradict them.

All rest on 95 % intervals. A comparison holds where its interval lies on the stated side of zero at every level, does
not hold where it lies on the other side at some level, and is undecided otherwise. Only levels at which all methods
that a statement compares have classifiers count.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations
from statistics import mean, variance

import numpy as np
from scipy.stats import chi2

from gansynth_isa.experiments.rows.cells import PAPER_CELLS, cell_name
from gansynth_isa.reports.statistics.bootstrap import COVERAGE, Difference, MethodMean, interval
from gansynth_isa.reports.statistics.evidence import (
    Comparison,
    Evidence,
    Verdict,
    all_of,
    decide,
    has_spread,
    limit_of,
    seen_once,
    verdict_of,
)

Pair = tuple[str, str]


def better_everywhere(
    differences: Sequence[Difference], pairs: Sequence[Pair], max_level: float = math.inf
) -> Evidence:
    """Whether the first of each pair is better than the second, at every level up to `max_level`.

    Args:
      differences: paired differences.
      pairs: (better, worse) methods.
      max_level: clips per class.
    """
    levels = [item for item in _by_level(differences, pairs) if item[0] <= max_level]
    if not levels:
        return _not_tested("no level has the methods it compares", max_level)
    # Pair by pair, as it reads.
    return decide([comparisons[index] for index in range(len(pairs)) for _, comparisons in levels])


def best_method(differences: Sequence[Difference], method: str, max_level: float = math.inf) -> Evidence:
    """Whether `method` is better than each of the three others, at every level up to `max_level`."""
    return better_everywhere(differences, [(method, other) for other in PAPER_CELLS if other != method], max_level)


def change_with_level(differences: Sequence[Difference], method: str, other: str) -> Evidence:
    """Whether the gain of `method` over `other` is smaller at the highest level than at the lowest."""
    found = sorted(
        (item for item in differences if (item.method, item.other) == (method, other)), key=lambda item: item.level
    )
    if len(found) < 2:
        return _not_tested("it takes two levels")
    first, last = found[0], found[-1]
    ends = interval(first.replicates - last.replicates)
    place = f"at {first.level} over that at {last.level}"
    return decide([Comparison("gain", place, first.mean - last.mean, *ends, seen_once(first, last))])


def difference_between_pairs(differences: Sequence[Difference], pair: Pair, than: Pair) -> Evidence:
    """Whether the first method of `pair` loses more against its second than that of `than` does, at every level.

    Both differences are resampled by themselves: where a draw shifts both alike the interval is wider than it need be.
    """
    by_place = {(item.level, item.method, item.other): item for item in differences}
    comparisons = []
    for level in sorted({item.level for item in differences}):
        mine, theirs = by_place.get((level, *pair)), by_place.get((level, *than))
        if mine and theirs:
            ends = interval(theirs.replicates - mine.replicates)
            loss, name = theirs.mean - mine.mean, "loss with the GAN over loss without"
            comparisons.append(Comparison(name, f"at {level}", loss, *ends, seen_once(mine, theirs)))
    return decide(comparisons) if comparisons else _not_tested("no level has all four methods")


def similar_gains(differences: Sequence[Difference], min_level: int, tolerance: float) -> Evidence:
    """Whether from `min_level` on all methods beat the baseline, and are alike.

    Two methods are alike where the interval of their difference lies within `tolerance` of zero, and are not where it
    lies outside.
    """
    others = [method for method in PAPER_CELLS if method != "baseline"]
    at_level = [item for item in differences if item.level >= min_level]
    gain_pairs = [(method, "baseline") for method in others]
    pairs = gain_pairs + [(method, other) for other, method in combinations(others, 2)]
    levels = [comparisons for _, comparisons in _by_level(at_level, pairs)]
    if not levels:
        return _not_tested(f"no level from {min_level} on has all four methods")
    gains = decide([found[index] for index in range(len(gain_pairs)) for found in levels])
    between = [item for found in levels for item in found[len(gain_pairs) :]]
    largest = max(between, key=lambda item: abs(item.mean))
    text = (
        f"{gains.text}; the largest difference between them: {largest.name} {largest.text} "
        f"(alike: {tolerance:.2f} and less)"
    )
    verdict = all_of([gains.verdict, *(_alike(item, tolerance) for item in between)])
    return Evidence(verdict, text, limit_of([item for found in levels for item in found]))


def threshold_of_baseline(means: Sequence[MethodMean], level: int, low: float, high: float) -> Evidence:
    """Whether the baseline is under `low` at all levels below `level`, and above `high` at all others.

    Args:
      means: of the baseline, one per level.
      level: clips per class.
      low, high: accuracies.
    """
    text = ", ".join(_mean_text(item) for item in means)
    text = f"baseline {text} (struggles: under {low:.2f}, about 90 %: {high:.2f} and more)"
    below = [(low - item.high, low - item.low) for item in means if item.level < level]
    above = [(item.low - high, item.high - high) for item in means if item.level >= level]
    verdict = verdict_of([*below, *above])
    if verdict is not Verdict.DOES_NOT_HOLD and not (below and above):
        return Evidence(Verdict.NOT_TESTED, f"There are no levels on both sides of {level}: {text}")
    return Evidence(verdict, text, ", ".join(seen_once(*means)))


def gan_spread(rows: Iterable[dict], tolerance: float) -> Evidence:
    """Whether the standard deviation between GANs of the same clips, as their classifiers show it, is small.

    Its interval assumes normal deviations; the classifiers' own spread is part of it. Methods that use the same GANs
    are averaged: they show the same deviation twice.

    Args:
      rows: of `results.jsonl`.
      tolerance: the largest deviation, in accuracy, that is small.
    """
    accuracies: dict[tuple[int, str, int], dict[str, dict[int, list[float]]]]
    accuracies = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
    for row in rows:
        if row["gan"] is not None:
            place = row["level"], row["fold"], row["subset_seed"]
            accuracies[place][cell_name(row)][row["gan"]].append(row["accuracy"])
    groups = {
        place: [[mean(trials) for trials in gans.values()] for gans in by_method.values() if len(gans) > 1]
        for place, by_method in accuracies.items()
    }
    groups = {place: groups[place] for place in sorted(groups) if groups[place]}
    if not groups:
        return _not_tested("there is one GAN per subset")
    freedoms = {place: min(len(group) for group in found) - 1 for place, found in groups.items()}
    freedom = sum(freedoms.values())
    total = sum(freedoms[place] * mean(variance(group) for group in found) for place, found in groups.items())
    low, high = (math.sqrt(total / chi2.ppf(share, freedom)) for share in ((1 + COVERAGE) / 2, (1 - COVERAGE) / 2))
    text = (
        f"standard deviation between GANs {math.sqrt(total / freedom):.3f} [{low:.3f}, {high:.3f}] "
        f"(hardly differ: {tolerance:.2f} and less)"
    )
    limit = "one draw" if len({draw for _, _, draw in groups}) == 1 else ""
    return Evidence(verdict_of([(tolerance - high, tolerance - low)]), text, limit)


def _by_level(differences: Sequence[Difference], pairs: Sequence[Pair]) -> list[tuple[int, list[Comparison]]]:
    """Levels, ascending, that have the methods of all `pairs`, each with one comparison per pair."""
    found: dict[int, dict[Pair, Comparison]] = defaultdict(dict)
    for item in differences:
        name = f"{item.cell.title} over {item.other_cell.title}"
        comparison = Comparison(name, f"at {item.level}", item.mean, item.low, item.high, seen_once(item))
        found[item.level][item.method, item.other] = comparison
        reverse = f"{item.other_cell.title} over {item.cell.title}"
        found[item.level][item.other, item.method] = comparison.reversed(reverse)
    return [
        (level, [found[level][pair] for pair in pairs])
        for level in sorted(found)
        if all(pair in found[level] for pair in pairs)
    ]


def _alike(item: Comparison, tolerance: float) -> Verdict:
    if not has_spread(item.low, item.high):
        return Verdict.UNDECIDED
    if item.low > tolerance or item.high < -tolerance:
        return Verdict.DOES_NOT_HOLD
    return Verdict.HOLDS if -tolerance <= item.low and item.high <= tolerance else Verdict.UNDECIDED


def _mean_text(item: MethodMean) -> str:
    ends = f"[{item.low:.3f}, {item.high:.3f}]" if has_spread(item.low, item.high) else "(no spread seen)"
    return f"{item.mean:.3f} {ends} at {item.level}"


def _not_tested(reason: str, max_level: float = math.inf) -> Evidence:
    limit = f" (levels up to {max_level})" if np.isfinite(max_level) else ""
    return Evidence(Verdict.NOT_TESTED, f"{reason[0].upper()}{reason[1:]}{limit}.")
