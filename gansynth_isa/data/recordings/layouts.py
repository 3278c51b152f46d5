"""Reads split and class out of the folders and file names of the paper's data sets, whatever their exact layout.

Upper and lower case, spaces, hyphens, underscores, dots and brackets do not matter, and EloxedBall03 counts as
three words. A folder or name says its side with the word train or test (also training, test set and the like),
for pucks with the loudness of the background: vol.050 is for training and vol.100 for testing. What else a folder
says is its class; where folders do not say it, the words of the file name do, without its numbers or without the
last of them. Which level of folders, or which of these, follows from the classes that are known and from their number.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from gansynth_isa.data.audio.opening import AUDIO_SUFFIXES
from gansynth_isa.data.recordings.leftovers import is_hidden
from gansynth_isa.data.recordings.paper import PAPER_SETS, PaperSet
from gansynth_isa.data.recordings.recording import Recording, RecordingList, files_but
from gansynth_isa.data.recordings.tree import some
from gansynth_isa.errors import InputError

SPLIT_WORD = re.compile(r"(train|test)(?:ing)?(?:set)?")
PIECES_WORD = "cut"  # folders such as train_cut hold pieces of the recordings of the folder train
NEGATIONS = {"non", "not", "un", "without"}  # `non eloxed` is no eloxed ball
VOLUME = re.compile(r"vol(?:ume)?[\s._-]*0*(\d+)(?!\d)", re.IGNORECASE)
# Between words, also where a capital letter follows a small one or a digit, and a digit a letter.
SEPARATORS = re.compile(r"[\s._\-()\[\],]+|(?<=[a-z0-9])(?=[A-Z])|(?<=[^\W\d_])(?=\d)")
NAME_SOURCES = (-1, -2)  # the file name without its numbers, and without the last of them


@dataclass(frozen=True)
class _Words:
    """What one folder, or the name of a file, says."""

    split: str | None
    volume: int | None
    is_pieces: bool
    rest: tuple[str, ...]


@dataclass(frozen=True)
class _Place:
    """What a path says: side, whether it is a piece, and the class by each source, folders from the inside out."""

    path: str
    split_by_word: str | None
    volume: int | None
    split: str | None
    is_pieces: bool
    folder_labels: tuple[str, ...]
    name_labels: tuple[str, ...]

    @property
    def contradicts_itself(self) -> bool:
        """Whether its words say one side and its loudness the other."""
        return None not in (self.split, self.split_by_word) and self.split != self.split_by_word

    def label(self, source: int) -> str:
        """The class that folder `source` says, counted from the innermost, or one of NAME_SOURCES."""
        if source < 0:
            return self.name_labels[-1 - source]
        return self.folder_labels[source] if source < len(self.folder_labels) else ""


def read_layout(paths: list[str], dataset: str) -> RecordingList:
    """Recordings among `paths`, POSIX and relative to the data folder.

    Where folders hold both recordings and their pieces (train and train_cut), one of the two is read, so that
    nothing counts twice: for `mb` the pieces, which are as short as the paper's files, for `pucks` the whole.

    Args:
      paths: all files of the folder.
      dataset: 'mb' or 'pucks'.

    Raises:
      InputError: no audio file, or none whose class can be told.
    """
    paper = PAPER_SETS[dataset]
    audio = [path for path in paths if path.lower().endswith(AUDIO_SUFFIXES) and not is_hidden(path)]
    if not audio:
        raise InputError(
            f"data_dir: expected unpacked recordings ({', '.join(AUDIO_SUFFIXES)}), "
            f"found {len(paths)} other file(s): {some(paths)}"
        )
    places, side_notices = _with_sides([_place(path, paper) for path in audio], paper)
    places, variant_notices = _one_variant(places, paper)
    source = _label_source(places, paper)
    recordings = [_recording(place, source, paper) for place in places if place.label(source)]
    if not recordings:
        raise InputError(
            f"data_dir: expected folders or file names that say the class, found {some(audio)}; "
            "list path, label and split of each in a CSV file and give it as --manifest"
        )
    recordings.sort(key=lambda recording: recording.path)
    return RecordingList(tuple(recordings), files_but(paths, recordings), (*side_notices, *variant_notices))


def _place(path: str, paper: PaperSet) -> _Place:
    *folders, name = path.split("/")
    of_folders = [_words(folder, paper) for folder in reversed(folders)]
    of_name = _words(name.rpartition(".")[0], paper)
    # A folder that says nothing but its side says it best; then any folder, then the name; inner before outer.
    saying_more = [words for words in of_folders if words.rest]
    by_weight = [words for words in of_folders if not words.rest] + saying_more + [of_name]
    volume = next((words.volume for words in by_weight if words.volume is not None), None)
    split_by_word = next((words.split for words in by_weight if words.split), None)
    without_numbers = [word for word in of_name.rest if not word.isdigit()]
    without_last = of_name.rest[:-1] if of_name.rest and of_name.rest[-1].isdigit() else of_name.rest
    return _Place(
        path=path,
        split_by_word=split_by_word,
        volume=volume,
        split=split_by_word if volume is None else paper.split_of_volume.get(volume),
        is_pieces=any(words.is_pieces for words in of_folders),
        folder_labels=tuple(_label(words.rest, paper) for words in saying_more),
        name_labels=(_label(without_numbers, paper), _label(without_last, paper)),
    )


def _words(text: str, paper: PaperSet) -> _Words:
    volume = None
    if paper.split_of_volume and (match := VOLUME.search(text)):
        volume = int(match[1])
        text = f"{text[: match.start()]} {text[match.end() :]}"
    words = [word.lower() for word in SEPARATORS.split(text) if word]
    splits = [match[1] for word in words if (match := SPLIT_WORD.fullmatch(word))]
    is_pieces = bool(splits) and PIECES_WORD in words
    rest = tuple(word for word in words if not SPLIT_WORD.fullmatch(word) and not (is_pieces and word == PIECES_WORD))
    return _Words(splits[0] if splits else None, volume, is_pieces, rest)


def _label(words: Sequence[str], paper: PaperSet) -> str:
    """The class that words name: one of the known ones where exactly one of these is among them."""
    known = [word for word in words if word in paper.class_names]
    return known[0] if len(set(known)) == 1 and NEGATIONS.isdisjoint(words) else "_".join(words)


def _with_sides(places: list[_Place], paper: PaperSet) -> tuple[list[_Place], tuple[str, ...]]:
    """Drops what has no side where others have one, and what says train by the one sign and test by the other."""
    notices = []
    if {place.split_by_word for place in places} >= {"train", "test"}:
        kept = [place for place in places if not place.contradicts_itself]
        if len(kept) < len(places):
            notices.append(f"{len(places) - len(kept)} recordings left out: train or test by name, the other by vol.")
        places = kept
    volumes = [place.volume for place in places if place.volume is not None]
    unknown = [volume for volume in volumes if volume not in paper.split_of_volume]
    if unknown:
        found = ", ".join(f"vol.{volume:03d}" for volume in sorted(set(unknown)))
        wanted = " and ".join(f"vol.{volume:03d} ({split})" for volume, split in paper.split_of_volume.items())
        notices.append(f"{len(unknown)} recordings at {found} have no side: expected {wanted}")
    if any(place.split for place in places):
        places = [place for place in places if place.split]
    return places, tuple(notices)


def _one_variant(places: list[_Place], paper: PaperSet) -> tuple[list[_Place], tuple[str, ...]]:
    """Drops, side by side, the whole recordings or their pieces where both are there."""
    kept = []
    for split in {place.split for place in places}:
        side = [place for place in places if place.split == split]
        wanted = [place for place in side if place.is_pieces == paper.files_are_pieces]
        kept += wanted or side
    num_dropped = len(places) - len(kept)
    if not num_dropped:
        return kept, ()
    whole, pieces = "whole recordings", "pieces of recordings"
    left_out, read = (whole, pieces) if paper.files_are_pieces else (pieces, whole)
    return kept, (f"{num_dropped} {left_out} left out: the same sound is there as {read}",)


def _label_source(places: list[_Place], paper: PaperSet) -> int:
    """Which level of folders says the class, or which of NAME_SOURCES."""
    depth = max(len(place.folder_labels) for place in places)

    def merit(source: int) -> tuple[bool, int, bool, int, int]:
        labels = Counter(label for place in places if (label := place.label(source)))
        return (
            set(labels) == set(paper.class_names) != set(),
            len(labels.keys() & set(paper.class_names)),
            len(labels) > 1,
            -abs(len(labels) - paper.num_classes),
            sum(labels.values()),
        )

    return max([*range(depth), *NAME_SOURCES], key=merit)


def _recording(place: _Place, source: int, paper: PaperSet) -> Recording:
    recording = Recording(path=place.path, label=place.label(source), group=place.path, split=place.split)
    if place.is_pieces:  # pieces of one recording differ in a number at the end of the name
        whole = re.sub(r"[\s._-]*\d+$", "", place.path.rpartition(".")[0])
        recording = replace(recording, group=whole)
    return recording
