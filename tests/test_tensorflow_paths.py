"""Paths without the letters of patterns, for TensorFlow."""

from pathlib import Path

import pytest

from gansynth_isa import tensorflow_paths
from gansynth_isa.errors import InputError
from gansynth_isa.tensorflow_paths import literal_path


@pytest.fixture
def folder(tmp_path):
    """A folder that TensorFlow would look for in vain."""
    folder = tmp_path / "run [1] *?"
    folder.mkdir()
    (folder / "file").write_text("content")
    return folder


def places(monkeypatch, first: Path) -> None:
    monkeypatch.setattr(tensorflow_paths.tempfile, "gettempdir", lambda: str(first))


def test_path_without_letters_of_patterns_is_its_own(tmp_path):
    with literal_path(tmp_path) as path:
        assert path == tmp_path


def test_path_with_brackets_is_read_by_a_link_that_goes(folder):
    with literal_path(folder) as path:
        assert not set(str(path)) & set("[]*?")
        assert (path / "file").read_text() == "content"
    assert not path.exists() and (folder / "file").exists()


def test_path_where_no_link_can_be_made_is_copied(folder, monkeypatch):
    def refuse(*_, **__):
        raise OSError("a required privilege is not held by the client")

    monkeypatch.setattr(Path, "symlink_to", refuse)
    with literal_path(folder) as path:
        assert (path / "file").read_text() == "content" and not path.is_symlink()
    assert not path.exists() and (folder / "file").exists()


def test_place_for_temporary_files_with_brackets_is_passed_over(folder, monkeypatch):
    places(monkeypatch, folder)
    with literal_path(folder) as path:
        assert not set(str(path)) & set("[]*?")
    assert [path.name for path in folder.iterdir()] == ["file"]


def test_no_place_for_temporary_files_is_refused(folder, monkeypatch):
    places(monkeypatch, folder)
    monkeypatch.setattr(tensorflow_paths.os, "access", lambda *_: False)
    with pytest.raises(InputError, match="TMPDIR: expected a folder that can be written"):
        literal_path(folder).__enter__()
