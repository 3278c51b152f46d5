"""What the paper's Table 1 says about its two data sets, and how a folder differs from that."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from gansynth_isa.data.audio.opening import AudioInfo
from gansynth_isa.data.recordings.recording import Recording
from gansynth_isa.data.recordings.tree import some
from gansynth_isa.tables import text_table
from gansynth_isa.validation import known

DURATION_TOLERANCE = 0.05  # relative: a recording of 0.41 s still counts as one of 0.4 s


@dataclass(frozen=True)
class PaperSet:
    """One data set of the paper.

    Attributes:
      num_classes, num_test_files, duration_s, sample_rate: Table 1.
      class_names: the classes' names where they are known, else empty.
      min_train_files_per_class: the largest number of training files per class that the paper uses.
      split_of_volume: loudness of the background in a name -> the side it is for.
      files_are_pieces: whether the paper's files are the short pieces, where a folder holds both.
    """

    num_classes: int
    num_test_files: int
    duration_s: float
    sample_rate: int
    class_names: tuple[str, ...] = ()
    min_train_files_per_class: int | None = None
    split_of_volume: dict[int, str] = field(default_factory=dict)
    files_are_pieces: bool = False


PAPER_SETS = {
    "mb": PaperSet(
        num_classes=3,
        num_test_files=171,
        duration_s=0.4,
        sample_rate=44100,
        class_names=("eloxed", "coated", "broken"),
        min_train_files_per_class=360,
        files_are_pieces=True,
    ),
    "pucks": PaperSet(
        num_classes=5,
        num_test_files=75,
        duration_s=60.0,
        sample_rate=44100,
        min_train_files_per_class=3,
        split_of_volume={50: "train", 100: "test"},
    ),
}


def paper_differences(dataset: str, found: Sequence[tuple[Recording, AudioInfo]]) -> str:
    """A table of what differs from the paper's Table 1; an empty text where nothing does.

    Args:
      dataset: 'mb' or 'pucks'; others have no table.
      found: the usable recordings with what their headers say, at least one.
    """
    if dataset not in PAPER_SETS:
        return ""
    rows = [row for row in _rows(PAPER_SETS[dataset], found) if row]
    if not rows:
        return ""
    table = text_table([(f"{dataset}: differs from the paper", "paper", "found"), *rows])
    if all(name != "classes" for name, *_ in rows):
        return table
    return f"{table}\nwhere names mislead, list path, label and split in a CSV file and give it as --manifest"


def _rows(paper: PaperSet, found: Sequence[tuple[Recording, AudioInfo]]) -> Iterator[tuple[str, str, str]]:
    labels = sorted({recording.label for recording, _ in found})
    if len(labels) != paper.num_classes or (paper.class_names and set(labels) != set(paper.class_names)):
        names = ", ".join(paper.class_names)
        yield "classes", f"{paper.num_classes} {names}".strip(), f"{len(labels)}: {some(labels)}"
    num_test = sum(recording.split == "test" for recording, _ in found)
    if num_test != paper.num_test_files:
        yield "test files", str(paper.num_test_files), str(num_test)
    train = Counter(recording.label for recording, _ in found if recording.split != "test")
    fewest = min(train[label] for label in labels)
    if fewest < known(paper.min_train_files_per_class):
        yield "training files per class", f"{paper.min_train_files_per_class} or more", str(fewest)
    durations_s = sorted(info.duration_s for _, info in found)
    if any(
        abs(limit - paper.duration_s) > DURATION_TOLERANCE * paper.duration_s
        for limit in (durations_s[0], durations_s[-1])
    ):
        limits = dict.fromkeys(f"{limit:.3g} s" for limit in (durations_s[0], durations_s[-1]))
        yield "duration", f"{paper.duration_s:g} s", " to ".join(limits)
    rates = sorted({info.sample_rate for _, info in found})
    if rates != [paper.sample_rate]:
        yield "sample rate", f"{paper.sample_rate} Hz", ", ".join(f"{rate} Hz" for rate in rates)
