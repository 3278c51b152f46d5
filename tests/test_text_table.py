"""Aligned tables."""

from gansynth_isa.text_table import text_table


def test_text_table_aligns_numbers_right_and_text_left():
    table = text_table([("name", "count"), ("a", 5), ("longer", 1000), ("none", "")])
    assert table.splitlines() == ["name    count", "a           5", "longer   1000", "none"]


def test_text_table_shows_control_characters_as_escapes():
    assert text_table([("name",), ("a\nb",)]).splitlines() == ["name", "a\\nb"]
