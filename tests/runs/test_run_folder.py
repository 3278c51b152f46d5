"""A run's folder with a description of a kind that this package does not know."""

import json
from dataclasses import dataclass
from typing import ClassVar

import pytest

from gansynth_isa.errors import InputError
from gansynth_isa.runs.description import clip_changes
from gansynth_isa.runs.run_folder import RunFolder


@dataclass(frozen=True)
class Toy:
    """A description of the least that there is."""

    kind: ClassVar[str] = "toy"
    noun: ClassVar[str] = "a toy"

    size: int
    class_names: tuple[str, ...] = ("a", "b")
    digest: str = "0"

    @property
    def data(self):
        return {"sha256": self.digest, "files": {"x.wav": self.digest, "y.wav": "1"}}

    def to_dict(self):
        return {"size": self.size, "digest": self.digest}

    @classmethod
    def from_dict(cls, values):
        return cls(size=values["size"], digest=values["digest"])

    def changes(self, new):
        sizes = [f"size: {self.size} -> {new.size}"] if self.size != new.size else []
        return sizes + clip_changes(self, new)


@pytest.fixture
def folder(tmp_path):
    opened = RunFolder(tmp_path / "run")
    opened.open(Toy(3))
    return opened


def test_description_is_read_back_with_the_versions_beside_it(folder):
    assert folder.read_description(Toy) == Toy(3)
    values = json.loads((folder.path / "experiment.json").read_text())
    assert values["format_version"] == 1 and set(values["versions"]) >= {"gansynth_isa", "tensorflow"}


def test_folder_opened_again_is_not_written(folder):
    before = folder.description_path.stat().st_mtime_ns
    folder.open(Toy(3))
    assert folder.description_path.stat().st_mtime_ns == before


def test_folder_of_another_run_is_refused_with_all_that_differs(folder):
    with pytest.raises(InputError, match=r"differs \(size: 3 -> 4; data: 1 recordings differ, x.wav for one\)"):
        folder.open(Toy(4, digest="2"))


def test_folder_of_other_classes_is_refused_with_both(folder):
    with pytest.raises(InputError, match=r"classes: a, b -> a, c\); use another --train_root_dir"):
        folder.check(Toy(3, class_names=("a", "c")))


def test_folder_without_a_description_says_what_was_expected(tmp_path):
    with pytest.raises(InputError, match="expected the folder of a toy, but it has no experiment.json"):
        RunFolder(tmp_path).read_description(Toy)


@pytest.mark.parametrize("text", ["{", "[]", '{"format_version": 1, "size": 3}'])
def test_damaged_description_is_named(folder, text):
    folder.description_path.write_text(text)
    with pytest.raises(InputError, match=r"experiment\.json: damaged \("):
        folder.read_description(Toy)


def test_description_of_another_version_is_refused(folder):
    folder.description_path.write_text('{"format_version": 7}')
    with pytest.raises(InputError, match="expected format_version 1, got 7"):
        folder.read_description(Toy)


def test_description_of_another_kind_is_refused_by_its_name(folder):
    values = json.loads(folder.description_path.read_text())
    folder.description_path.write_text(json.dumps({**values, "generator": "gaussian"}))
    with pytest.raises(InputError, match="experiment.json: expected a toy, got a training of the kind 'gaussian'"):
        folder.read_description(Toy)


def test_rewinding_drops_later_reports_torn_lines_and_unfinished_files(folder):
    assert not folder.has_reports()
    for stage, image in ((0, 8), (0, 16), (1, 16), (1, 24)):
        folder.append_metrics({"stage": stage, "image": image})
    with folder.metrics_path.open("a") as file:
        file.write('{"stage": 1, "ima')
    unfinished = folder.path / "stage_00001" / "unfinished.tmp"
    unfinished.parent.mkdir()
    unfinished.write_bytes(b"half")
    folder.rewind(stage=1, image=16)
    rows = [json.loads(line) for line in folder.metrics_path.read_text().splitlines()]
    assert [(row["stage"], row["image"]) for row in rows] == [(0, 8), (0, 16), (1, 16)]
    assert folder.has_reports() and not unfinished.exists()
