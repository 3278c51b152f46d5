"""What came out of an experiment, in two to four sentences that follow from its rows alone."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from gansynth_isa.reports.experiment_files import ExperimentFiles
from gansynth_isa.reports.sections.accuracy import is_unfinished
from gansynth_isa.reports.statistics.bootstrap import Difference
from gansynth_isa.reports.statistics.coverage import are_narrow
from gansynth_isa.reports.statistics.evidence import Comparison, Verdict, has_spread, limit_of, verdict_of
from gansynth_isa.reports.statistics.scarce_class import scarce_classes
from gansynth_isa.reports.statistics.standings import Standing, is_real, standings
from gansynth_isa.reports.statistics.summary import Summary
from gansynth_isa.reports.wording import in_words

_ABOVE, _BELOW, _HOLDS_ZERO, _NO_SPREAD = (
    "lies above zero at {}",
    "lies below zero at {}",
    "holds zero at {}, where neither is shown to be better",
    "has no width at {}, where no spread was seen and nothing is shown",
)
# What an interval has seen once -> what nothing is known of.
_UNKNOWN = {
    "one draw": "another draw of the training clips (there is one)",
    "one GAN": "another generator (there is one per draw)",
    "one classifier": "another classifier (there is one each)",
}


def findings(
    files: ExperimentFiles, summaries: Sequence[Summary], differences: Sequence[Difference], simulated: bool
) -> list[str]:
    """Who is ahead where, by how much over the better of baseline and augmented, what that shows, and what it does not.

    Args:
      files: of the experiment.
      summaries, differences: of its comparable rows.
      simulated: whether the recordings are.

    Returns:
      Sentences; none where no method has all of the compared folds, and none of rows of the old form, whose reports are
      published as they are.
    """
    found = standings(summaries, differences)
    if files.is_of_old_form or not found:
        return []
    unknown = _unknown(files, found, simulated, are_narrow(differences))
    if all(item.challenger is None or item.control is None for item in found):
        return [_ahead(found), _nothing_to_compare(found), unknown]
    return [_ahead(found), *_gains(found, summaries), unknown]


def _ahead(found: Sequence[Standing]) -> str:
    """`At 4 clips per class gaussian is ahead, with an accuracy of 0.719; at 9 and 18 lda, with 0.799 and 0.812.`"""
    parts: list[str] = []
    for leaders, group in groupby(found, key=lambda item: item.leaders):
        items = list(group)
        levels, accuracies = _levels(items), in_words([f"{item.accuracy:.3f}" for item in items])
        names = in_words([cell.title for cell in leaders])
        unit, verb = ("", "") if parts else (" clips per class", " are ahead" if len(leaders) > 1 else " is ahead")
        what = "" if parts else "an accuracy of " if len(items) == 1 else "accuracies of "
        parts.append(f"{'at' if parts else 'At'} {levels}{unit} {names}{verb}, with {what}{accuracies}")
    return f"{'; '.join(parts)}."


def _nothing_to_compare(found: Sequence[Standing]) -> str:
    if all(item.control is None for item in found):
        return "Neither baseline nor augmented is there to compare with."
    return "No other method is there to compare with."


def _gains(found: Sequence[Standing], summaries: Sequence[Summary]) -> list[str]:
    """The numbers, and what their intervals show."""
    compared = [item.comparison for item in found if item.comparison is not None]
    missing = [item for item in found if item.comparison is None]
    gap = f"; at {_levels(missing)} no draw has both" if missing else ""
    if not compared:
        return [f"No draw has both {_control(found, summaries)} and another method."]
    parts: list[str] = []
    for name, group in groupby(compared, key=lambda item: item.name):
        parts.append(f"{name} {'' if parts else 'has '}{in_words([f'{item.numbers} {item.place}' for item in group])}")
    over = f"Over {_control(found, summaries)}, {'; '.join(parts)} (difference in accuracy, 95 % interval){gap}."
    return [over, f"The interval {'; it '.join(_shown(compared))}."]


def _control(found: Sequence[Standing], summaries: Sequence[Summary]) -> str:
    """`the better of baseline and baseline + augmentation`, or the only one of them."""
    challengers = {item.challenger for item in found}
    cells = {item.cell for item in summaries if is_real(item.cell) and item.cell not in challengers}
    names = [cell.title for cell in sorted(cells, key=lambda cell: cell.order)]
    return names[0] if len(names) == 1 else f"the better of {in_words(names)}"


def _shown(compared: Sequence[Comparison]) -> Iterable[str]:
    """`lies above zero at 4`, in the order above, below, and undecided."""
    sides = [_side(item) for item in compared]
    for side in (_ABOVE, _BELOW, _HOLDS_ZERO, _NO_SPREAD):
        places = [item.place.removeprefix("at ") for item, own in zip(compared, sides, strict=True) if own == side]
        if places:
            yield side.format(in_words(places))


def _side(item: Comparison) -> str:
    if not has_spread(item.low, item.high):
        return _NO_SPREAD
    verdict = verdict_of([(item.low, item.high)])
    return {Verdict.HOLDS: _ABOVE, Verdict.DOES_NOT_HOLD: _BELOW}.get(verdict, _HOLDS_ZERO)


def _unknown(files: ExperimentFiles, found: Sequence[Standing], simulated: bool, narrow: bool) -> str:
    """What these rows do not tell, and what flatters."""
    compared = [item.comparison for item in found if item.comparison is not None]
    once = limit_of(compared).split(", ") if compared else _once(files)
    things = [_UNKNOWN[name] for name in _UNKNOWN if name in once]
    things += ["other test recordings", *(["real recordings (these are simulated)"] if simulated else [])]
    more = ["intervals of so few are too narrow"] if compared and narrow else []
    if (most := max(item.num_others for item in found)) > 1 and compared:
        more.append(f"the best of {most} methods was picked by these same numbers, which flatters it")
    if any(map(scarce_classes, files.rows)):
        more.append("how the scarce class fares stands in a section of its own")
    if is_unfinished(files):
        more.append("the experiment is not finished")
    unknown = f"These rows do not tell what {in_words(things, last='or')} would give"
    return f"{'; '.join([unknown, *more])}."


def _once(files: ExperimentFiles) -> list[str]:
    return ["one draw"] if len({row["subset_seed"] for row in files.rows}) == 1 else []


def _levels(items: Sequence[Standing]) -> str:
    return in_words([str(item.level) for item in items])
