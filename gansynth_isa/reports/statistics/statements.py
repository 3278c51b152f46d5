"""What the paper says about its results, each statement tested on the results at hand."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gansynth_isa.experiments.rows.cells import cell_of
from gansynth_isa.reports.statistics.bootstrap import Difference, MethodMean
from gansynth_isa.reports.statistics.evidence import Evidence, Verdict
from gansynth_isa.reports.statistics.statement_tests import (
    best_method,
    better_everywhere,
    change_with_level,
    difference_between_pairs,
    gan_spread,
    similar_gains,
    threshold_of_baseline,
)

PAPER_NAMES = {"mb": "Metal Balls", "pucks": "Pucks"}
# Names of data sets that the statements are about, besides the paper's own.
PAPER_SET_OF_NAME = {"mb": "mb", "balls": "mb", "metal_balls": "mb", "pucks": "pucks"}
SIMULATED_PREFIX = "simulated_"
SCARCE_LEVEL, MODERATE_LEVEL, ENOUGH_LEVEL = 18, 72, 108  # files per class, Figure 2
LOW_ACCURACY, HIGH_ACCURACY = 0.85, 0.88  # how "struggled" and "up to 90 % and higher" are read here
SIMILAR = 0.03  # difference in accuracy up to which methods count as alike
GAN_SPREAD = 0.02  # deviation between GANs up to which they "hardly differ"


@dataclass(frozen=True)
class Results:
    """What statements are tested on: rows, means of the baseline, and paired differences."""

    rows: Sequence[dict]
    baseline_means: Sequence[MethodMean]
    differences: Sequence[Difference]


@dataclass(frozen=True)
class Statement:
    """One statement of the paper.

    Attributes:
      paper_set: 'mb' or 'pucks', what it is about.
      text: the statement.
      test: of the results.
      is_calibrated: the simulator of that set was adjusted until it held.
    """

    paper_set: str
    text: str
    test: Callable[[Results], Evidence]
    is_calibrated: bool = False


@dataclass(frozen=True)
class Judgement:
    """A statement with what the results say about it; `limit` as in `Evidence`."""

    statement: Statement
    verdict: Verdict
    evidence: str
    limit: str = ""

    @property
    def text(self) -> str:
        """The verdict as it is written: `holds (one draw)`."""
        return f"{self.verdict.value} ({self.limit})" if self.limit else self.verdict.value


def paper_set_of(dataset_name: str, dataset: str | None) -> tuple[str | None, bool]:
    """Which of the paper's sets the results stand for, and whether the recordings are simulated.

    Args:
      dataset_name: of the results, such as 'mb' or 'simulated_pucks'.
      dataset: the layout of the recordings, 'mb', 'pucks' or 'folder', None where it is not known.

    Returns:
      'mb', 'pucks' or None for neither; and whether the name begins with 'simulated_'.
    """
    name = dataset_name.lower().replace("-", "_")
    simulated = name.startswith(SIMULATED_PREFIX)
    return PAPER_SET_OF_NAME.get(name.removeprefix(SIMULATED_PREFIX), dataset if dataset in PAPER_NAMES else None), (
        simulated
    )


def judge(results: Results, paper_set: str | None, simulated: bool) -> list[Judgement]:
    """Every statement with its verdict, whatever else than the paper's methods was compared.

    Args:
      results: to test them on.
      paper_set: which of the paper's sets the results stand for; statements about the other are not tested.
      simulated: whether the recordings come from this project's simulator, which was calibrated to some statements.
    """
    of_the_paper = Results(
        [row for row in results.rows if cell_of(row).is_of_the_paper],
        results.baseline_means,
        [item for item in results.differences if item.is_of_the_paper],
    )
    return [_judge(statement, of_the_paper, paper_set, simulated) for statement in STATEMENTS]


def _judge(statement: Statement, results: Results, paper_set: str | None, simulated: bool) -> Judgement:
    if statement.paper_set != paper_set:
        return Judgement(
            statement, Verdict.NOT_TESTED, f"It is about {PAPER_NAMES[statement.paper_set]}, these results are not."
        )
    evidence = statement.test(results)
    if not (simulated and statement.is_calibrated):
        return Judgement(statement, evidence.verdict, evidence.text, evidence.limit)
    verdict = Verdict.BY_CONSTRUCTION if evidence.verdict is Verdict.HOLDS else evidence.verdict
    return Judgement(statement, verdict, f"The simulator was calibrated to this; {evidence.text}", evidence.limit)


STATEMENTS = (
    Statement(
        "mb",
        f"The baseline struggles below {ENOUGH_LEVEL} files per class and reaches about 90 % from there",
        lambda results: threshold_of_baseline(results.baseline_means, ENOUGH_LEVEL, LOW_ACCURACY, HIGH_ACCURACY),
        is_calibrated=True,
    ),
    Statement(
        "mb",
        "Augmentation improves the baseline at every level",
        lambda results: better_everywhere(results.differences, [("augmented", "baseline")]),
    ),
    Statement(
        "mb",
        "The benefit of augmentation becomes smaller with more data",
        lambda results: change_with_level(results.differences, "augmented", "baseline"),
    ),
    Statement(
        "mb",
        f"The GAN beats the baseline, also with augmentation, at {SCARCE_LEVEL} files per class or fewer",
        lambda results: better_everywhere(
            results.differences, [("gan", "baseline"), ("gan", "augmented")], max_level=SCARCE_LEVEL
        ),
    ),
    Statement(
        "mb",
        f"GAN + augmentation is the best of all methods at {MODERATE_LEVEL} files per class or fewer",
        lambda results: best_method(results.differences, "gan_augmented", max_level=MODERATE_LEVEL),
    ),
    Statement(
        "mb",
        f"Above {MODERATE_LEVEL} files per class all other methods beat the baseline to a similar degree",
        lambda results: similar_gains(results.differences, MODERATE_LEVEL + 1, SIMILAR),
    ),
    Statement(
        "mb",
        "GANs trained on the same clips hardly differ",
        lambda results: gan_spread(results.rows, GAN_SPREAD),
    ),
    Statement(
        "pucks",
        "The baseline outperforms all other methods",
        lambda results: best_method(results.differences, "baseline"),
    ),
    Statement(
        "pucks",
        "Augmentation lowers the accuracy, with and without the GAN",
        lambda results: better_everywhere(results.differences, [("baseline", "augmented"), ("gan", "gan_augmented")]),
    ),
    Statement(
        "pucks",
        "Augmentation hurts most together with the GAN",
        lambda results: difference_between_pairs(
            results.differences, ("gan_augmented", "gan"), ("augmented", "baseline")
        ),
    ),
)
