"""Files written whole or not at all; /dev/full is a disk without room."""

import hashlib

import pytest

from gansynth_isa.errors import InputError
from gansynth_isa.files import UNFINISHED, append_line, new_folder, replace_file, sha256_of_files


def test_file_replaced_leaves_nothing_unfinished(tmp_path):
    path = tmp_path / "folder" / "file"
    for content in (b"first", b"second"):
        replace_file(path, lambda file, content=content: file.write(content))
    assert path.read_bytes() == b"second"
    assert list(path.parent.iterdir()) == [path]


def test_replacing_on_a_full_disk_keeps_the_old_file_and_names_it(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"old")
    (tmp_path / UNFINISHED).symlink_to("/dev/full")
    with pytest.raises(InputError, match=f"{path}: cannot be written: No space left on device"):
        replace_file(path, lambda file: file.write(b"new"))
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_line_appended_on_a_full_disk_names_the_file(tmp_path):
    path = tmp_path / "metrics.jsonl"
    path.symlink_to("/dev/full")
    with pytest.raises(InputError, match=f"{path}: cannot be written: No space left on device"):
        append_line(path, "{}")


def test_lines_appended_stand_one_below_the_other(tmp_path):
    append_line(tmp_path / "file", "a")
    append_line(tmp_path / "file", "b")
    assert (tmp_path / "file").read_text() == "a\nb\n"


def test_new_folder_appears_whole_when_the_context_ends(tmp_path):
    with new_folder(tmp_path / "a" / "X") as folder:
        (folder / "file").write_text("content")
        assert not (tmp_path / "a" / "X").exists()
    assert sha256_of_files(tmp_path) == {"a/X/file": hashlib.sha256(b"content").hexdigest()}


def test_new_folder_of_a_failed_context_leaves_nothing(tmp_path):
    with pytest.raises(RuntimeError, match="in between"), new_folder(tmp_path / "X") as folder:
        (folder / "file").write_text("content")
        raise RuntimeError("in between")
    assert not list(tmp_path.iterdir())
