"""Names in one Unicode form, and names that only look alike."""

import unicodedata

import pytest

from gansynth_isa.data.recordings.names import in_one_form, look_alike_lines, names_of_paths

DECOMPOSED = unicodedata.normalize("NFD", "größe")


def test_name_in_either_form_is_one_and_bytes_that_are_no_text_stay():
    assert DECOMPOSED != "größe" and in_one_form(DECOMPOSED) == in_one_form("größe") == "größe"
    assert in_one_form("a\udcff.wav") == "a\udcff.wav"


def test_names_of_paths_lead_to_the_files_and_keep_two_that_differ_in_form_alone():
    assert names_of_paths([f"{DECOMPOSED}/1.wav", "a.wav"]) == {"größe/1.wav": f"{DECOMPOSED}/1.wav", "a.wav": "a.wav"}
    both = ["größe/1.wav", f"{DECOMPOSED}/1.wav"]
    assert names_of_paths(both) == {path: path for path in both}


@pytest.mark.parametrize(
    "names",
    [
        ("Nut", "nut"),
        ("nut", "nut "),
        ("steel nut", "steel_nut"),
        ("steel-nut", "steel nut"),
        ("nut", "n\u200but"),  # a space without width
        ("nut", "\uff4e\uff55\uff54"),  # full-width letters
        ("GRÖSSE", "größe"),
        ("OK", "\u041e\u041a"),  # Cyrillic
        ("OK", "\u039f\u039a"),  # Greek
        ("spare", "s\u0440\u0430r\u0435"),
    ],
)
def test_names_that_look_alike_get_one_line_that_holds_both(names):
    (line,) = look_alike_lines("classes", ["other", *names])
    assert line.startswith("classes whose names look alike count as different: ") and "other" not in line
    assert line.isprintable()


@pytest.mark.parametrize(
    "names", [("nut", "nuts"), ("M3", "M4"), ("-5", "5"), ("1-2", "12"), ("螺母", "螺帽"), ("öl", "ol"), ("1.2", "12")]
)
def test_names_that_differ_to_the_eye_get_no_line(names):
    assert list(look_alike_lines("classes", names)) == []


def test_letter_that_passes_for_another_is_spelt_out():
    (line,) = look_alike_lines("groups", ["spot", "sp\u043et"])
    assert "'spot' and 'sp\u043e (cyrillic small letter o)t'" in line
