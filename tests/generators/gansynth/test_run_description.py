"""What a run of the GAN is about, read from a file that somebody edited."""

import json

import pytest

from gansynth_isa.errors import InputError
from gansynth_isa.generators.gansynth.run_description import RunDescription
from gansynth_isa.runs.run_folder import RunFolder


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("class_names", ["loud", "loud"], "class_names: expected a list of different texts"),
        ("class_names", "ab", "class_names: expected a list of different texts"),
        ("class_counts", [3], "class_counts: expected 2"),
        ("data", {}, "data: expected a fingerprint"),
        ("data", None, "data: expected a fingerprint"),
        ("normalizer", 5, "damaged"),
    ],
)
def test_edited_description_of_a_gan_is_refused_in_one_line(tiny_run, tmp_path, name, value, message):
    values = json.loads((tiny_run / "experiment.json").read_text())
    (tmp_path / "experiment.json").write_text(json.dumps({**values, name: value}))
    with pytest.raises(InputError, match=message):
        RunFolder(tmp_path).read_description(RunDescription)
