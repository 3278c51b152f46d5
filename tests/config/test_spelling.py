"""Values of settings from text."""

import pytest

from gansynth_isa.config.spelling import Spelling


@pytest.mark.parametrize(
    ("hint", "metadata", "text", "expected"),
    [
        (int, {}, "3", 3),
        (float, {}, "3", 3.0),
        (str, {}, "3", "3"),
        (bool, {}, "false", False),
        (int | None, {}, "", None),
        (int | None, {}, "4", 4),
        (tuple[int, ...], {}, "4, 9,", (4, 9)),
        (float, {"words": ("union",)}, "union", "union"),
        (float, {"words": ("union",), "former": {0.0: "union"}}, "0", "union"),
    ],
)
def test_text_becomes_a_value_of_the_setting_s_type(hint, metadata, text, expected):
    found = Spelling(hint, metadata).value(text)
    assert found == expected and type(found) is type(expected)


@pytest.mark.parametrize(
    ("hint", "metadata", "text", "message"),
    [
        (int, {}, "1.5", "expected a whole number, got '1.5'"),
        (int, {}, "1_000", "expected a whole number, got '1_000'"),
        (int, {}, " 5", "expected a whole number, got ' 5'"),
        (int, {}, "٥", "expected a whole number, got '٥'"),
        (float, {}, "1_0", "expected a number, got '1_0'"),
        (float | None, {}, "5 ", "expected a number, got '5 '"),
        (tuple[int, ...], {}, "4,1_0", "expected a comma-separated list, each a whole number, got '4,1_0'"),
        (float | None, {}, "half", "expected a number, got 'half'"),
        (bool, {}, "1", "expected true or false, got '1'"),
        (tuple[int, ...], {}, "4,x", "expected a comma-separated list, each a whole number, got '4,x'"),
        (float, {"words": ("union",)}, "onion", "expected a number or union, got 'onion'"),
    ],
)
def test_text_that_spells_no_value_is_refused_with_what_was_expected(hint, metadata, text, message):
    with pytest.raises(ValueError, match=f"^{message}$"):
        Spelling(hint, metadata).value(text)
