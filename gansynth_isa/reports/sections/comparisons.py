"""The parts of a report that compare methods: paired differences, and what the paper says of them."""

from collections import Counter
from collections.abc import Sequence

from gansynth_isa.files import file_name
from gansynth_isa.reports.content import Block, Folded, Picture, Section, Table, Text
from gansynth_isa.reports.figures import difference_figure, figure_bytes
from gansynth_isa.reports.sections.gains import gain_blocks
from gansynth_isa.reports.statistics.bootstrap import Difference
from gansynth_isa.reports.statistics.coverage import are_narrow, coverage_block, coverage_sentence
from gansynth_isa.reports.statistics.evidence import Verdict
from gansynth_isa.reports.statistics.statements import PAPER_NAMES, Judgement
from gansynth_isa.reports.tables import difference_table
from gansynth_isa.reports.wording import in_words


def difference_section(differences: Sequence[Difference], with_gains: bool = False) -> Section:
    """Paired differences and what their intervals do and do not cover; `with_gains`: those over real clips first."""
    if not differences:
        return Section("differences", "Paired differences", [Text("No training subset has two methods to compare.")])
    one = "generator" if _other_kinds(differences) else "GAN"
    text = (
        "Difference in accuracy of two methods trained on the same subsets, with 95 % bootstrap intervals "
        f"(percentile, 4,000 replicates). Draws of the subset, {one}s within a draw and classifiers within a {one} are "
        "resampled; the folds are fixed. The intervals are conditional on the test clips: they say what training "
        "again would change, not what other test recordings would."
    )
    blocks: list[Block] = [Text(text), *_limits(differences)]
    if with_gains:
        blocks += gain_blocks(differences)
    alt = "Differences between methods with their intervals; the numbers are in the table below."
    of_the_paper = [item for item in differences if item.is_of_the_paper]
    if of_the_paper:
        blocks.append(Picture("differences.svg", figure_bytes(difference_figure(of_the_paper), "svg"), alt))
    blocks += _differences_of_others(differences)
    blocks.append(Folded("Numbers", [difference_table(differences)]))
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


def _other_kinds(differences: Sequence[Difference]) -> list[str]:
    """What is compared besides the paper's methods, by kind of generator, sorted."""
    cells = [cell for item in differences for cell in (item.cell, item.other_cell)]
    return sorted({cell.family for cell in cells if cell.family is not None})


def _differences_of_others(differences: Sequence[Difference]) -> list[Block]:
    """A figure per other kind: what it gains over the paper's methods, and its own methods over each other."""
    blocks: list[Block] = []
    for kind in _other_kinds(differences):
        shown = [item for item in differences if item.cell.family == kind and item.other_cell.family in (None, kind)]
        if shown:
            title = f"Differences of the methods with {kind}"
            picture = figure_bytes(difference_figure(shown), "svg")
            alt = f"{title} from others, with their intervals; the numbers are in the table below."
            blocks.append(Folded(title, [Picture(f"differences_{file_name(kind)}.svg", picture, alt)]))
    return blocks


def _limits(differences: Sequence[Difference]) -> list[Block]:
    """What the intervals do not cover, and what they are worth."""
    one = "generator" if _other_kinds(differences) else "GAN"
    numbers = {
        "draw of the subset": [item.num_draws for item in differences],
        f"{one} per draw": [item.num_gans for item in differences],
        "classifier": [item.num_trials for item in differences],
    }
    single = [name for name, counts in numbers.items() if 1 in counts]
    sentences = []
    if single:
        names = in_words(single, last="or")
        sentences.append(f"Where there is one {names}, the interval knows nothing of the spread between several.")
    if not are_narrow(differences):
        return [Text(sentence, is_notice=True) for sentence in sentences]
    text = " ".join(["These intervals are too narrow.", *sentences, coverage_sentence()])
    return [Text(text, is_notice=True), coverage_block()]
