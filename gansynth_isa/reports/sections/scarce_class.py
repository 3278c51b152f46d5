"""The part of a report on classes that do not weigh the same: one with few training clips, or with few test clips."""

from collections.abc import Sequence

from gansynth_isa.errors import InputError
from gansynth_isa.experiments.rows.cells import title_of_kind
from gansynth_isa.reports.content import Block, Section, Table, Text
from gansynth_isa.reports.experiment_files import ExperimentFiles
from gansynth_isa.reports.statistics.scarce_class import (
    Gain,
    ScarceScores,
    scarce_classes,
    scarce_scores,
    training_counts,
)
from gansynth_isa.reports.statistics.summary import comparable
from gansynth_isa.reports.tables import LEVEL
from gansynth_isa.reports.wording import in_words, signed

MEANS = (
    "Mean of recalls: every class weighs the same, however many test clips it has. Recall and precision of the scarce "
    "class: the share of its clips that was recognised, and the share of the clips taken for it that are of it."
)
GAINS = (
    "Over augmented: the difference from the method augmented on the same draws, {batches}, with the 95 % t-interval "
    "over draws of the subset, which says nothing of other test recordings."
)
SCORES = ("recall", "precision", "mean_recall")


def balance_sections(files: ExperimentFiles, others: Sequence[ExperimentFiles] = ()) -> list[Section]:
    """Scores in which every class weighs the same; no section where accuracy says that anyway.

    Args:
      files: of the experiment.
      others: experiments in which other classes are scarce, or of other sets, to be counted together with it.

    Raises:
      InputError: `others` where one of the experiments has no scarce class.
    """
    rows = comparable(files.rows)
    if others:
        _check_scarce([files, *others])
    if any(map(scarce_classes, rows)):
        return [_scarce_section(rows, others)]
    if not rows or not all("mean_recall" in row for row in rows) or not any(map(_is_uneven, rows)):
        return []
    text = "The test side has more clips of some classes than of others. " + MEANS.split(". ")[0] + "."
    table = _table("mean_recall", scarce_scores([rows]), False)
    return [Section("balance", "Mean of recalls", [Text(text), table])]


def _scarce_section(rows: Sequence[dict], others: Sequence[ExperimentFiles]) -> Section:
    balanced = all(row.get("class_balance") == "balanced" for row in rows)
    batches = "with classes balanced in its batches" if balanced else "whose batches are not balanced by class"
    blocks: list[Block] = [
        Text(_clips(rows)),
        Text(f"{MEANS} {GAINS.format(batches=batches)}"),
        _table("scarce_class", scarce_scores([rows]), True),
    ]
    if others:
        together = [rows, *(comparable(each.rows) for each in others)]
        names = sorted({_name(row) for each in together for row in each if scarce_classes(row)})
        text = (
            f"All {len(together)} experiments together, scarce in turn: {in_words(names)}. A draw's difference is the "
            "mean over the experiments that have it."
        )
        blocks += [Text(text), _table("scarce_class_of_all", scarce_scores(together), True)]
    return Section("balance", "Scarce class", blocks)


def _check_scarce(experiments: Sequence[ExperimentFiles]) -> None:
    for files in experiments:
        if not any(map(scarce_classes, files.rows)):
            raise InputError(
                f"other_experiments: expected experiments with --clips_of_class, but that of the data set "
                f"{files.dataset_name} on {', '.join(files.class_names)} has no scarce class"
            )


def _clips(rows: Sequence[dict]) -> str:
    """`Training clips: 4 of broken; of each other class 18 or 72.`"""
    given = next(row["clips_of_class"] for row in rows if "clips_of_class" in row)
    levels = in_words([str(level) for level in sorted({row["level"] for row in rows})], last="or")
    return f"Training clips: {in_words([f'{count} of {name}' for name, count in given.items()])}; of others {levels}."


def _name(row: dict) -> str:
    """The scarce classes of a row with their clips: `broken (4 clips)`."""
    names, counts = list(row["recall"]), training_counts(row)
    return in_words([f"{names[index]} ({counts[names[index]]} clips)" for index in scarce_classes(row)])


def _is_uneven(row: dict) -> bool:
    return len({sum(counts) for counts in row["confusion_matrix"]} - {0}) > 1


def _table(name: str, scores: Sequence[ScarceScores], is_scarce: bool) -> Table:
    header = [LEVEL, "method", "generator", "recall", "precision", "mean of recalls", "recall over augmented"]
    header += ["mean of recalls over augmented"]
    rows = [
        [
            str(item.level),
            item.cell.title,
            "–" if item.cell.generator is None else title_of_kind(item.cell.generator),
            *("–" if (value := getattr(item, score)) is None else f"{value:.3f}" for score in SCORES),
            _gain_text(item.recall_gain),
            _gain_text(item.mean_recall_gain),
        ]
        for item in scores
    ]
    if not is_scarce:
        kept = [0, 1, 2, 5, 7]
        header, rows = [header[index] for index in kept], [[row[index] for index in kept] for row in rows]
    return Table(name, header, rows, [_record(item, is_scarce) for item in scores], num_labels=3)


def _gain_text(gain: Gain | None) -> str:
    if gain is None:
        return "–"
    if gain.low is None or gain.high is None:
        return f"{signed(gain.mean)} (one draw)"
    return f"{signed(gain.mean)} [{signed(gain.low)}, {signed(gain.high)}] ({gain.num_draws} draws)"


def _record(item: ScarceScores, is_scarce: bool) -> dict:
    record = {"level": item.level, "method": item.cell.name, "generator": item.cell.generator}
    record |= {score: getattr(item, score) for score in (SCORES if is_scarce else SCORES[-1:])}
    record["classifiers"] = item.num_classifiers
    gains = {"recall": item.recall_gain} if is_scarce else {}
    for score, gain in {**gains, "mean_recall": item.mean_recall_gain}.items():
        values = (None,) * 4 if gain is None else (gain.mean, gain.low, gain.high, gain.num_draws)
        record |= zip([f"{score}_gain{end}" for end in ("", "_low", "_high", "_draws")], values, strict=True)
    return record
