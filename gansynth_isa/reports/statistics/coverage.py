"""What 95 % bootstrap intervals of few repetitions are worth: how often they contain the true difference.

The shares are measured, with normal deviations, by `tests/reports/statistics/test_coverage.py`. They do not depend on
how large the deviations are, only on their shape, and on whether both methods deviate alike, which is assumed.
"""

from collections.abc import Sequence

from gansynth_isa.reports.content import Block, Folded, Table, Text
from gansynth_isa.reports.statistics.bootstrap import Difference

# By the number of classifiers per method, with one split and one draw, nothing but the classifiers varying.
COVERAGE_OF_TRIALS = {2: 0.67, 3: 0.80, 5: 0.88, 10: 0.92}
COVERAGE_OF_FOUR_FOLDS = 0.87  # the mean over four folds of three classifiers each
# Three classifiers on one draw, for the mean over draws, where the gain varies from draw to draw as much as accuracy
# varies from classifier to classifier.
COVERAGE_FOR_OTHER_DRAWS = 0.62
FEW = 10  # of anything resampled, up to which a page says what its intervals are worth


def are_narrow(differences: Sequence[Difference]) -> bool:
    """Whether something that the intervals of differences resample is there several times, but few."""
    counts = [count for item in differences for count in (item.num_draws, item.num_gans, item.num_trials)]
    return any(1 < count <= FEW for count in counts)


def coverage_sentence() -> str:
    """The share for three classifiers, in plain words."""
    return (
        f"And few show too little of their spread: of intervals called {_percent(0.95)}, made of 3 classifiers per "
        f"method, {_percent(COVERAGE_OF_TRIALS[3])} contained the true difference when simulated."
    )


def coverage_block() -> Block:
    """All shares, and why they are below 95 %."""
    text = (
        "Resampling n classifiers shows (n − 1)/n of their variance on average, and never leaves the range between "
        "the smallest and the largest: percentile intervals of few are too narrow. How much was simulated with "
        "normal deviations, the same for both methods (tests/reports/statistics/test_coverage.py)."
    )
    cases = {
        **{f"{count} classifiers per method": share for count, share in COVERAGE_OF_TRIALS.items()},
        "mean over 4 folds of 3 classifiers": COVERAGE_OF_FOUR_FOLDS,
        "1 draw, 3 classifiers, for the mean over draws whose gains vary as classifiers do": COVERAGE_FOR_OTHER_DRAWS,
    }
    header = ["repetitions", f"intervals called {_percent(0.95)} that contain the true difference"]
    table = Table("coverage", header, [[case, _percent(share)] for case, share in cases.items()])
    return Folded("What such intervals are worth", [Text(text), table])


def _percent(share: float) -> str:
    return f"{share:.0%}".replace("%", "\u00a0%")
