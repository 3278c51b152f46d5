"""Names of what is compared, as tables, files and figures bear them."""

import pytest

from gansynth_isa.experiments.rows.cells import PAPER_CELLS, cell_name, cell_of, generator_of


@pytest.mark.parametrize(
    ("row", "name", "title"),
    [
        ({"method": "baseline"}, "baseline", "baseline"),
        ({"method": "augmented", "generator": None}, "augmented", "baseline + augmentation"),
        ({"method": "gan"}, "gan", "GAN"),
        ({"method": "gan", "generator": None}, "gan", "GAN"),
        ({"method": "gan_augmented", "generator": "gansynth"}, "gan_augmented", "GAN + augmentation"),
        ({"method": "gan", "generator": "gaussian"}, "gaussian", "gaussian"),
        ({"method": "gan_augmented", "generator": "gaussian"}, "gaussian_augmented", "gaussian + augmentation"),
        ({"method": "gan_augmented", "generator": "wavegan"}, "wavegan_augmented", "wavegan + augmentation"),
    ],
)
def test_cell_of_a_row_is_named_by_its_method_or_by_its_kind_of_generator(row, name, title):
    assert (cell_name(row), cell_of(row).title) == (name, title)


@pytest.mark.parametrize(
    ("row", "name", "title"),
    [
        ({"method": "augmented"}, "augmented_fixmatch", "baseline + augmentation, fixmatch"),
        ({"method": "gan", "generator": "gaussian"}, "gaussian_fixmatch", "gaussian, fixmatch"),
        ({"method": "gan_augmented"}, "gan_augmented_fixmatch", "GAN + augmentation, fixmatch"),
    ],
)
def test_cell_of_another_learner_bears_its_name_and_is_none_of_the_paper_s(row, name, title):
    cell = cell_of({**row, "learner": "fixmatch"})
    assert (cell.name, cell.title, cell.is_of_the_paper, cell.family) == (name, title, False, "fixmatch")


def test_cell_of_a_method_without_synthetic_clips_has_no_generator():
    assert cell_of({"method": "baseline", "generator": "gaussian"}).generator is None
    assert cell_of({"method": "gan"}).generator == "gansynth"


def test_generator_of_a_row_of_an_older_experiment_is_the_paper_s():
    assert generator_of({"gan": 0}) == "gansynth"
    assert generator_of({"gan": 0, "generator": "smote"}) == "smote"


def test_order_of_cells_is_the_paper_s_then_that_of_names():
    rows = [{"method": method, "generator": kind} for kind in ("smote", "gaussian", None) for method in PAPER_CELLS]
    cells = sorted({cell_of(row) for row in rows}, key=lambda cell: cell.order)
    assert [cell.name for cell in cells] == [
        "baseline",
        "augmented",
        "gan",
        "gan_augmented",
        "gaussian",
        "gaussian_augmented",
        "smote",
        "smote_augmented",
    ]
    assert [cell.family for cell in cells] == [None] * 4 + ["gaussian"] * 2 + ["smote"] * 2
