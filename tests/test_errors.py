"""Messages for users."""

from gansynth_isa.errors import InputError, nearest


def test_input_error_shows_what_cannot_be_printed_as_escapes_on_one_line():
    error = InputError("a\nb\x1b[31m\udcff größe 螺母: \\n stays")
    assert str(error) == "a\\nb\\x1b[31m\\udcff größe 螺母: \\n stays"


def test_nearest_offers_the_most_similar_name_or_nothing():
    assert nearest("fmap_mx", ["fmap_max", "seed"]) == "; did you mean 'fmap_max'?"
    assert nearest("qqq", ["fmap_max", "seed"]) == ""
