"""The table of what differs from the paper's Table 1."""

from dataclasses import replace

import pytest

from gansynth_isa.data.audio.opening import AudioInfo
from gansynth_isa.data.recordings.paper import paper_differences
from gansynth_isa.data.recordings.recording import Recording


def balls(train_files=360, test_files=57, rate=44100, duration_s=0.4, labels=("eloxed", "coated", "broken")):
    """Metal Balls as the paper has them, but for what is said."""
    info = AudioInfo(rate, round(duration_s * rate), 1, "WAV", "PCM_16")
    return [
        (Recording(f"{split}/{label}/{number}.wav", label, "", split), info)
        for label in labels
        for split, count in (("train", train_files), ("test", test_files))
        for number in range(count)
    ]


def rows(text):
    return [[cell.strip() for cell in line.split("  ") if cell.strip()] for line in text.splitlines()]


def test_paper_differences_of_the_papers_data_are_none():
    assert paper_differences("mb", balls()) == ""
    assert paper_differences("mb", balls(duration_s=0.41)) == ""
    pucks = balls(4, 15, duration_s=60.0, labels=("pla", "abs", "petg", "tpu", "none"))
    assert paper_differences("pucks", pucks) == ""


@pytest.mark.parametrize(
    ("changes", "row"),
    [
        ({"labels": ("eloxed", "coated")}, ["classes", "3 eloxed, coated, broken", "2: coated, eloxed"]),
        (
            {"labels": ("eloxed", "coated", "burnt")},
            ["classes", "3 eloxed, coated, broken", "3: burnt, coated, eloxed"],
        ),
        ({"test_files": 56}, ["test files", "171", "168"]),
        ({"train_files": 359}, ["training files per class", "360 or more", "359"]),
        ({"rate": 48000}, ["sample rate", "44100 Hz", "48000 Hz"]),
        ({"duration_s": 0.5}, ["duration", "0.4 s", "0.5 s"]),
    ],
)
def test_paper_differences_say_what_differs(changes, row):
    assert row in rows(paper_differences("mb", balls(**changes)))


def test_paper_differences_show_one_file_of_another_rate_and_length():
    found = balls()
    found[7] = (found[7][0], replace(found[7][1], sample_rate=22050))
    assert rows(paper_differences("mb", found))[1:] == [
        ["duration", "0.4 s", "0.4 s to 0.8 s"],
        ["sample rate", "44100 Hz", "22050 Hz, 44100 Hz"],
    ]


def test_paper_differences_of_other_data_are_none():
    assert paper_differences("folder", balls(3, 3)) == ""
