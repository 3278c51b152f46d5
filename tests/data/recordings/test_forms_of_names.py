"""Names in the two Unicode forms, from the folder to the two sides: one class, files opened as they are."""

import unicodedata

import pytest

from gansynth_isa.data.clip_sets.loading import load_clips
from gansynth_isa.data.clip_sets.subset import split_sides
from gansynth_isa.data.recordings.finding import find_recordings
from gansynth_isa.data.recordings.overview import overview
from gansynth_isa.errors import InputError

COMPOSED, DECOMPOSED = (unicodedata.normalize(form, "größe") for form in ("NFC", "NFD"))


@pytest.fixture
def letters(tmp_path, write_noise):
    """Class `größe` in two folders, one of either form, and class `plain`."""
    for seed, name in enumerate((f"{COMPOSED}/NFC", f"{DECOMPOSED}/NFD", "plain/a", "plain/b")):
        for take in range(2):
            write_noise(tmp_path / f"{name}{take}.wav", 0.2, seed=10 * seed + take)
    return tmp_path


def test_class_in_two_forms_is_one_and_its_files_are_opened_as_they_are(letters, make_data, features):
    found = find_recordings(make_data(letters))
    assert {recording.label for recording in found.recordings} == {COMPOSED, "plain"}
    assert [recording.location for recording in found.recordings if recording.file] == [
        f"{DECOMPOSED}/NFD{take}.wav" for take in range(2)
    ]
    assert load_clips(make_data(letters), features).counts() == {COMPOSED: 8, "plain": 8}
    assert f"{COMPOSED}" in overview(make_data(letters))


def test_recordings_have_the_same_fingerprint_whatever_the_form_on_the_disk(tmp_path, write_noise, make_data, features):
    for name, form in (("one", "NFC"), ("two", "NFD")):
        for seed, path in enumerate(("größe/ä1.wav", "größe/2.wav", "plain/é.wav")):
            write_noise(tmp_path / name / unicodedata.normalize(form, path), 0.2, seed=seed)
    one, two = (load_clips(make_data(tmp_path / name), features) for name in ("one", "two"))
    assert one.fingerprint() == two.fingerprint() and one.clip_ids == two.clip_ids


@pytest.mark.parametrize("listed", [COMPOSED, DECOMPOSED])
def test_manifest_finds_a_file_in_either_form(letters, make_data, features, listed):
    rows = [
        f"{listed}/NFC0.wav,{listed},g",
        f"{listed}/NFD0.wav,größe,h",
        "plain/a0.wav,plain,g",
        "plain/b0.wav,plain,h",
    ]
    (letters / "list.csv").write_text("\n".join(["path,label,group", *rows]), encoding="utf-8")
    clips = load_clips(make_data(letters, manifest=str(letters / "list.csv")), features)
    assert clips.counts() == {COMPOSED: 4, "plain": 4}


def test_manifest_that_lists_a_file_in_both_forms_is_refused(letters, make_data):
    rows = [f"{COMPOSED}/NFC0.wav,a", f"{DECOMPOSED}/NFC0.wav,b"]
    (letters / "list.csv").write_text("\n".join(["path,label", *rows]), encoding="utf-8")
    with pytest.raises(InputError, match=r"größe/NFC0\.wav is in line 2 too"):
        find_recordings(make_data(letters, manifest=str(letters / "list.csv")))


@pytest.mark.parametrize("asked", [COMPOSED, DECOMPOSED])
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_test_groups_and_file_pattern_find_names_in_either_form(
    tmp_path, write_noise, make_data, features, asked, form
):
    for seed, name in enumerate(("größe_nut.wav", "größe_ball.wav", "x_nut.wav", "x_ball.wav")):
        write_noise(tmp_path / unicodedata.normalize(form, name), 0.2, seed=seed)
    pattern = rf"(?P<group>{asked}|x)_(?P<label>\w+)\.wav"
    data = make_data(tmp_path, file_pattern=pattern, test_groups=(asked,))
    train, test = split_sides(load_clips(data, features), data.test_groups)
    assert train.counts() == test.counts() == {"ball": 2, "nut": 2}
    assert "ball" in overview(data)


def test_files_whose_names_differ_in_form_alone_are_both_read(tmp_path, write_noise, make_data, features):
    for seed, name in enumerate((f"nut/{COMPOSED}.wav", f"nut/{DECOMPOSED}.wav", "ball/1.wav", "ball/2.wav")):
        write_noise(tmp_path / name, 0.2, seed=seed)
    clips = load_clips(make_data(tmp_path), features)
    assert clips.counts() == {"ball": 4, "nut": 4} and len(clips.digests) == 4


def test_fingerprint_of_plain_names_is_that_of_before(tmp_path, write_noise, make_data, features):
    for seed, name in enumerate(("größe/1.wav", "plain/1.wav")):
        write_noise(tmp_path / name, 0.2, seed=seed)
    clips = load_clips(make_data(tmp_path), features)
    assert clips.clip_ids == (
        "größe/1.wav#mix@0.000000",
        "größe/1.wav#mix@0.100000",
        "plain/1.wav#mix@0.000000",
        "plain/1.wav#mix@0.100000",
    )
    assert list(clips.digests) == ["größe/1.wav", "plain/1.wav"]


def test_classes_that_look_alike_are_warned_of(tmp_path, write_noise, make_data, features):
    for seed, name in enumerate(("Steel nut/1.wav", "steel_nut/1.wav", "ball/1.wav")):
        write_noise(tmp_path / name, 0.2, seed=seed)
    clips = load_clips(make_data(tmp_path), features)
    (warning,) = clips.warnings
    assert "'Steel nut' and 'steel_nut'" in warning
    assert f"warning: {warning}" in overview(make_data(tmp_path)).splitlines()


def test_manifest_may_list_files_of_a_hidden_folder_in_their_own_form(tmp_path, write_noise, make_data, features):
    for seed, name in enumerate((f".kept/{DECOMPOSED}.wav", "ball/1.wav")):
        write_noise(tmp_path / name, 0.2, seed=seed)
    (tmp_path / "list.csv").write_text(f"path,label\n.kept/{DECOMPOSED}.wav,a\nball/1.wav,b\n", encoding="utf-8")
    data = make_data(tmp_path, manifest=str(tmp_path / "list.csv"))
    assert load_clips(data, features).counts() == {"a": 2, "b": 2}
