"""The sentences that a report opens with, and what methods gain over real clips."""

import csv
import html

import pytest

from gansynth_isa.experiments.rows.files import append_row
from gansynth_isa.files import write_json
from gansynth_isa.reports.report import write_report

GAUSSIAN = {"method": "gan_augmented", "generator": "gaussian", "gan": 0}
NUMBERS = {"baseline": [0.4, 0.5], "augmented": [0.5, 0.6]}


def rows_of(accuracies, level=4, draw=0, fold="all", **more):
    """A row per trial of a method without synthetic clips, or of what `more` names."""
    place = {"dataset": "impacts", "level": level, "method": "baseline", "generator": None, "gan": None, "fold": fold}
    scores = {"minutes": 0.1, "recall": {"a": 0.5, "b": 0.5}, "confusion_matrix": [[5, 5], [5, 5]]}
    return [
        {**place, "subset_seed": draw, "trial": trial, "accuracy": accuracy, **scores, **more}
        for trial, accuracy in enumerate(accuracies)
    ]


def real_rows(**place):
    """Two trials of baseline and of augmented: means 0.45 and 0.55."""
    return [row for name, values in NUMBERS.items() for row in rows_of(values, method=name, **place)]


def opening(folder, rows, **choices):
    """The paragraphs of the Markdown before the counts of classifiers, which the page has too."""
    folder.mkdir(parents=True, exist_ok=True)
    for row in rows:
        append_row(folder / "results.jsonl", row)
    printed = write_report(folder, folder / "report", **choices).text
    paragraphs = (folder / "report" / "report.md").read_text(encoding="utf-8").replace("\\", "").split("\n\n")
    counts = next(index for index, text in enumerate(paragraphs) if " classifiers and " in text.partition(";")[0])
    sentences = paragraphs[1:counts]
    page = html.unescape((folder / "report" / "report.html").read_text(encoding="utf-8").partition("<nav")[0])
    assert all(f'<p class="result">{text}</p>' in page for text in sentences if not text.startswith("**"))
    assert "\n\n".join(sentences).replace("**", "") in printed
    return sentences


def table(folder, name):
    with (folder / "report" / "report_files" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_report_says_who_is_ahead_where_and_what_its_interval_over_the_better_real_method_shows(tmp_path):
    # Over augmented: at 4 each of 0.75 and 0.85 lies above each of 0.5 and 0.6, at 9 and 18 they lie among each other.
    rows = [row for level in (4, 9, 18) for row in real_rows(level=level)]
    for level, accuracies in ((4, [0.75, 0.85]), (9, [0.5, 0.64]), (18, [0.5, 0.56])):
        rows += rows_of(accuracies, level=level, **GAUSSIAN)
    ahead, gains, shown, unknown = opening(tmp_path, rows)
    assert ahead == (
        "At 4 and 9 clips per class gaussian + augmentation is ahead, with accuracies of 0.800 and 0.570; "
        "at 18 baseline + augmentation, with 0.550."
    )
    assert gains.startswith(
        "Over the better of baseline and baseline + augmentation, gaussian + augmentation has +0.250 [+0.150, +0.350] "
        "at 4, +0.020 ["
    )
    assert "] and −0.020 [" not in gains and "] at 9 and −0.020 [" in gains
    assert shown == (
        "The interval lies above zero at 4; it holds zero at 9 and 18, where neither is shown to be better."
    )
    assert unknown == (
        "These rows do not tell what another draw of the training clips (there is one), another generator (there is "
        "one per draw) or other test recordings would give; intervals of so few are too narrow."
    )


def test_report_of_a_method_that_loses_says_that_its_interval_lies_below_zero(tmp_path):
    ahead, gains, shown, _ = opening(tmp_path, real_rows() + rows_of([0.1, 0.2], method="lda"))
    assert ahead == "At 4 clips per class baseline + augmentation is ahead, with an accuracy of 0.550."
    assert "lda has −0.400 [" in gains
    assert shown == "The interval lies below zero at 4."


def test_report_of_single_classifiers_says_that_no_spread_was_seen(tmp_path):
    rows = rows_of([0.5]) + rows_of([0.625], method="augmented") + rows_of([0.75], **GAUSSIAN)
    _, gains, shown, unknown = opening(tmp_path, rows)
    assert "gaussian + augmentation has +0.125 (no spread seen) at 4" in gains
    assert shown == "The interval has no width at 4, where no spread was seen and nothing is shown."
    assert "another classifier (there is one each)" in unknown and "too narrow" not in unknown


def test_report_says_that_the_best_was_picked_and_that_several_draws_were_seen(tmp_path):
    rows = [row for draw in (0, 1) for row in real_rows(draw=draw)]
    for draw in (0, 1):
        rows += rows_of([0.7, 0.8], draw=draw, method="auto") + rows_of([0.3], draw=draw, method="lda")
    _, gains, _, unknown = opening(tmp_path, rows)
    assert "auto has +0.200" in gains
    assert unknown == (
        "These rows do not tell what other test recordings would give; intervals of so few are too narrow; the best of "
        "2 methods was picked by these same numbers, which flatters it."
    )


def test_report_of_real_methods_alone_compares_augmented_with_baseline(tmp_path):
    ahead, gains, _, unknown = opening(tmp_path, real_rows())
    assert "baseline + augmentation is ahead" in ahead
    assert gains.startswith("Over baseline, baseline + augmentation has +0.100 [0.000, +0.200] at 4")
    assert "flatters" not in unknown


def test_report_of_equal_methods_calls_them_equal(tmp_path):
    rows = real_rows() + rows_of([0.6, 0.5], **GAUSSIAN)
    assert opening(tmp_path, rows)[0] == (
        "At 4 clips per class baseline + augmentation and gaussian + augmentation are ahead, with an accuracy of 0.550."
    )


def test_report_of_one_method_says_that_there_is_nothing_to_compare_it_with(tmp_path):
    _, nothing, unknown = opening(tmp_path / "real", rows_of([0.5, 0.6]))
    assert nothing == "No other method is there to compare with."
    assert unknown.startswith("These rows do not tell what another draw of the training clips (there is one) or other")
    _, nothing, _ = opening(tmp_path / "gaussian", rows_of([0.5, 0.6], **GAUSSIAN))
    assert nothing == "Neither baseline nor augmented is there to compare with."


def test_report_of_methods_on_different_draws_says_that_no_draw_has_both(tmp_path):
    rows = real_rows() + rows_of([0.7, 0.8], draw=1, **GAUSSIAN)
    rows += real_rows(level=9) + rows_of([0.7, 0.8], level=9, **GAUSSIAN)
    assert opening(tmp_path / "one", rows)[1].endswith(
        "(difference in accuracy, 95 % interval); at 4 no draw has both."
    )
    _, gap, _ = opening(tmp_path / "both", [row for row in rows if row["level"] == 4])
    assert gap == "No draw has both the better of baseline and baseline + augmentation and another method."


def test_report_of_simulated_scarce_and_unfinished_rows_says_so_in_its_last_sentence(tmp_path):
    rows = real_rows(simulated=True, clips_of_class={"a": 1}) + rows_of([0.7, 0.8], simulated=True, **GAUSSIAN)
    grid = {"levels": [4], "methods": ["baseline", "augmented"], "subset_seeds": [0], "gan_repeats": 1, "trials": 3}
    tmp_path.joinpath("made").mkdir()
    write_json(tmp_path / "made" / "grid.json", {"configuration": {"grid": grid}, "data": {}})
    notice, *_, unknown = opening(tmp_path / "made", rows)
    assert notice.startswith("**Every number here comes from simulated recordings")
    assert "or real recordings (these are simulated) would give" in unknown
    assert "; how the scarce class fares stands in a section of its own" in unknown
    assert unknown.endswith("; the experiment is not finished.")


def test_report_of_rows_of_the_old_form_opens_as_it_was_published(tmp_path):
    rows = [{name: value for name, value in row.items() if name != "generator"} for row in real_rows()]
    assert opening(tmp_path, rows) == []
    assert not (tmp_path / "report" / "report_files" / "gains.csv").exists()


@pytest.mark.parametrize("kind", ["gaussian", "gansynth"])
def test_report_has_the_gains_of_every_other_method_over_augmented(tmp_path, kind):
    rows = [row for draw in (0, 1) for row in real_rows(draw=draw)]
    for draw in (0, 1):
        rows += rows_of([0.6, 0.7], draw=draw, method="gan_augmented", generator=kind, gan=0)
        rows += rows_of([0.85], draw=draw, method="lda") + rows_of([0.5, 0.4], draw=draw, method="auto")
    opening(tmp_path, rows)
    expected = {"gan_augmented" if kind == "gansynth" else "gaussian_augmented": 0.1, "lda": 0.3, "auto": -0.1}
    pairs = {line["method"]: line for line in table(tmp_path, "differences") if line["other"] == "augmented"}
    gains = {line["method"]: line for line in table(tmp_path, "gains")}
    assert set(pairs) == set(gains) == set(expected)
    for name, mean in expected.items():
        assert float(pairs[name]["mean"]) == float(gains[name]["mean"]) == pytest.approx(mean)
        assert [gains[name][end] for end in ("low", "high")] == [pairs[name][end] for end in ("low", "high")]
    assert "Over baseline + augmentation: mean difference" in (tmp_path / "report" / "report.md").read_text("utf-8")


def test_gains_by_another_learner_are_over_its_own_augmented(tmp_path):
    rows = [row | {"learner": "fixmatch"} for row in real_rows() + rows_of([0.6, 0.7], method="auto")]
    _, gains, *_ = opening(tmp_path, rows)
    assert gains.startswith(
        "Over the better of baseline + augmentation, fixmatch and baseline, fixmatch, auto_fixmatch"
    )
    (line,) = table(tmp_path, "gains")
    assert (line["method"], line["other"]) == ("auto_fixmatch", "augmented_fixmatch")
    assert float(line["mean"]) == pytest.approx(0.1)
