"""Settings of the recordings and of the clips cut from them."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from gansynth_isa.config.seeds import LARGEST_SEED
from gansynth_isa.errors import InputError
from gansynth_isa.validation import Decides, Validated, setting

DEFAULT_FILE_PATTERN = r"(?:^|/)(?P<label>[^/]+)/[^/]+\.(?i:wav|flac|ogg)$"


@dataclass(frozen=True)
class DataConfig(Validated):
    """Which recordings there are, and how they are cut into clips."""

    dataset: str = setting(
        "folder", "which layout the recordings have", Decides.RECORDINGS, choices=("mb", "pucks", "folder")
    )
    dataset_name: str | None = setting(None, "name for results; default: the name of --data_dir's folder", Decides.NAME)
    data_dir: str | None = setting(None, "folder that holds the recordings", Decides.PLACE)
    file_pattern: str = setting(
        DEFAULT_FILE_PATTERN,
        "regular expression searched in the POSIX path relative to --data_dir; named groups label, group, split",
        Decides.RECORDINGS,
    )
    manifest: str | None = setting(
        None,
        "CSV file that lists the recordings: path relative to --data_dir, label, and perhaps split, group",
        Decides.PLACE,
    )
    skip_bad_files: bool = setting(
        False, "go on without recordings that cannot be read, and count them", Decides.BAD_FILES
    )
    test_groups: tuple[str, ...] = setting(
        (), "groups that make up the test side where the recordings do not say it", Decides.SPLIT
    )
    clips_per_class: int | None = setting(
        None, "scarcity level: training clips per class; default: all", Decides.CELL, minimum=1
    )
    clips_of_class: tuple[str, ...] = setting(
        (),
        "training clips of this class, where others have --clips_per_class or all; repeat it for several classes",
        Decides.SPLIT,
        entry_of_flag="NAME:COUNT",
    )
    subset_seed: int = setting(0, "which random subset of that size", Decides.CELL, minimum=0, maximum=LARGEST_SEED)
    clips_per_file: int | None = setting(
        None,
        "clips that a subset takes of one recording, evenly spread, before it takes another's",
        Decides.SPLIT,
        minimum=1,
    )
    sample_rate: int = setting(
        44100, "sample rate in Hz; other rates are resampled", Decides.CLIPS, minimum=1000, maximum=384000
    )
    clip_seconds: float | None = setting(
        None, "clip length in s; default: the longest recording", Decides.CLIPS, above=0.0
    )
    clip_overlap: float = setting(
        0.0, "overlap of neighbouring clips, as a fraction of a clip", Decides.CLIPS, minimum=0.0, maximum=0.95
    )
    channels: str = setting(
        "mix", "'mix' to mono, 'each' channel a clip of its own, or one channel's index from 0", Decides.CLIPS
    )
    min_clip_dbfs: float | None = setting(
        None, "clips with an RMS level below this, in dBFS, are left out", Decides.CLIPS, maximum=0.0
    )
    peak_normalize: bool = setting(False, "scale each clip to a peak of 1", Decides.CLIPS)

    @property
    def class_counts(self) -> dict[str, int]:
        """Class name, in Unicode's form NFC as names of classes are -> training clips, as `clips_of_class` says."""
        return _class_counts(self.clips_of_class)

    def check(self) -> None:
        if self.channels not in ("mix", "each") and not re.fullmatch("[0-9]+", self.channels):
            raise InputError(f"channels: expected 'mix', 'each' or a channel index from 0, got {self.channels!r}")
        _class_counts(self.clips_of_class)
        # Their order decides nothing, and must not tell two trainings apart.
        object.__setattr__(self, "clips_of_class", tuple(sorted(self.clips_of_class)))


def _class_counts(entries: Iterable[str]) -> dict[str, int]:
    """The entries, each split at its last colon: names may hold colons.

    Raises:
      InputError: an entry of another form, or a class that is named twice.
    """
    counts: dict[str, int] = {}
    for entry in entries:
        name, _, count = unicodedata.normalize("NFC", entry).rpartition(":")
        if not name or not re.fullmatch("0*[1-9][0-9]{0,8}", count):
            raise InputError(
                f"clips_of_class: expected NAME:COUNT, the name of a class and a whole number from 1, got {entry!r}"
            )
        if name in counts:
            raise InputError(f"clips_of_class: expected each class once, got {name!r} twice")
        counts[name] = int(count)
    return counts
