"""Tables as aligned text and as Markdown, against lines written by hand."""

import pytest

from gansynth_isa.tables import (
    Markup,
    aligned_markdown_table,
    escape_markdown,
    markdown_head,
    markdown_line,
    markdown_table,
    text_line,
    text_table,
)


def test_text_table_aligns_numbers_right_and_text_left():
    table = text_table([("name", "count"), ("a", 5), ("longer", 1000), ("none", "")])
    assert table.splitlines() == ["name    count", "a           5", "longer   1000", "none"]


def test_text_table_shows_control_characters_as_escapes():
    assert text_table([("name",), ("a\nb",)]).splitlines() == ["name", "a\\nb"]


@pytest.mark.parametrize(
    ("cells", "line"),
    [
        (("ab", 7, "x"), "ab      7  x "),
        (("a name that is long", 7, ""), "a name that is long    7    "),
    ],
)
def test_text_line_keeps_its_widths_and_lets_a_wide_cell_move_the_rest(cells, line):
    assert text_line(cells, (-4, 3, -2)) == line


def test_markdown_table_is_a_head_a_rule_and_a_line_per_row():
    lines = ["| class | clips |", "|---|---|", "| nut | 3 |", "| screw | 12 |"]
    assert markdown_table(["class", "clips"], [["nut", 3], ["screw", 12]]) == "\n".join(lines)
    assert "\n".join([markdown_head(["class", "clips"]), markdown_line(["nut", 3])]) == "\n".join(lines[:3])


def test_aligned_markdown_table_lines_up_as_escaped_and_to_the_right():
    table = aligned_markdown_table(["level", "a|b"], [[4, "0.5"], [180, "0.25"]])
    assert table.splitlines() == [
        "| level | a\\|b |",
        "|------:|-----:|",
        "|     4 |  0.5 |",
        "|   180 | 0.25 |",
    ]


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("a|b", "a\\|b"),
        ("<b>*x* & `y`</b>", "&lt;b>\\*x\\* &amp; \\`y\\`&lt;/b>"),
        ("[a](b)", "\\[a\\](b)"),
        ("two\n lines", "two lines"),
        ("nut_M4, 0.5 ± 0.1", "nut_M4, 0.5 ± 0.1"),
        ("$x$ ~~y~~ _z_", "\\$x\\$ \\~\\~y\\~\\~ \\_z\\_"),
        ("\x1b[31m \u202eab", "\\\\x1b\\[31m \\\\u202eab"),
    ],
)
def test_escape_markdown_leaves_letters_and_nothing_that_is_read_as_more(text, escaped):
    assert escape_markdown(text) == escaped
    assert markdown_line([text]) == f"| {escaped} |"


def test_markup_in_a_cell_stays_markdown_but_does_not_end_the_cell():
    assert markdown_line([Markup("`a|b` and *c*")]) == "| `a\\|b` and *c* |"
