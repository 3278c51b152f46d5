"""What rivals gain, against numbers computed by hand."""

import json

import pytest

from gansynth_isa.checks.judging.gains import accuracies, gain_over
from gansynth_isa.checks.rivals.lines import AUGMENTED, BASELINE, TABLES
from gansynth_isa.checks.rivals.rows import CLASSIFIERS_FILE, GENERATORS_FILE, classifier_rows, line_of, merged
from gansynth_isa.checks.rivals.tables import comparison, stronger
from gansynth_isa.errors import InputError
from gansynth_isa.generators.registry import kind_named

CELL = ("balls", 9)
T_OF_ONE_DEGREE = 12.706205  # 97.5 %


def rows_of(folder, method, values, generator=None, name="balls"):
    """A row for each draw and trial: values[draw][trial]."""
    return [
        {
            "set": name, "draw": draw, "folder": folder, "level": 9, "fold": "all", "subset_seed": draw,
            "method": method, "generator": generator, "gan": None if generator is None else 0, "trial": trial,
            "accuracy": accuracy,
        }
        for draw, trials in enumerate(values)
        for trial, accuracy in enumerate(trials)
    ]  # fmt: skip


@pytest.fixture
def classifiers():
    """Augmentation has 0.6 and 0.7, the baseline 0.5 and 0.7, the GAN 0.7 and 0.9, FixMatch 0.8 in one draw."""
    return [
        *rows_of("real", "baseline", [[0.4, 0.6], [0.7, 0.7]]),
        *rows_of("real", "augmented", [[0.5, 0.7], [0.6, 0.8]]),
        *rows_of("gansynth", "gan_augmented", [[0.7, 0.7], [0.9, 0.9]], "gansynth"),
        *rows_of("pseudo_labels", "augmented", [[0.65, 0.65]]),
        *rows_of("fixmatch", "augmented", [[0.8, 0.8]]),
    ]


def cells_of(table):
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in table.splitlines() if line.startswith("|")]


def test_stronger_control_is_the_one_with_the_higher_mean_over_common_draws(classifiers):
    assert stronger(accuracies(classifiers, line_of)[CELL]) == AUGMENTED
    lower = [row for row in classifiers if row["method"] != "augmented"]
    lower += rows_of("real", "augmented", [[0.5, 0.5], [0.6, 0.6], [1.0, 1.0]])  # the third draw has no baseline
    assert stronger(accuracies(lower, line_of)[CELL]) == BASELINE


def test_gain_is_paired_by_draw_after_trials_are_averaged(classifiers):
    gain = gain_over(accuracies(classifiers, line_of)[CELL], ("gansynth", "gan_augmented", "gansynth"), AUGMENTED)
    assert gain.draws == 2
    assert gain.mean == pytest.approx(0.15)  # 0.1 and 0.2
    assert gain.half_width == pytest.approx(T_OF_ONE_DEGREE * 0.05, rel=1e-5)


def test_tables_show_what_each_line_is_compared_with(classifiers):
    text = comparison(classifiers, [])
    labels, unlabelled = (part.split("\n", 1)[1] for part in text.split("## ")[1:])  # nothing with outside data
    lines = {line[0]: line for line in cells_of(labels)}
    assert lines["augmentation"][2] == "0.650 (2)"
    assert lines["baseline"][2].startswith("0.600, -0.050 ± ")
    assert lines["GANSynth on a base"][2] == "0.800, +0.150 ± 0.635 (2)"
    lines = {line[0]: line for line in cells_of(unlabelled)}
    assert lines["pseudo-labels"][1:] == ["augmentation", "0.650, +0.050 (1)"]
    assert lines["FixMatch"][1:] == ["augmentation", "0.800, +0.200 (1)"]
    assert lines["augmentation, labels only"][2] == "0.650 (2)"


def test_clips_and_costs_are_means_over_draws_and_empty_where_not_measured(classifiers):
    place = {"set": "balls", "folder": "gansynth", "generator": "gansynth", "level": 9}
    generators = [
        {**place, "draw": 0, "usefulness": 0.9, "minutes": 4.0, "export_mib": None},
        {**place, "draw": 1, "usefulness": 1.0, "minutes": 5.0, "export_mib": 2.5},
    ]
    header, _, line = cells_of(comparison(classifiers, generators).split("## Clips and costs")[1])
    found = dict(zip(header, line, strict=True))
    assert found[""] == "GANSynth on a base" and found["draws"] == "2"
    assert found["usefulness"] == "0.95" and found["minutes"] == "4.5"
    assert found["export, MiB"] == "2.5" and found["grain"] == ""


def test_every_line_names_a_kind_that_there_is_and_a_control_that_a_table_has():
    rivals = [rival for table in TABLES.values() for rival in table]
    lines = {rival.line for rival in rivals}
    for rival in rivals:
        assert rival.line[2] is None or kind_named(rival.line[2])
        assert rival.control is None or rival.control in lines


def write_experiment(folder, name, rows):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text("".join(f"{json.dumps(row)}\n" for row in rows))


def test_rows_of_other_experiments_stay_and_those_of_the_same_ones_are_replaced(tmp_path, classifiers):
    write_experiment(tmp_path, CLASSIFIERS_FILE, classifiers[:4])  # two trials each of the draws 0 and 1
    newer = {**classifiers[0], "accuracy": 0.1}  # the only trial that the draw 0 has here
    rows = merged(CLASSIFIERS_FILE, tmp_path, [newer])
    assert sorted(map(json.dumps, rows)) == sorted(map(json.dumps, [newer, *classifiers[2:4]]))
    assert merged(GENERATORS_FILE, tmp_path, []) == []


def test_damaged_rows_of_another_machine_are_refused_by_number(tmp_path, classifiers):
    write_experiment(tmp_path, CLASSIFIERS_FILE, [classifiers[0], {"set": "balls"}])
    with pytest.raises(InputError, match="classifiers.jsonl: row 2: expected draw, which is missing"):
        merged(CLASSIFIERS_FILE, tmp_path, [])


def test_folder_that_is_no_draw_is_refused(tmp_path):
    write_experiment(tmp_path / "rivals" / "balls" / "first" / "real", "results.jsonl", [])
    with pytest.raises(InputError, match="named by the number of a draw"):
        classifier_rows(tmp_path)
