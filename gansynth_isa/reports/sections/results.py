"""The parts of a report on an experiment's results: accuracy, differences, statements, classes, cost."""

from collections import Counter
from collections.abc import Sequence

from gansynth_isa.reports.content import Block, Folded, Picture, Section, Table, Text
from gansynth_isa.reports.experiment_files import ExperimentFiles
from gansynth_isa.reports.figures import accuracy_figure, difference_figure, figure_bytes
from gansynth_isa.reports.statistics.bootstrap import Difference
from gansynth_isa.reports.statistics.coverage import FEW, coverage_block, coverage_sentence
from gansynth_isa.reports.statistics.evidence import Verdict
from gansynth_isa.reports.statistics.statements import PAPER_NAMES, Judgement
from gansynth_isa.reports.statistics.summary import (
    Summary,
    comparable,
    compared_folds,
    incomplete_repetitions,
    summarise_folds,
)
from gansynth_isa.reports.tables import (
    accuracy_table,
    confusion_matrices,
    cost_table,
    difference_table,
    fold_table,
    recall_table,
)


def accuracy_section(files: ExperimentFiles, summaries: Sequence[Summary], figure_title: str) -> Section:
    """Figure and table of the four methods, what is left out of them, and the folds one by one."""
    folds = sorted({row["fold"] for row in files.rows})
    compared = sorted({str(len(found)) for found in compared_folds(files.rows).values()})
    each = f"each the mean of {' or '.join(compared)} folds" if len(folds) > 1 else "one split"
    figure = accuracy_figure(summaries, len(files.class_names), figure_title)
    blocks: list[Block] = [*_gaps(files)]
    if summaries:
        blocks += [
            Picture("accuracy.svg", figure_bytes(figure, "svg"), _alt(summaries)),
            Text(
                f"{_what_is_counted(files)} Mean ± standard deviation over repetitions ({each}); n counts trained "
                "classifiers."
            ),
            accuracy_table(summaries),
        ]
    if len(folds) > 1:
        means = "Mean ± standard deviation over the classifiers of the fold."
        blocks.append(Folded("Per fold", [Text(means), fold_table(summarise_folds(files.rows))]))
    return Section("accuracy", "Accuracy", blocks)


def difference_section(differences: Sequence[Difference]) -> Section:
    """Paired differences and what their intervals do and do not cover."""
    if not differences:
        return Section("differences", "Paired differences", [Text("No training subset has two methods to compare.")])
    figure = figure_bytes(difference_figure(differences), "svg")
    text = (
        "Difference in accuracy of two methods trained on the same subsets, with 95 % bootstrap intervals "
        "(percentile, 4,000 replicates). Draws of the subset, GANs within a draw and classifiers within a GAN are "
        "resampled; the folds are fixed. The intervals are conditional on the test clips: they say what training "
        "again would change, not what other test recordings would."
    )
    blocks: list[Block] = [Text(text), *_limits(differences)]
    alt = "Differences between methods with their intervals; the numbers are in the table below."
    blocks += [Picture("differences.svg", figure, alt), Folded("Numbers", [difference_table(differences)])]
    return Section("differences", "Paired differences", blocks)


def statement_section(judgements: Sequence[Judgement], paper_set: str | None, simulated: bool) -> Section:
    """The paper's statements, each with its verdict and the numbers behind it."""
    about = f"taken to stand for {PAPER_NAMES[paper_set]}" if paper_set else "of neither of the paper's data sets"
    text = (
        f"These results are {about}. A comparison holds where its interval lies above zero at every level, does not "
        "hold where it lies below zero at some level, and is undecided otherwise, also where no spread was seen. "
        "Intervals are made as those of the paired differences, with the same limits, and are not widened for their "
        "number: of many comparisons some err by chance. (one draw, one GAN) marks a verdict that another draw of the "
        "subset, or another GAN, may turn."
    )
    blocks: list[Block] = [Text(text)]
    if simulated:
        blocks.append(
            Text(
                "The recordings are simulated, and the simulator was adjusted until one of these statements held: "
                "where it does, that is so by construction.",
                True,
            )
        )
    rows = [
        [item.text, f"{PAPER_NAMES[item.statement.paper_set]}: {item.statement.text}.", item.evidence]
        for item in judgements
    ]
    table = Table("statements", ["verdict", "the paper's statement", "numbers"], rows, is_prose=True)
    # On a data set of its own nothing is tested, and ten rows that say so only stand in the way.
    shown = table if paper_set else Folded("The statements, none of them tested", [table])
    return Section("statements", "What the paper says", [*blocks, shown])


def verdict_counts(judgements: Sequence[Judgement]) -> str:
    """`holds (one draw): 2, undecided by these results: 1, ...`, in the order of `Verdict`."""
    in_order = sorted(judgements, key=lambda item: list(Verdict).index(item.verdict))
    return ", ".join(f"{text}: {count}" for text, count in Counter(item.text for item in in_order).items())


def class_section(files: ExperimentFiles) -> Section:
    """Recall of every class, and the confusion matrices."""
    text = (
        "Decisions on test clips, summed over compared folds and classifiers. Recall: the share of a class's clips "
        "that was recognised. In the matrices a row is a true class; the columns are the same classes by their numbers."
    )
    blocks: list[Block] = [Text(text)]
    for level, matrices in confusion_matrices(comparable(files.rows), files.class_names).items():
        blocks.append(recall_table(level, matrices))
        blocks.append(Folded(f"Confusion matrices, {level} clips per class", list(matrices.values())))
    return Section("classes", "Classes", blocks)


def cost_section(files: ExperimentFiles) -> Section:
    """Minutes."""
    text = "Minutes on the machine that trained them, as measured while it did whatever else it had to do."
    return Section("cost", "Cost", [Text(text), cost_table(files.rows, files.gan_rows)])


def _gaps(files: ExperimentFiles) -> list[Text]:
    """What is missing, and so left out of means."""
    notices = []
    missing_trials = files.missing_trials()
    if missing_trials:
        notices.append(
            f"In the folds that have results {len(missing_trials)} classifiers of the grid are missing, the first: "
            f"{missing_trials[0].name}. The same command goes on with it."
        )
    everything = {row["fold"] for row in files.rows}
    for level, folds in compared_folds(files.rows).items():
        missing = sorted(everything - set(folds))
        if missing:
            notices.append(
                f"The experiment is not finished: at {level} clips per class not every method has "
                f"{'fold' if len(missing) == 1 else 'folds'} {', '.join(missing)}; means and differences there are "
                f"those of {len(folds)} of {len(everything)} folds."
            )
    incomplete = incomplete_repetitions(files.rows)
    if incomplete:
        notices.append(
            f"The experiment is not finished: {incomplete} repetitions lack a fold and are left out of the means."
        )
    if files.num_repeated:
        notices.append(f"{files.num_repeated} lines repeat a classifier that was there before; the last one counts.")
    return [Text(notice, is_notice=True) for notice in notices]


def _limits(differences: Sequence[Difference]) -> list[Block]:
    """What the intervals do not cover, and what they are worth."""
    numbers = {
        "draw of the subset": [item.num_draws for item in differences],
        "GAN per draw": [item.num_gans for item in differences],
        "classifier": [item.num_trials for item in differences],
    }
    single = [name for name, counts in numbers.items() if 1 in counts]
    sentences = []
    if single:
        names = " or ".join([", ".join(single[:-1]), single[-1]] if len(single) > 1 else single)
        sentences.append(f"Where there is one {names}, the interval knows nothing of the spread between several.")
    if not any(1 < count <= FEW for counts in numbers.values() for count in counts):
        return [Text(sentence, is_notice=True) for sentence in sentences]
    text = " ".join(["These intervals are too narrow.", *sentences, coverage_sentence()])
    return [Text(text, is_notice=True), coverage_block()]


def _what_is_counted(files: ExperimentFiles) -> str:
    """What accuracy is a share of."""
    counts = sorted({sum(map(sum, row["confusion_matrix"])) for row in files.rows})
    number = f"{counts[0]}" if len(counts) == 1 else f"{counts[0]} to {counts[-1]}"
    if any(row.get("accuracy_per_clip", row["accuracy"]) != row["accuracy"] for row in files.rows):
        return (
            f"Accuracy: the share of test recordings, each decided by the mean output of its clips ({number} in all)."
        )
    return f"Accuracy: the share of the {number} test clips{'' if len(counts) == 1 else ' of a fold'}."


def _alt(summaries: Sequence[Summary]) -> str:
    levels = ", ".join(str(level) for level in sorted({item.level for item in summaries}))
    return f"Accuracy of the methods at {levels} clips per class; the numbers are in the table below."
