"""The names that `gansynth_isa` hands out: those of the page, and nothing is imported before it is needed."""

import re
import subprocess
import sys

import pytest

import gansynth_isa as isa


def test_public_names_are_those_of_the_page(page):
    section = re.search(r"^## Names$(.*?)^## ", page, re.MULTILINE | re.DOTALL)[1]
    documented = re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)
    assert sorted(documented) == sorted(isa.__all__)
    assert set(isa.__all__) <= set(dir(isa))
    for name in isa.__all__:
        assert getattr(isa, name).__name__ == name
        assert getattr(isa, name).__doc__


def test_name_that_does_not_exist_is_an_attribute_error():
    with pytest.raises(AttributeError, match="module 'gansynth_isa' has no attribute 'load_clip'"):
        isa.load_clip  # noqa: B018


def test_import_needs_no_library_and_public_names_no_tensorflow():
    code = """
import sys, gansynth_isa
assert not {"numpy", "tensorflow", "keras"} & set(sys.modules)
from gansynth_isa import *
assert not {"tensorflow", "keras", "librosa", "matplotlib"} & set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", code], check=True)
