"""Finding labelled recordings, and refusing folders that hold none."""

import os

import pytest

from gansynth_isa.data.recordings.finding import find_recordings
from gansynth_isa.errors import InputError


def touch(root, *paths):
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).touch()


def test_find_recordings_by_default_labels_by_folder_and_groups_by_file(tmp_path, make_data):
    touch(tmp_path, "b/2.wav", "a/1.FLAC", "deep/er/b/3.wav", "a/notes.txt", "README.md", "loose.wav")
    found = find_recordings(make_data(tmp_path))
    assert [(item.path, item.label, item.group, item.split) for item in found.recordings] == [
        ("a/1.FLAC", "a", "a/1.FLAC", None),
        ("b/2.wav", "b", "b/2.wav", None),
        ("deep/er/b/3.wav", "b", "deep/er/b/3.wav", None),
    ]
    assert found.num_ignored == 3


def test_find_recordings_takes_label_group_and_split_from_the_pattern(tmp_path, make_data):
    touch(tmp_path, "train/x_1.wav", "test/y_2.wav")
    found = find_recordings(make_data(tmp_path, file_pattern=r"(?P<split>\w+)/(?P<label>\w)_(?P<group>\d)\.wav"))
    assert [(item.label, item.group, item.split) for item in found.recordings] == [
        ("y", "2", "test"),
        ("x", "1", "train"),
    ]


def test_find_recordings_leaves_out_what_systems_leave_behind(tmp_path, make_data):
    touch(tmp_path, "a/1.wav", "b/2.wav", "b/._2.wav", "__MACOSX/b/3.wav")
    found = find_recordings(make_data(tmp_path))
    assert [item.path for item in found.recordings] == ["a/1.wav", "b/2.wav"]
    assert found.num_ignored == 2


def test_find_recordings_passes_by_what_drives_and_systems_keep(tmp_path, make_data):
    leftovers = ("a/@eaDir/1.wav/INFO", "#recycle/x/old.wav", "@Recycle/old.wav", "$RECYCLE.BIN/1.wav", "a/1.wav.part")
    touch(tmp_path, "a/1.wav", "b/2.wav", "notes.txt", ".git/a/1.wav", *leftovers)
    found = find_recordings(make_data(tmp_path, file_pattern=r"(?P<label>\w+)/\d\.wav"))
    assert [item.path for item in found.recordings] == ["a/1.wav", "b/2.wav"]
    assert found.num_ignored == 7  # a folder counts once, whatever is in it
    assert found.ignored_text() == (
        "2 other file(s): .git/, notes.txt; 5 left behind by systems (#recycle, $RECYCLE.BIN, @Recycle, *.part, @eaDir)"
    )


def test_find_recordings_does_not_enter_folders_that_systems_lock(tmp_path, make_data, monkeypatch):
    touch(tmp_path, "a/1.wav", "b/2.wav", "System Volume Information/x", "lost+found/x")
    entered, scandir = [], os.scandir
    monkeypatch.setattr(os, "scandir", lambda path: entered.append(str(path)) or scandir(path))
    find_recordings(make_data(tmp_path))
    assert {os.path.basename(path) for path in entered} == {tmp_path.name, "a", "b"}


def test_find_recordings_of_a_manifest_leaves_out_what_systems_leave_behind_and_says_so(tmp_path, make_data):
    touch(tmp_path, "a/1.wav", "a/._1.wav", "b/2.wav", "#recycle/3.wav")
    listed = "".join(f"{path},{path[0]}\n" for path in ("a/1.wav", "a/._1.wav", "b/2.wav", "#recycle/3.wav"))
    (tmp_path / "list.csv").write_text("path,label\n" + listed)
    found = find_recordings(make_data(tmp_path, manifest=str(tmp_path / "list.csv")))
    assert [item.path for item in found.recordings] == ["a/1.wav", "b/2.wav"]
    assert found.notices == ("rows of the manifest left out: 2 left behind by systems (._*, #recycle)",)
    (tmp_path / "list.csv").write_text("path,label\na/._1.wav,a\n")
    with pytest.raises(InputError, match="1 files of systems alone"):
        find_recordings(make_data(tmp_path, manifest=str(tmp_path / "list.csv")))


@pytest.mark.parametrize("target", ["..", ".", "../b"])
def test_find_recordings_follows_links_but_not_in_circles(tmp_path, make_data, target):
    touch(tmp_path, "a/1.wav", "b/2.wav")
    (tmp_path / "a" / "link").symlink_to(target)
    paths = [item.path for item in find_recordings(make_data(tmp_path)).recordings]
    assert paths == ["a/1.wav", *(["a/link/2.wav"] if target == "../b" else []), "b/2.wav"]


def test_find_recordings_where_folders_link_to_each_other_comes_to_an_end(tmp_path, make_data):
    touch(tmp_path, "a/1.wav", "b/2.wav")
    for number in range(2):  # two ways each: without a bound 2 ** 40 paths
        (tmp_path / "a" / f"link{number}").symlink_to("../b")
        (tmp_path / "b" / f"link{number}").symlink_to("../a")
    paths = [item.path for item in find_recordings(make_data(tmp_path)).recordings]
    links = [f"{place}/link{number}/{name}" for place, name in (("a", "2.wav"), ("b", "1.wav")) for number in range(2)]
    assert paths == sorted(["a/1.wav", "b/2.wav", *links])


def test_find_recordings_of_a_manifest_takes_what_it_lists(tmp_path, make_data):
    touch(tmp_path, "x/1.wav", "x/2.wav", "x/3.wav")
    manifest = tmp_path / "list.csv"
    manifest.write_text("Path,label,split,group,comment\nx/2.wav,nut,train,7,good\nx/1.wav,ball,test,,\n")
    found = find_recordings(make_data(tmp_path, manifest=str(manifest), dataset="mb"))
    assert [(item.path, item.label, item.split, item.group) for item in found.recordings] == [
        ("x/1.wav", "ball", "test", "x/1.wav"),
        ("x/2.wav", "nut", "train", "7"),
    ]
    assert found.num_ignored == 2  # 3.wav and the manifest


@pytest.mark.parametrize("dataset", ["mb", "pucks"])
def test_find_recordings_of_the_papers_data_sets_takes_split_and_class_from_folders(tmp_path, make_data, dataset):
    touch(tmp_path, "train/eisen/1.wav", "test/glas/2.wav", "other/glas/3.wav")
    found = find_recordings(make_data(tmp_path, dataset=dataset))
    assert [(item.label, item.split) for item in found.recordings] == [("glas", "test"), ("eisen", "train")]
    assert found.num_ignored == 1


def test_find_recordings_of_bulk_material_gives_five_classes_by_four_groups(shared_dir, make_data):
    pattern = r"(?P<label>\w+)_(?P<group>\d)\.wav"
    found = find_recordings(make_data(shared_dir / "data" / "bulk_material", file_pattern=pattern))
    pairs = {(item.label, item.group) for item in found.recordings}
    classes = ("plastic_spheres", "screws", "steel_nut_M3", "steel_nut_M4", "messing_nut_M4")
    assert pairs == {(label, group) for label in classes for group in "1234"}
    assert (len(found.recordings), found.num_ignored) == (20, 1)


def test_find_recordings_without_folder_is_refused(make_data, tmp_path):
    with pytest.raises(InputError, match="data_dir: .*missing_folder does not exist"):
        find_recordings(make_data(tmp_path / "missing_folder"))
    touch(tmp_path, "file.wav")
    with pytest.raises(InputError, match="data_dir: .*file.wav is a file"):
        find_recordings(make_data(tmp_path / "file.wav"))
    with pytest.raises(InputError, match="data_dir: .*got none"):
        find_recordings(make_data(tmp_path, data_dir=None))


def test_find_recordings_in_empty_folder_is_refused(tmp_path, make_data):
    with pytest.raises(InputError, match="empty folder"):
        find_recordings(make_data(tmp_path))


def test_find_recordings_that_match_nothing_says_what_was_there(tmp_path, make_data):
    touch(tmp_path, *(f"take_{number}.mp3" for number in range(7)))
    with pytest.raises(InputError, match=r"none of the 7 there: take_0.mp3, .*take_4.mp3 and 2 more"):
        find_recordings(make_data(tmp_path))


def test_find_recordings_of_a_class_whose_name_is_not_utf_8_is_refused(tmp_path, make_data):
    for name in ("plain", os.fsdecode(b"gr\xf6\xdfe")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "1.wav").write_bytes(b"")
    with pytest.raises(InputError, match=r"expected names of classes in UTF-8, got 'gr\\udcf6\\udcdfe'"):
        find_recordings(make_data(tmp_path))


def test_find_recordings_of_one_class_is_refused_by_its_name(tmp_path, make_data):
    touch(tmp_path, "nut/1.wav", "nut/2.wav")
    with pytest.raises(InputError, match="two classes or more, found 2 of one class, 'nut'"):
        find_recordings(make_data(tmp_path))


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        (r"(?P<label>\w+", "expected a regular expression"),
        (r"(\w+)\.wav", r"expected a named group \(\?P<label>...\)"),
        (r"(?P<label>x?)", "group 'label' is empty for a/1.wav"),
        (r"(?P<split>a|b)/(?P<label>\d)", "'split' to be 'train' or 'test', got 'a' for a/1.wav"),
        (r"((?P<split>train)|b)/(?P<label>\d)", "missing for b/2.wav"),
    ],
)
def test_find_recordings_with_bad_pattern_is_refused(tmp_path, make_data, pattern, message):
    touch(tmp_path, "a/1.wav", "b/2.wav", "train/3.wav")
    with pytest.raises(InputError, match=message):
        find_recordings(make_data(tmp_path, file_pattern=pattern))
