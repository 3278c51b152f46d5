"""What is gained where one class is scarce, each in turn: its recall and precision, and the mean of all recalls."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np

from gansynth_isa.checks.judging.gains import Gain, arm_of
from gansynth_isa.tables import markdown_table

SCORES = ("recall", "precision", "mean_recall")
Case: TypeAlias = tuple[str, int, int]  # set, training clips of the scarce class, and of each other
ByDraw: TypeAlias = dict[int, dict[str, float]]  # draw -> scarce class -> score


def scores_of(rows: Sequence[Mapping], score: str) -> dict[Case, dict[str, ByDraw]]:
    """Case -> arm -> draw -> scarce class -> mean over trials and generators.

    A class that no clip was taken for has no precision: such a trial is left out.

    Args:
      rows: what `rows.collect_scarce_rows` gives.
      score: one of SCORES.
    """
    found: dict[Case, dict[str, dict[int, dict[str, list[float]]]]] = defaultdict(dict)
    for row in rows:
        arms = found[_case(row)]
        draws = arms.setdefault(arm_of(row), defaultdict(lambda: defaultdict(list)))
        if row[score] is not None:
            draws[row["draw"]][row["scarce"]].append(row[score])
    return {
        case: {
            arm: {
                draw: {name: float(np.mean(values)) for name, values in classes.items()}
                for draw, classes in draws.items()
            }
            for arm, draws in arms.items()
        }
        for case, arms in sorted(found.items())
    }


def scarce_gain(arms: Mapping[str, ByDraw], arm: str, control: str, classes: frozenset[str]) -> Gain | None:
    """Gain of an arm over the control, paired by draw; a draw's is the mean over the classes that are scarce in turn.

    A draw in which either lacks one of the classes is left out: classes differ in how hard they are.

    Args:
      arms: arm -> draw -> scarce class -> score.
      arm: what is compared.
      control: with what.
      classes: that are scarce in turn.
    """
    ours, theirs = arms.get(arm, {}), arms.get(control, {})
    differences = [
        float(np.mean([ours[draw][name] - theirs[draw][name] for name in sorted(classes)]))
        for draw in sorted(ours.keys() & theirs.keys())
        if classes <= ours[draw].keys() & theirs[draw].keys()
    ]
    return Gain.of(differences) if differences else None


def scarce_table(rows: Sequence[Mapping], control: str) -> str:
    """A line per case and arm: means over all draws and classes, and gains over the control with 95 % t-intervals.

    Args:
      rows: what `rows.collect_scarce_rows` gives.
      control: the arm that all others are compared with.
    """
    tables = [scores_of(rows, score) for score in SCORES]
    classes = {case: frozenset(row["scarce"] for row in rows if _case(row) == case) for case in tables[0]}
    titles = ("recall", "precision", "mean of recalls")
    header = ["set", "clips", "", *titles, *(f"{title} - {control}" for title in titles)]
    lines = []
    for case, arms in tables[0].items():
        place = [case[0], f"{case[1]} against {case[2]}"]
        for arm in sorted(arms, key=lambda arm: (arm != control, arm)):
            levels = [_level(table[case].get(arm, {})) for table in tables]
            gains = [
                "" if arm == control else _gain(scarce_gain(table[case], arm, control, classes[case]))
                for table in tables
            ]
            lines.append([*place, arm, *levels, *gains])
    return markdown_table(header, lines)


def _case(row: Mapping) -> Case:
    return row["set"], row["clips"], row["level"]


def _level(draws: ByDraw) -> str:
    values = [value for classes in draws.values() for value in classes.values()]
    return f"{np.mean(values):.3f}" if values else ""


def _gain(gain: Gain | None) -> str:
    return "" if gain is None else f"{gain.text()} ({gain.draws})"
