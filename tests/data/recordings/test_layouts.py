"""Split and class by names, in many layouts of the paper's data sets."""

import pytest

from gansynth_isa.data.recordings.layouts import read_layout
from gansynth_isa.errors import InputError

BALLS = ("eloxed", "coated", "broken")


def sides(paths, dataset):
    """(label, split) of every recording, by its path."""
    return {item.path: (item.label, item.split) for item in read_layout(list(paths), dataset).recordings}


@pytest.mark.parametrize(
    "form",
    [
        "{split}/{label}/{number}.wav",
        "{label}/{split}/{number}.wav",
        "IDMT-ISA-METAL-BALLS/{split}/{label}/ball_{number}.WAV",
        "{split}/{label}_{number}.wav",
        "{label}_{split}_{number}.wav",
        "data/Metal Balls {label} {split}ing ({number}).flac",
        "{split}_{label}/{number}.wav",
        "{split}_cut/{label}/pure_{number}.wav",
        "test_rig/{split}/{label} ball/{number}.wav",
        "{split}/session {number}/{label}/x.wav",
        "{split}/{label}/session-{number}/x.wav",
        "{split}set/{label}{number:03d}.wav",
        "{split} set/{label}{number}/x.wav",
        "{split}/{label} ({number}).wav",
    ],
)
@pytest.mark.parametrize("spell", [str.lower, str.upper, str.title])
def test_metal_balls_in_any_layout_give_split_and_class(form, spell):
    wanted = {
        form.format(split=spell(split), label=spell(label), number=number): (label, split)
        for split in ("train", "test")
        for label in BALLS
        for number in range(4)
    }
    assert sides(wanted, "mb") == wanted


@pytest.mark.parametrize("train", ["vol.050", "vol050", "Vol_50", "vol-050", "volume 50", "VOL.050"])
@pytest.mark.parametrize(
    "form",
    [
        "{volume}/{label}/{number}.wav",
        "{volume}/{label}{number:02d}.wav",
        "{label} ({number}) {volume}.wav",
        "{label}/{volume}/{number}.wav",
        "{label}_{volume}_{number}.wav",
        "pucks/{label}_{number}_{volume}.wav",
        "train/{label}/{volume}/{number}.wav",
    ],
)
def test_pucks_split_by_the_loudness_of_the_background(form, train):
    labels = ("pla", "abs", "petg", "tpu", "no_puck")
    wanted = {
        form.format(volume=volume, label=label.upper(), number=number): (label, split)
        for volume, split in ((train, "train"), (train.replace("50", "100").replace("0100", "100"), "test"))
        for label in labels
        for number in range(3)
    }
    assert sides(wanted, "pucks") == wanted


def test_pucks_of_another_loudness_are_ignored_and_counted():
    paths = [f"{label}/vol.{volume}/1.wav" for label in ("pla", "abs") for volume in ("050", "075", "100", "150")]
    found = read_layout([*paths, "README.md"], "pucks")
    assert {(item.label, item.split) for item in found.recordings} == {
        ("pla", "train"),
        ("pla", "test"),
        ("abs", "train"),
        ("abs", "test"),
    }
    assert found.num_ignored == 5
    assert found.notices == (
        "4 recordings at vol.075, vol.150 have no side: expected vol.050 (train) and vol.100 (test)",
    )


def test_pucks_that_say_one_side_by_name_and_the_other_by_loudness_are_left_out():
    paths = [
        f"{split}/{label}/vol.{volume}_1.wav"
        for split in ("train", "test")
        for label in ("pla", "abs")
        for volume in ("050", "100")
    ]
    found = read_layout(paths, "pucks")
    assert {item.path for item in found.recordings} == {
        f"{place}/vol.{volume}_1.wav"
        for volume, split in (("050", "train"), ("100", "test"))
        for place in (f"{split}/pla", f"{split}/abs")
    }
    assert found.notices == ("4 recordings left out: train or test by name, the other by vol.",)


@pytest.mark.parametrize("name", ["non_eloxed", "Not Coated", "broken without-coated"])
def test_negated_class_is_another_class(name):
    found = sides([f"train/{name}/1.wav", "train/eloxed/1.wav", "train/coated/1.wav"], "mb")
    assert len({label for label, _ in found.values()}) == 3


@pytest.mark.parametrize("dataset", ["mb", "pucks"])
def test_two_data_sets_in_one_folder_are_not_taken_for_two_classes(dataset):
    balls = [f"IDMT-ISA-METAL-BALLS/{split}/{label}/1.wav" for split in ("train", "test") for label in BALLS]
    pucks = [f"IDMT-ISA-PUCKS/vol.{volume}/{label}/1.wav" for volume in ("050", "100") for label in ("pla", "abs")]
    labels = {label for label, _ in sides([*balls, *pucks], dataset).values()}
    assert set(BALLS) <= labels and not {"idmt_isa_metal_balls", "idmt_isa_pucks"} & labels


def test_numbers_that_name_materials_in_file_names_keep_classes_apart():
    found = sides([f"train/material{kind}_{number:03d}.wav" for kind in range(5) for number in range(3)], "pucks")
    assert {label for label, _ in found.values()} == {f"material_{kind}" for kind in range(5)}


@pytest.mark.parametrize("form", ["{}Ball0.wav", "ball0{}.wav", "take{}2_3.wav"])
def test_words_that_capital_letters_set_apart_are_found(form):
    found = sides([f"train/{form.format(label.title())}" for label in BALLS], "mb")
    assert {label for label, _ in found.values()} == set(BALLS)


@pytest.mark.parametrize("num_files", [1, 400])
def test_file_names_with_glued_numbers_never_make_a_class_per_file(num_files):
    paths = [f"train/{label}{number:04d}.wav" for label in BALLS for number in range(num_files)]
    assert {label for label, _ in sides(paths, "mb").values()} == set(BALLS)


SIBLING = [
    path
    for split in ("train", "test")
    for label in BALLS
    for path in (
        f"{split}/{label}/pure.wav",
        f"{split}_cut/{label}/pure_0.wav",
        f"{split}_cut/{label}/pure_1.wav",
        f"{split}_cut/{label}/talking_0.wav",
    )
]


def test_whole_recordings_beside_their_pieces_count_once():
    balls, pucks = read_layout(SIBLING, "mb"), read_layout(SIBLING, "pucks")
    assert {item.path for item in balls.recordings} == {path for path in SIBLING if "_cut/" in path}
    assert {item.path for item in pucks.recordings} == {path for path in SIBLING if "_cut/" not in path}
    assert {(item.label, item.split) for item in pucks.recordings} == {
        (label, split) for label in BALLS for split in ("train", "test")
    }
    assert balls.notices == ("6 whole recordings left out: the same sound is there as pieces of recordings",)
    assert pucks.notices == ("18 pieces of recordings left out: the same sound is there as whole recordings",)


def test_pieces_of_one_recording_are_one_group():
    groups = {item.path: item.group for item in read_layout(SIBLING, "mb").recordings}
    assert groups["train_cut/coated/pure_0.wav"] == groups["train_cut/coated/pure_1.wav"]
    assert len(set(groups.values())) == 12  # 2 sides x 3 classes x 2 recordings


def test_folders_of_whole_recordings_alone_are_read_for_balls_too():
    paths = [path for path in SIBLING if "_cut/" not in path]
    assert len(read_layout(paths, "mb").recordings) == 6


def test_files_without_side_are_left_out_where_others_have_one():
    found = sides(["train/a/1.wav", "train/b/1.wav", "test/a/2.wav", "test/b/2.wav", "noise/3.wav"], "pucks")
    assert "noise/3.wav" not in found and len(found) == 4


def test_files_without_any_side_have_none():
    assert sides(["eloxed/1.wav", "coated/1.wav", "broken/1.wav"], "mb") == {
        f"{label}/1.wav": (label, None) for label in BALLS
    }


def test_numbers_in_folders_keep_classes_apart_and_in_names_do_not():
    folders = sides([f"{split}/material {number}/x.wav" for split in ("train", "test") for number in range(5)], "pucks")
    assert {label for label, _ in folders.values()} == {f"material_{number}" for number in range(5)}
    names = sides(
        [f"{split}/{name}_{number:03d}.wav" for split in ("train", "test") for name in "ab" for number in (1, 2)],
        "pucks",
    )
    assert {label for label, _ in names.values()} == {"a", "b"}


def test_left_behind_files_of_other_systems_are_no_recordings():
    found = sides(["train/a/1.wav", "train/b/1.wav", "train/a/._1.wav", "__MACOSX/train/a/1.wav"], "mb")
    assert set(found) == {"train/a/1.wav", "train/b/1.wav"}


@pytest.mark.parametrize(
    ("paths", "message"),
    [
        (["train/1.wav", "test/2.wav"], r"expected folders or file names that say the class.*--manifest"),
        (
            ["train/a/1.mp3", "notes.txt"],
            r"expected unpacked recordings \(.wav, .flac, .ogg\), found 2 other file",
        ),
    ],
)
def test_names_that_say_nothing_are_refused(paths, message):
    with pytest.raises(InputError, match=message):
        read_layout(paths, "mb")
