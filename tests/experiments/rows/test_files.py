"""Rows survive torn writes."""

import pytest

from gansynth_isa.errors import InputError
from gansynth_isa.experiments.rows.files import append_row, read_rows


def test_rows_appended_are_read_in_order(tmp_path):
    path = tmp_path / "results.jsonl"
    for number in range(3):
        append_row(path, {"trial": number})
    assert read_rows(path) == [{"trial": 0}, {"trial": 1}, {"trial": 2}]
    assert path.read_text().count("\n") == 3


def test_rows_of_a_missing_file_are_none(tmp_path):
    assert read_rows(tmp_path / "results.jsonl") == []


def test_torn_last_line_is_no_row_and_is_cut_off_by_the_next(tmp_path):
    path = tmp_path / "results.jsonl"
    path.write_text('{"trial": 0}\n{"trial": 1, "accur')
    assert read_rows(path) == [{"trial": 0}]
    append_row(path, {"trial": 1})
    assert path.read_text() == '{"trial": 0}\n{"trial": 1}\n'


def test_last_line_without_line_end_is_kept(tmp_path):
    path = tmp_path / "results.jsonl"
    path.write_text('{"trial": 0}\n{"trial": 1}')
    assert len(read_rows(path)) == 2
    append_row(path, {"trial": 2})
    assert read_rows(path) == [{"trial": 0}, {"trial": 1}, {"trial": 2}]


@pytest.mark.parametrize("damage", ["nonsense", "[1]", '"text"'])
def test_damaged_line_in_between_is_named(tmp_path, damage):
    path = tmp_path / "results.jsonl"
    path.write_text(f'{{"trial": 0}}\n{damage}\n{{"trial": 1}}\n')
    with pytest.raises(InputError, match=r"results.jsonl: line 2: expected a JSON object"):
        read_rows(path)
