"""Rows that were edited by hand."""

from pathlib import Path

import pytest

from gansynth_isa.errors import InputError
from gansynth_isa.experiments.rows.checks import check_places

GAN = {"fold": "all", "level": 4, "subset_seed": 0, "gan": 0}
RESULT = {**GAN, "method": "gan", "trial": 0}


def test_rows_with_a_place_in_the_grid_are_accepted():
    check_places(Path("results.jsonl"), [RESULT, {**RESULT, "method": "baseline", "gan": None}], are_results=True)
    check_places(Path("gans.jsonl"), [GAN], are_results=False)


@pytest.mark.parametrize(
    ("edited", "message"),
    [
        ({"fold": []}, "fold: expected a text"),
        ({"method": "magic"}, "method: expected one of baseline, "),
        ({"generator": []}, "generator: expected the name of a kind of generator"),
    ],
)
def test_result_of_no_place_in_the_grid_is_refused_by_file_and_row(edited, message):
    with pytest.raises(InputError, match=f"results.jsonl: row 2: {message}"):
        check_places(Path("results.jsonl"), [RESULT, {**RESULT, **edited}], are_results=True)


def test_measures_without_a_generator_are_refused_by_file_and_row():
    without = {name: value for name, value in GAN.items() if name != "gan"}
    with pytest.raises(InputError, match="gans.jsonl: row 1: expected a GAN's measures, but it has no 'gan'"):
        check_places(Path("gans.jsonl"), [without], are_results=False)
