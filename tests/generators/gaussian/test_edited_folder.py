"""Folders of a Gaussian whose description was edited by hand."""

import json
import shutil

import pytest

from gansynth_isa.errors import InputError
from gansynth_isa.generators.registry import kind_named


@pytest.fixture(scope="module")
def fitted(training, settings_of, surroundings, tmp_path_factory):
    """The folder of a Gaussian of two classes."""
    folder, kind = tmp_path_factory.mktemp("gaussian") / "run", kind_named("gaussian")
    kind.fit(settings_of(kind), training, 0, folder, surroundings)
    return folder


@pytest.mark.parametrize(
    ("place", "value", "message"),
    [
        (("class_names",), ["a", "b", "c"], "array means: expected shape .3, .*, got .2, "),
        (("class_names",), ["a"], "array means: expected shape .1, .*, got .2, "),
        (("class_names",), "ab", "class_names: expected a list of different texts, got 'ab'"),
        (("class_names",), ["a", "a"], "class_names: expected a list of different texts"),
        (("class_names",), ["a", "\ud800"], "class_names: expected a list of different texts"),
        (("class_names",), [], "class_names: expected a list of different texts"),
        (("data",), {}, "data: expected a fingerprint with sha256 and files"),
        (("data",), {"sha256": "0", "files": [1]}, "data: expected a fingerprint with sha256 and files"),
        (("configuration", "features", "frames"), None, "frames: expected a whole number, got None"),
        (("configuration", "features", "frames"), 1024, "array means: expected shape .2, "),
    ],
)
def test_description_that_does_not_fit_the_arrays_is_refused(fitted, tmp_path, place, value, message):
    folder = shutil.copytree(fitted, tmp_path / "edited")
    description = json.loads((folder / "experiment.json").read_text())
    part = description
    for name in place[:-1]:
        part = part[name]
    part[place[-1]] = value
    (folder / "experiment.json").write_text(json.dumps(description))
    with pytest.raises(InputError, match=f"damaged .{message}"):
        kind_named("gaussian").load(folder, print)
