"""What systems leave among recordings."""

import pytest

from gansynth_isa.data.recordings.leftovers import is_hidden, is_left_behind, leftovers_text


@pytest.mark.parametrize(
    "path",
    [
        "nut/@eaDir/1.wav/SYNOINDEX_MEDIA_INFO",
        "nut/@eaDir/",
        "#recycle/old take.wav",
        "@Recycle/nut/1.wav",
        "@Recently-Snapshot/nut/1.wav",
        "$RECYCLE.BIN/S-1-5-21/$R1.wav",
        "System Volume Information/x.wav",
        ".Trash-1000/files/1.wav",
        ".Trashes/501/1.wav",
        "lost+found/1.wav",
        "~snapshot/hourly.0/nut/1.wav",
        ".AppleDouble/1.wav",
        "__MACOSX/nut/1.wav",
        "nut/._1.wav",
        "nut/Thumbs.db",
        "nut/desktop.ini",
        "nut/.DS_Store",
        ".stfolder/1.wav",
        "nut/1.wav.part",
        "nut/1.wav.crdownload",
        "nut/1.wav~",
        "nut/1.wav@SynoEAStream",
        "nut/1.wav.reapeaks",
    ],
)
def test_what_systems_leave_behind_is_known_in_any_case(path):
    assert is_left_behind(path) and is_left_behind(path.upper()) and is_hidden(path)


@pytest.mark.parametrize(
    "path", ["nut/1.wav", "recycled/1.wav", "#1/1.wav", "@home/1.wav", "temp/1.wav", "nut/part.wav", "lost/found.wav"]
)
def test_recordings_with_like_names_are_kept(path):
    assert not is_left_behind(path) and not is_hidden(path)


def test_hidden_folder_of_a_user_is_passed_by_but_no_leftover():
    assert is_hidden(".old/1.wav") and not is_left_behind(".old/1.wav")


def test_leftovers_are_counted_by_kind():
    text = leftovers_text(["a.wav", "nut/@eaDir/", "ball/@eaDir/", "nut/._1.wav", "1.wav.part"])
    assert text == "4 left behind by systems (@eaDir, ._*, *.part)"
    assert leftovers_text(["a.wav"]) == ""
