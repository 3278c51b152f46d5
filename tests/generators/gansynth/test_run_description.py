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
        ("data", {"sha256": "0f", "files": {"a.wav": ["0f"]}}, "data: expected a fingerprint .* a digest per path"),
        ("data", {"sha256": "0f", "files": {}, "files_before": None}, "files_before: expected a list of digests"),
        ("data", {"sha256": "0f", "files": {}, "files_before": [1, 2]}, "files_before: expected a list of digests"),
        ("data", {"sha256": "0f", "files": {}, "files_before": {"a.wav": 5}}, "files_before: expected a list"),
        ("data", {"sha256": "0f", "files": {}, "files_before": {"a.wav": [{}]}}, "expected digests of 'a.wav'"),
        ("class_counts", 5, "class_counts: expected 2"),
        ("class_counts", ["q", "r"], "class_counts: expected numbers of clips"),
        ("class_counts", [0, 0], "class_counts: expected numbers of clips"),
        ("class_counts", [10**400, 1], "class_counts: expected numbers of clips"),
        ("num_channels", "x", "num_channels: expected 1 of log_mel"),
        ("num_channels", True, "num_channels: expected 1 of log_mel"),
        ("num_channels", 10**9, "num_channels: expected 1 of log_mel"),
        ("initialised_from", "abc", "initialised_from: expected the sha256"),
        ("initialised_from", {"sha256": 5}, "initialised_from: expected the sha256"),
        ("normalizer", 5, "damaged"),
    ],
)
def test_edited_description_of_a_gan_is_refused_in_one_line(tiny_run, tmp_path, name, value, message):
    values = json.loads((tiny_run / "experiment.json").read_text())
    (tmp_path / "experiment.json").write_text(json.dumps({**values, name: value}))
    with pytest.raises(InputError, match=message):
        RunFolder(tmp_path).read_description(RunDescription)
