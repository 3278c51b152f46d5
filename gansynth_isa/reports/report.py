"""Writes the report of an experiment: `report.html`, and the same as Markdown and CSV."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gansynth_isa.drawing import lettering
from gansynth_isa.experiments.rows.cells import GANSYNTH, generator_of
from gansynth_isa.files import replace_file
from gansynth_isa.reports.content import Folded, Matrix, Picture, Section, Table, Text, flatten
from gansynth_isa.reports.experiment_files import ExperimentFiles, read_experiment_files
from gansynth_isa.reports.figures import accuracy_figure, figure_bytes
from gansynth_isa.reports.findings import findings
from gansynth_isa.reports.markdown import markdown_report, markdown_section, matrix_table, table_csv
from gansynth_isa.reports.page import html_page
from gansynth_isa.reports.sections.accuracy import accuracy_section
from gansynth_isa.reports.sections.choices import choice_sections
from gansynth_isa.reports.sections.classes_and_cost import class_section, cost_section
from gansynth_isa.reports.sections.comparisons import difference_section, statement_section, verdict_counts
from gansynth_isa.reports.sections.generators import clip_section, curve_section, setting_section
from gansynth_isa.reports.sections.scarce_class import balance_sections
from gansynth_isa.reports.statistics.bootstrap import method_means, paired_differences
from gansynth_isa.reports.statistics.statements import Results, judge, paper_set_of
from gansynth_isa.reports.statistics.summary import Summary, comparable, summarise
from gansynth_isa.reports.wording import generators_of, imported_notices, in_words

FILES_FOLDER = "report_files"
SIMULATED = "Every number here comes from simulated recordings and says nothing about real ones."
SUSPICIOUS = "Suspicious about the recordings:"


@dataclass(frozen=True)
class Report:
    """What `write_report` made: a short text to print, all files, and a line about what pictures could not show."""

    text: str
    files: tuple[Path, ...]
    warning: str | None = None


def write_report(
    experiment_dir: Path,
    output_dir: Path,
    paper_set: str | None = None,
    simulated: bool = False,
    other_dirs: Sequence[Path] = (),
) -> Report:
    """Writes `report.html`, `report.md`, `accuracy.png`, and tables and pictures in `report_files/`.

    Args:
      experiment_dir: holds `results.jsonl`, and perhaps `gans.jsonl`, `grid.json` and `gans/`.
      output_dir: made if it does not exist.
      paper_set: 'mb' or 'pucks', whose statements are tested; None: follows from the data set's name and layout.
      simulated: the recordings are this project's simulated ones; rows that are marked so, and a name that begins
        with 'simulated_', say so too.
      other_dirs: folders of experiments in which other classes are scarce; the section on the scarce class says what
        all of them say together.

    Raises:
      InputError: the folder holds no results or damaged ones, or `output_dir` cannot be written.
    """
    files = read_experiment_files(experiment_dir)
    rows = comparable(files.rows)
    summaries = summarise(files.rows)
    results = Results(rows, method_means(rows, "baseline"), paired_differences(rows))
    paper_set, simulated = _stands_for(files, paper_set, simulated)
    name = f"{files.dataset_name} (simulated recordings)" if simulated else files.dataset_name
    judgements = judge(results, paper_set, simulated)
    balance = balance_sections(files, [read_experiment_files(folder) for folder in other_dirs])
    choices = choice_sections(files.rows)
    sections = [
        accuracy_section(files, summaries, f"Accuracy on {name}"),
        *balance,
        *choices,
        difference_section(results.differences, with_gains=not files.is_of_old_form),
        statement_section(judgements, paper_set, simulated),
        class_section(files),
        clip_section(files),
        curve_section(files),
        cost_section(files),
        setting_section(files),
    ]
    title = f"{'Simulated recordings: experiment' if simulated else 'Experiment'} on {files.dataset_name}"
    lead = _opening(files, findings(files, summaries, results.differences, simulated), simulated)
    contents = _documents(title, lead, sections) | _attachments(sections)
    contents["accuracy.png"] = _chart(files, summaries, f"Accuracy on {name}")
    return Report(
        _short_text(title, lead, [sections[0], *balance, *map(_unfolded, choices)], verdict_counts(judgements)),
        tuple(_write(output_dir / name, content) for name, content in contents.items()),
        lettering([name, *(run.name for run in files.generator_folders)]).warning(),
    )


def _stands_for(files: ExperimentFiles, paper_set: str | None, simulated: bool) -> tuple[str | None, bool]:
    """Which of the paper's sets the results stand for, and whether the recordings are simulated."""
    named_set, named_simulated = paper_set_of(files.dataset_name, _layout(files))
    return paper_set or named_set, simulated or named_simulated or files.is_simulated


def _opening(files: ExperimentFiles, sentences: Sequence[str], simulated: bool) -> list[Text]:
    """What a reader must not miss, what came out, and what it was made of."""
    notices = [Text(notice, is_notice=True) for notice in _notices(files, simulated)]
    return [*notices, *(Text(sentence, is_result=True) for sentence in sentences), Text(_lead(files))]


def _notices(files: ExperimentFiles, simulated: bool) -> list[str]:
    """What a reader must not miss."""
    suspicious = (f"{SUSPICIOUS} {line}" for line in files.warnings)
    return [*([SIMULATED] if simulated else []), *imported_notices(files.rows), *suspicious]


def _chart(files: ExperimentFiles, summaries: Sequence[Summary], title: str) -> bytes:
    return figure_bytes(accuracy_figure(summaries, len(files.class_names), title), "png")


def _documents(title: str, lead: Sequence[Text], sections: Sequence[Section]) -> dict[str, bytes]:
    return {
        "report.html": html_page(title, lead, sections).encode(),
        "report.md": (markdown_report(title, lead, sections, FILES_FOLDER) + "\n").encode(),
    }


def _attachments(sections: Sequence[Section]) -> dict[str, bytes]:
    """Tables as CSV, and the pictures that the Markdown shows."""
    blocks = flatten([block for section in sections for block in section.blocks])
    tables = [matrix_table(item) if isinstance(item, Matrix) else item for item in blocks]
    contents = {
        f"{FILES_FOLDER}/{item.name}.csv": table_csv(item).encode() for item in tables if isinstance(item, Table)
    }
    pictures = {f"{FILES_FOLDER}/{item.file_name}": item.content for item in blocks if isinstance(item, Picture)}
    return contents | pictures


def _short_text(title: str, lead: Sequence[Text], sections: Sequence[Section], verdicts: str) -> str:
    parts = [f"# {title}", *(paragraph.text for paragraph in lead)]
    for section in sections:
        blocks = [block for item in section.blocks for block in (item.blocks if isinstance(item, Folded) else [item])]
        parts.append(markdown_section(Section(section.anchor, section.title, blocks), None))
    return "\n\n".join([*parts, f"The paper's statements: {verdicts}"])


def _unfolded(section: Section) -> Section:
    """What a page shows of a section without being asked to."""
    return Section(section.anchor, section.title, [item for item in section.blocks if not isinstance(item, Folded)])


def _lead(files: ExperimentFiles) -> str:
    folds = len({row["fold"] for row in files.rows})
    levels = ", ".join(str(level) for level in sorted({row["level"] for row in files.rows}))
    made = Counter(generator_of(row) for row in files.gan_rows)
    generators = [f"{made[kind]} {generators_of(kind)}" for kind in files.generators or [GANSYNTH]]
    return (
        f"{in_words([f'{len(files.rows)} classifiers', *generators])}; {levels} clips per class; "
        f"{'one split' if folds == 1 else f'{folds} folds'}; {len(files.class_names)} classes."
        f"{_learning(files.rows[0])}"
    )


def _learning(row: dict) -> str:
    """What the classifiers of an experiment, by one of its rows, learnt from that the paper's had not."""
    learner, weights, sentences = row.get("learner"), row.get("classifier_init_sha256"), ""
    if learner is not None:
        sentences += f" All classifiers by the learner {learner}, from unlabelled clips too."
    if weights is not None:
        sentences += f" They start from the weights {weights[:12]} of another classifier."
    return sentences


def _layout(files: ExperimentFiles) -> str | None:
    """`--dataset` of the experiment, whose data older files have among the settings of the GAN."""
    configuration = (files.description or {}).get("configuration", {})
    return (configuration.get("data") or configuration.get("gan", {}).get("data", {})).get("dataset")


def _write(path: Path, content: bytes) -> Path:
    replace_file(path, lambda file: file.write(content))
    return path
