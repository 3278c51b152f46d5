"""Files written whole or not at all; /dev/full is a disk without room."""

import pytest

from gansynth_isa.errors import InputError
from gansynth_isa.files import UNFINISHED, append_line, replace_file


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
