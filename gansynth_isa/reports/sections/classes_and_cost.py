"""The parts of a report on single classes and on what everything cost."""

from gansynth_isa.reports.content import Block, Folded, Section, Text
from gansynth_isa.reports.experiment_files import ExperimentFiles
from gansynth_isa.reports.statistics.summary import comparable
from gansynth_isa.reports.tables import confusion_matrices, cost_table, recall_table


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
