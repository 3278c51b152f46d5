"""What 95 % bootstrap intervals of few repetitions are worth: how often they contain the true difference.

The shares are measured, with normal deviations, by `tests/experiments/test_coverage.py`. They do not depend on how
large the deviations are, only on their shape, and on whether both methods deviate alike, which is assumed.
"""

# Classifiers per method, one split, one draw, nothing but the classifiers varying: with n of them the variance of a
# bootstrap is (n - 1) / n of the right one, and no replicate leaves the range between the smallest and the largest.
COVERAGE_OF_TRIALS = {2: 0.67, 3: 0.81, 5: 0.87, 10: 0.92}
COVERAGE_OF_FOUR_FOLDS = 0.87  # the mean over four folds of three classifiers each
# Three classifiers on one draw, for the mean over draws, where the gain varies from draw to draw as much as accuracy
# varies from classifier to classifier.
COVERAGE_FOR_OTHER_DRAWS = 0.62
FEW = 10  # of anything resampled, below which a page says what its intervals are worth


def coverage_text() -> str:
    """The shares in plain words."""
    counts = list(COVERAGE_OF_TRIALS)
    shares = ", ".join(f"{COVERAGE_OF_TRIALS[count]:.0%} with {count}".replace("%", " %") for count in counts)
    return (
        "The intervals are too narrow where little was repeated: resampling n classifiers shows (n − 1)/n of the "
        "true variance and never leaves the range between the smallest and the largest. Simulated with normal "
        "deviations, an interval called 95 % contained the true difference in this share of cases, by the number of "
        f"classifiers per method: {shares}; {_percent(COVERAGE_OF_FOUR_FOLDS)} for the mean over four folds of 3. And "
        "with one draw and 3 classifiers it contained the mean over draws in "
        f"{_percent(COVERAGE_FOR_OTHER_DRAWS)}, where the gain varies between draws as accuracy does between "
        "classifiers (tests/experiments/test_coverage.py measures all of these)."
    )


def _percent(share: float) -> str:
    return f"{share:.0%}".replace("%", " %")
