"""A survey as tables and warnings."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from gansynth_isa.data.recordings.give_aways import Observed
from gansynth_isa.data.recordings.paper import DURATION_TOLERANCE, paper_differences
from gansynth_isa.data.recordings.pitfalls import pitfall_lines
from gansynth_isa.data.recordings.recording import ALL
from gansynth_isa.data.recordings.short_events import short_event_lines
from gansynth_isa.data.recordings.survey import Facts, Survey
from gansynth_isa.data.recordings.tree import some
from gansynth_isa.errors import printable
from gansynth_isa.tables import text_table

TITLES = ("class", "side", "files", "clips", "total s", "min s", "median s", "max s", "level dBFS", "peak dBFS")
MAX_BAD_SHOWN = 20
WRONG_SCALE = 2.0  # a little more than 1 is common in float files and behind lossy codecs
SHARE_OF_EQUAL = 0.9  # of the recordings of a side; where lengths vary more, none of them says anything


def survey_text(survey: Survey, dataset: str) -> str:
    """All that a person should know about a data set, on several lines."""
    parts = [class_table(survey)] if survey.facts else []
    parts.append("\n".join(property_lines(survey)))
    if survey.facts and (
        differences := paper_differences(dataset, [(fact.recording, fact.info) for fact in survey.facts])
    ):
        parts.append(differences)
    warnings = [f"  {line}" for line in warning_lines(survey, dataset)]
    parts.append("\n".join(["suspicious:", *(warnings or ["  nothing"])]))
    if survey.bad:
        lines = [f"  {printable(reason)}" for _, reason in survey.bad[:MAX_BAD_SHOWN]]
        if len(survey.bad) > MAX_BAD_SHOWN:
            lines.append(f"  ... and {len(survey.bad) - MAX_BAD_SHOWN} more")
        parts.append("\n".join([f"{len(survey.bad)} recordings that cannot be used:", *lines]))
    return "\n\n".join(part for part in parts if part)


def class_table(survey: Survey) -> str:
    """Classes by sides: files, clips that are cut from them, durations, median RMS level, highest peak."""
    rows = [TITLES]
    for name in survey.class_names:
        for side in survey.sides():
            facts = [fact for fact in survey.facts if (fact.recording.label, fact.side) == (name, side)]
            rows.append(_row(name, side, facts))
    rows += [_row("all classes", side, [fact for fact in survey.facts if fact.side == side]) for side in survey.sides()]
    return text_table(rows)


def property_lines(survey: Survey) -> Iterator[str]:
    """Sample rates, formats, channels and groups with the numbers of recordings; what was left aside."""
    infos = [fact.info for fact in survey.facts]
    if infos:
        yield f"sample rate: {_counts(f'{info.sample_rate} Hz' for info in infos)}"
        yield f"format: {_counts(f'{info.container} {info.subtype}' for info in infos)}"
        yield f"channels: {_counts(info.channels for info in infos)}"
    groups = sorted({recording.group for recording in survey.found.recordings})
    if len(groups) < len(survey.found.recordings):
        yield f"groups: {len(groups)}: {some(groups)}"
    yield from survey.found.notices
    if survey.found.num_ignored:
        yield f"ignored: {survey.found.ignored_text()}"


def warning_lines(survey: Survey, dataset: str) -> Iterator[str]:
    """What should be looked at, though most of it does not forbid to use the set."""
    silent = [fact.recording.path for fact in survey.facts if fact.is_silent]
    if silent:
        yield f"silent: {some(silent)}"
    clipped = [fact for fact in survey.facts if fact.num_clipped]
    if clipped:
        num_samples = sum(fact.num_clipped for fact in clipped)
        names = some([fact.recording.path for fact in clipped])
        yield f"clipped: {num_samples} samples at full scale in {len(clipped)} recording(s): {names}"
    if loud := [fact.recording.path for fact in survey.facts if fact.peak > WRONG_SCALE]:
        yield f"more than twice full scale, so perhaps in another unit: {some(loud)}"
    if short := [fact.recording.path for fact in _short(survey.facts)]:
        yield f"shorter than the others, so perhaps truncated: {some(short)}"
    yield from _duplicate_lines(survey)
    yield from pitfall_lines(
        [Observed(fact.recording, fact.side, fact.info, fact.signal) for fact in survey.facts], survey.data
    )
    if survey.facts:
        clip_seconds = survey.data.clip_seconds or max(fact.info.duration_s for fact in survey.facts)
        yield from short_event_lines([fact.powers for fact in survey.facts], survey.data, clip_seconds)
    for name in survey.class_names:
        sides = {fact.side for fact in survey.facts if fact.recording.label == name}
        if sides and ALL not in sides:
            missing = [side for side in survey.sides() if side not in sides]
            yield from (f"class {printable(name)}: no recording on the side {side}" for side in missing)
    if "test" not in survey.sides():
        folder_way = "--test_groups or a group named split in --file_pattern makes one"
        layout_way = "folders or file names that say train and test, or a --manifest with a column split, make one"
        yield f"no test side: {folder_way if dataset == 'folder' else layout_way}"


def _short(facts: Sequence[Facts]) -> list[Facts]:
    """Recordings that are shorter than those of their side, where nearly all of these are equally long."""
    short = []
    for side in dict.fromkeys(fact.side for fact in facts):
        together = [fact for fact in facts if fact.side == side]
        durations_s = np.array([fact.info.duration_s for fact in together])
        usual_s = float(np.median(durations_s))
        if np.mean(np.abs(durations_s - usual_s) <= DURATION_TOLERANCE * usual_s) >= SHARE_OF_EQUAL:
            shortest_s = (1.0 - DURATION_TOLERANCE) * usual_s
            short += [fact for fact in together if fact.info.duration_s < shortest_s]
    return short


def _duplicate_lines(survey: Survey) -> Iterator[str]:
    kinds: dict[str, list[str]] = {
        "train and test hold the same sound": [],
        "two classes hold the same sound": [],
        "the same sound twice": [],
    }
    across, labels, twice = kinds.values()
    for together in survey.same_content():
        names = some([fact.recording.path for fact in together], " = ")
        if len({fact.side for fact in together}) > 1:
            across.append(names)
        if len({fact.recording.label for fact in together}) > 1:
            labels.append(names)
        if len({(fact.side, fact.recording.label) for fact in together}) == 1:
            twice.append(names)
    for kind, found in kinds.items():
        if found:
            yield f"{kind}, {len(found)} time(s): {some(found)}"


def _row(name: str, side: str, facts: Sequence[Facts]) -> tuple:
    if not facts:
        return (name, side, 0, 0, *[""] * 6)
    durations_s = [fact.info.duration_s for fact in facts]
    lengths = (sum(durations_s), min(durations_s), float(np.median(durations_s)), max(durations_s))
    level = float(np.median([fact.level_dbfs for fact in facts]))
    peak = max(fact.peak for fact in facts)
    peak_dbfs = 20.0 * np.log10(peak) if peak > 0.0 else -np.inf
    num_clips = sum(fact.num_clips for fact in facts)
    levels = (f"{level:z.1f}", f"{peak_dbfs:z.1f}")
    return (name, side, len(facts), num_clips, *(f"{seconds:.2f}" for seconds in lengths), *levels)


def _counts(values: Iterable[object]) -> str:
    """Each value with the number of recordings that have it, the most frequent first."""
    return ", ".join(f"{value} ({count})" for value, count in Counter(values).most_common())
