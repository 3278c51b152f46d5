"""Verdicts on results that are made so that each of them is known."""

import pytest

from gansynth_isa.experiments.rows.cells import cell_of
from gansynth_isa.reports.sections.comparisons import verdict_counts
from gansynth_isa.reports.statistics.bootstrap import MethodMean, method_means, paired_differences
from gansynth_isa.reports.statistics.evidence import Comparison, Verdict, decide
from gansynth_isa.reports.statistics.statement_tests import gan_spread, threshold_of_baseline
from gansynth_isa.reports.statistics.statements import STATEMENTS, Results, judge, paper_set_of

# Level -> accuracy of baseline, augmented, GAN, GAN + augmentation: as the paper tells of Metal Balls, and of Pucks.
AS_IN_THE_PAPER = {
    "mb": {
        4: (0.50, 0.60, 0.65, 0.70),
        18: (0.65, 0.72, 0.76, 0.80),
        72: (0.80, 0.84, 0.83, 0.88),
        108: (0.90, 0.92, 0.93, 0.94),
    },
    "pucks": {10: (0.60, 0.57, 0.50, 0.42), 20: (0.65, 0.60, 0.55, 0.45), 30: (0.70, 0.66, 0.60, 0.50)},
}
METHODS = ("baseline", "augmented", "gan", "gan_augmented")


def results(accuracies, gan_shift=0.001) -> Results:
    """Results of two draws, two GANs and three trials that hardly differ."""
    rows = [
        {
            "level": level,
            "method": method,
            "fold": "all",
            "subset_seed": draw,
            "gan": gan,
            "trial": trial,
            "accuracy": mean + 0.001 * draw + 0.001 * trial + gan_shift * (gan or 0),
        }
        for level, means in accuracies.items()
        for method, mean in zip(METHODS, means, strict=True)
        for draw in range(2)
        for gan in ((0, 1) if method.startswith("gan") else (None,))
        for trial in range(3)
    ]
    return results_of(rows)


def results_of(rows) -> Results:
    return Results(rows, method_means(rows, "baseline"), paired_differences(rows))


def verdicts(accuracies, paper_set, simulated=False, **changes):
    found = judge(results(accuracies, **changes), paper_set, simulated)
    return {item.statement.text: item.verdict for item in found if item.statement.paper_set == paper_set}


@pytest.mark.parametrize("paper_set", ["mb", "pucks"])
def test_judge_results_as_the_paper_tells_them_finds_that_all_statements_hold(paper_set):
    found = verdicts(AS_IN_THE_PAPER[paper_set], paper_set)
    assert len(found) == {"mb": 7, "pucks": 3}[paper_set]
    assert set(found.values()) == {Verdict.HOLDS}


@pytest.mark.parametrize("paper_set", ["mb", "pucks"])
def test_judge_results_of_the_other_set_finds_that_comparisons_do_not_hold(paper_set):
    other = {"mb": "pucks", "pucks": "mb"}[paper_set]
    found = verdicts(AS_IN_THE_PAPER[other], paper_set)
    assert Verdict.DOES_NOT_HOLD in found.values()
    comparisons = [text for text in found if "outperforms" in text or "beats" in text or "improves" in text]
    assert comparisons
    assert {found[text] for text in comparisons} == {Verdict.DOES_NOT_HOLD}


def test_judge_results_of_neither_set_tests_nothing():
    found = judge(results(AS_IN_THE_PAPER["mb"]), None, False)
    assert len(found) == len(STATEMENTS)
    assert {item.verdict for item in found} == {Verdict.NOT_TESTED}


def test_judge_simulated_results_marks_what_was_calibrated():
    found = verdicts(AS_IN_THE_PAPER["mb"], "mb", simulated=True)
    assert [text.split()[1] for text, verdict in found.items() if verdict is Verdict.BY_CONSTRUCTION] == ["baseline"]
    assert list(found.values()).count(Verdict.HOLDS) == 6


def test_judge_simulated_results_against_the_calibration_says_that_it_does_not_hold():
    found = verdicts(dict.fromkeys((4, 108), (0.95, 0.95, 0.95, 0.95)), "mb", simulated=True)
    assert next(iter(found.values())) is Verdict.DOES_NOT_HOLD


def test_judge_levels_on_one_side_only_leaves_statements_untested():
    found = verdicts({4: AS_IN_THE_PAPER["mb"][4]}, "mb")
    untested = [text for text, verdict in found.items() if verdict is Verdict.NOT_TESTED]
    assert [text.split()[0] for text in untested] == ["The", "The", "Above"]
    assert "struggles" in untested[0]
    assert "smaller with more data" in untested[1]


@pytest.mark.parametrize(
    ("intervals", "verdict"),
    [
        ([(0.01, 0.03), (0.02, 0.05)], Verdict.HOLDS),
        ([(0.01, 0.03), (-0.01, 0.05)], Verdict.UNDECIDED),
        ([(0.01, 0.03), (-0.04, -0.01)], Verdict.DOES_NOT_HOLD),
        ([(0.0, 0.0)], Verdict.UNDECIDED),
        ([(0.02, 0.02)], Verdict.UNDECIDED),
        ([(-0.02, -0.02), (0.01, 0.03)], Verdict.UNDECIDED),
        ([(-0.02, -0.02), (-0.03, -0.01)], Verdict.DOES_NOT_HOLD),
    ],
)
def test_decide_reads_the_verdict_off_the_intervals(intervals, verdict):
    comparisons = [Comparison("GAN over baseline", "at 4", (low + high) / 2, low, high) for low, high in intervals]
    evidence = decide(comparisons)
    assert evidence.verdict is verdict
    assert evidence.text.startswith("GAN over baseline at 4: ")


def test_decide_tells_the_numbers_pair_by_pair_and_where_no_spread_was_seen():
    comparisons = [Comparison("GAN", "at 4", 0.02, -0.01, 0.03), Comparison("GAN", "at 9", -0.01, -0.01, -0.01)]
    other = Comparison("baseline", "at 4", 0.0, -0.0004, 0.002)
    expected = "GAN at 4: +0.020 [−0.010, +0.030], at 9: −0.010 (no spread seen); baseline at 4: 0.000 [0.000, +0.002]"
    assert decide([*comparisons, other]).text == expected


def test_verdict_that_rests_on_one_draw_says_so():
    several = results(AS_IN_THE_PAPER["pucks"])
    rows = [row for row in several.rows if row["subset_seed"] == 0]
    single = results_of(rows)
    assert {item.text for item in judge(several, "pucks", False) if item.statement.paper_set == "pucks"} == {"holds"}
    found = {item.text for item in judge(single, "pucks", False) if item.statement.paper_set == "pucks"}
    assert found == {"holds (one draw)"}
    assert verdict_counts(judge(single, "pucks", False)) == "holds (one draw): 3, not tested by these results: 7"


def mean_of_baseline(level, low, high, **counts):
    counts = {"num_draws": 2, "num_gans": 0, "num_trials": 3} | counts
    return MethodMean(
        level=level, cell=cell_of({"method": "baseline"}), mean=(low + high) / 2, low=low, high=high, **counts
    )


@pytest.mark.parametrize(
    ("intervals", "verdict"),
    [
        ({4: (0.5, 0.6), 72: (0.8, 0.84), 108: (0.89, 0.93)}, Verdict.HOLDS),
        ({4: (0.5, 0.6), 72: (0.8, 0.86), 108: (0.89, 0.93)}, Verdict.UNDECIDED),
        ({4: (0.5, 0.6), 108: (0.87, 0.93)}, Verdict.UNDECIDED),
        ({4: (0.5, 0.5), 108: (0.89, 0.93)}, Verdict.UNDECIDED),
        ({4: (0.86, 0.9), 108: (0.89, 0.93)}, Verdict.DOES_NOT_HOLD),
        ({4: (0.5, 0.6), 108: (0.8, 0.87)}, Verdict.DOES_NOT_HOLD),
        ({4: (0.5, 0.6), 72: (0.86, 0.9)}, Verdict.DOES_NOT_HOLD),
        ({4: (0.5, 0.6), 72: (0.8, 0.84)}, Verdict.NOT_TESTED),
        ({}, Verdict.NOT_TESTED),
    ],
)
def test_threshold_of_baseline_is_read_off_the_intervals(intervals, verdict):
    means = [mean_of_baseline(level, *ends) for level, ends in intervals.items()]
    assert threshold_of_baseline(means, 108, 0.85, 0.88).verdict is verdict


def test_threshold_of_baseline_that_rests_on_one_draw_says_so():
    means = [mean_of_baseline(4, 0.5, 0.6, num_draws=1), mean_of_baseline(108, 0.89, 0.93)]
    evidence = threshold_of_baseline(means, 108, 0.85, 0.88)
    assert (evidence.verdict, evidence.limit) == (Verdict.HOLDS, "one draw")
    assert "0.550 [0.500, 0.600] at 4, 0.910 [0.890, 0.930] at 108" in evidence.text


def test_judge_calibrated_statement_that_is_undecided_or_untested_is_not_true_by_construction():
    straddling = {4: (0.5,) * 4, 108: (0.879,) * 4}
    assert next(iter(verdicts(straddling, "mb", simulated=True).values())) is Verdict.UNDECIDED
    assert next(iter(verdicts({4: (0.5,) * 4}, "mb", simulated=True).values())) is Verdict.NOT_TESTED


def test_judge_without_one_of_the_compared_methods_tests_nothing_that_compares_it():
    rows = [row for row in results(AS_IN_THE_PAPER["mb"]).rows if row["method"] in ("gan", "augmented")]
    found = {item.statement.text: item.verdict for item in judge(results_of(rows), "mb", False)}
    beats = next(verdict for text, verdict in found.items() if text.startswith("The GAN beats the baseline, also"))
    assert beats is Verdict.NOT_TESTED


def test_judge_level_at_which_a_method_is_missing_does_not_count():
    accuracies = AS_IN_THE_PAPER["mb"] | {144: (0.9, 0.92, 0.1, 0.94)}
    rows = [row for row in results(accuracies).rows if (row["level"], row["method"]) != (144, "gan")]
    found = {item.statement.text: item for item in judge(results_of(rows), "mb", False)}
    similar = next(item for text, item in found.items() if text.startswith("Above 72"))
    assert similar.verdict is Verdict.HOLDS
    assert "at 144" not in similar.evidence


@pytest.mark.parametrize(
    ("at_enough", "verdict"),
    [
        ((0.90, 0.92, 0.93, 0.94), Verdict.HOLDS),  # gains differ by 0.02
        ((0.90, 0.92, 0.93, 0.95), Verdict.UNDECIDED),  # by 0.03, which is the limit
        ((0.90, 0.92, 0.93, 0.98), Verdict.DOES_NOT_HOLD),  # by 0.06
        ((0.90, 0.88, 0.89, 0.90), Verdict.DOES_NOT_HOLD),  # alike, but one is worse than the baseline
    ],
)
def test_similar_gains_are_read_off_the_intervals(at_enough, verdict):
    found = verdicts(AS_IN_THE_PAPER["mb"] | {108: at_enough}, "mb")
    assert next(value for text, value in found.items() if text.startswith("Above 72")) is verdict


def test_verdict_on_one_classifier_of_each_method_is_undecided():
    rows = [
        row
        for row in results(AS_IN_THE_PAPER["pucks"]).rows
        if row["subset_seed"] == row["trial"] == 0 and row["gan"] in (None, 0)
    ]
    found = {item.text for item in judge(results_of(rows), "pucks", False) if item.statement.paper_set == "pucks"}
    assert found == {"undecided by these results (one draw, one GAN, one classifier)"}


def test_gan_spread_is_the_deviation_between_gans_of_the_same_clips():
    # Means 0.7 and 0.8 in one cell, 0.5 and 0.6 in the other: variance 0.005 in both, one degree of freedom each.
    rows = [
        {
            "level": 4,
            "method": "gan",
            "fold": "all",
            "subset_seed": draw,
            "gan": gan,
            "accuracy": base + gan / 10 + shift,
        }
        for draw, base in ((0, 0.7), (1, 0.5))
        for gan in (0, 1)
        for shift in (-0.02, 0.02)
    ]
    evidence = gan_spread(rows, tolerance=0.02)
    assert "0.071 [0.037, 0.444]" in evidence.text  # chi-squared quantiles for two degrees: 7.3778 and 0.050636
    assert evidence.verdict is Verdict.DOES_NOT_HOLD
    assert gan_spread(rows, tolerance=0.1).verdict is Verdict.UNDECIDED
    assert gan_spread([row for row in rows if row["gan"] == 0], tolerance=0.1).verdict is Verdict.NOT_TESTED
    assert evidence.limit == ""
    assert gan_spread([row for row in rows if row["subset_seed"] == 0], tolerance=0.02).limit == "one draw"
    # The other method's classifiers say the same of the same GANs: no more certain for it.
    again = [row | {"method": "gan_augmented"} for row in rows]
    assert gan_spread([*rows, *again], tolerance=0.02) == evidence


@pytest.mark.parametrize(
    ("name", "dataset", "expected"),
    [
        ("mb", None, ("mb", False)),
        ("simulated_balls", "folder", ("mb", True)),
        ("Simulated-Pucks", "pucks", ("pucks", True)),
        ("line 3", "pucks", ("pucks", False)),
        ("bulk_material", "folder", (None, False)),
    ],
)
def test_paper_set_of_follows_the_name_then_the_layout(name, dataset, expected):
    assert paper_set_of(name, dataset) == expected


@pytest.mark.parametrize("paper_set", ["mb", "pucks"])
def test_judge_results_with_another_kind_gives_the_paper_s_verdicts_and_numbers(paper_set):
    paper = results(AS_IN_THE_PAPER[paper_set])
    # A kind that beats everything, differs from one generator to the next, and has a level of its own.
    others = [
        row | {"generator": "gaussian", "accuracy": 0.95 + 0.04 * row["gan"]}
        for row in paper.rows
        if row["gan"] is not None
    ]
    others += [row | {"level": 1} for row in others]
    assert judge(results_of([*others, *paper.rows]), paper_set, False) == judge(paper, paper_set, False)
