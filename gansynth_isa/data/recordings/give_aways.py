"""Properties that are not sound and yet tell the class or the side: a classifier may learn these instead.

A value of a property belongs to a class when nearly all recordings that have it are of that class. The property gives
the class away when nearly all recordings of the class have values that belong to it. Values of single recordings
belong to nobody, and classes of few recordings are left alone, for there chance would do the same.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from gansynth_isa.data.audio.opening import AudioInfo
from gansynth_isa.data.audio.signal_facts import SignalFacts
from gansynth_isa.data.recordings.recording import ALL, Recording
from gansynth_isa.errors import printable

MIN_RECORDINGS = 3  # of a class, and of all others together
NEARLY_ALL = 0.95
MAX_SHOWN = 3
LENGTH_TOLERANCE = 0.01  # relative: recordings that were cut to one length, not sounds that happen to be as long
MIN_LENGTH_DIFFERENCE = 0.05  # relative
MIN_PAUSES = 5  # recordings of a class, for a number that varies from one to the next
MIN_PAUSE_GAP_DB = 6.0
DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])(?!\d)")
# What recorders and telephones call their files, and the serial number that loggers put in front of the date.
DEVICE = re.compile(
    r"(ZOOM|STE|MONO|DR|TASCAM|R0\d|LS_?\d+|WS_?\d+|DM_?\d+|AUD|VID|PXL|IMG|MVI|DJI|GOPR|GX|PCM|REC|SMA?\d+|(?=\d*[A-F])[0-9A-F]{8,16})"
    r"(?=[-_ .]?\d)"
)


@dataclass(frozen=True)
class Observed:
    """A recording with its side, what its header says, and what its samples say; None where they were not read."""

    recording: Recording
    side: str
    info: AudioInfo
    signal: SignalFacts | None = None


def give_away_lines(observed: Sequence[Observed], clip_seconds: float | None) -> Iterator[str]:
    """One line for each property that tells the class, of all recordings or in training, or that tells the side.

    Lengths count as far as they reach a classifier: as silence in front of what is shorter than a clip.

    Args:
      observed: all recordings.
      clip_seconds: length of a clip in s; None: the longest recording.
    """
    if not observed:
        return
    if clip_seconds is None:
        clip_seconds = max(item.info.duration_s for item in observed)
    found = set()
    for name, property_of in _PROPERTIES.items():
        if _SAYS_THE_SAME.get(name) in found:
            continue
        for looked_at in (observed, [item for item in observed if item.side == "train"]):
            told = _told([(property_of(item), item.recording.label) for item in looked_at])
            if told:
                found.add(name)
                yield _class_line(name, told)
                break
    told = _told_by_length(observed, clip_seconds)
    if told:
        yield _class_line("length, and so the silence in front of a clip,", told)
    if told := _told_by_pauses(observed):
        yield _class_line("level of the pauses", told)
    for name in _TELL_THE_SIDE:
        sides = [(_PROPERTIES[name](item), item.side) for item in observed if item.side != ALL]
        if (told := _told(sides)) and len(told) > 1:
            yield f"the {name} alone tells training from test ({_shown(told)}): a test then measures that change too"


def _class_line(name: str, told: dict[str, str]) -> str:
    return (
        f"the {name} alone tells the class ({_shown(told)}): a classifier may learn that instead of the sound; "
        "record and convert all classes alike"
    )


def _shown(told: dict[str, str]) -> str:
    parts = [f"{printable(target)}: {printable(values)}" for target, values in told.items()]
    more = f", and {len(parts) - MAX_SHOWN} more" if len(parts) > MAX_SHOWN else ""
    return ", ".join(parts[:MAX_SHOWN]) + more


def _told(pairs: Sequence[tuple[str | None, str]]) -> dict[str, str]:
    """{class that is given away: its values}, from (value or None, class) of each recording."""
    known = [(value, target) for value, target in pairs if value is not None]
    num_of_pair, num_of_value = Counter(known), Counter(value for value, _ in known)
    num_of_target = Counter(target for _, target in pairs)
    values_of = defaultdict(list)
    for (value, target), count in num_of_pair.most_common():
        if count > 1 and count >= NEARLY_ALL * num_of_value[value]:
            values_of[target].append(value)
    told = {}
    for target, values in sorted(values_of.items()):
        num_told = sum(num_of_pair[value, target] for value in values)
        num_others = sum(1 for _, other in known if other != target)
        if min(num_of_target[target], num_others) >= MIN_RECORDINGS and num_told >= NEARLY_ALL * num_of_target[target]:
            told[target] = ", ".join(values[:2]) + (", ..." if len(values) > 2 else "")
    return told


def _told_by_length(observed: Sequence[Observed], clip_seconds: float) -> dict[str, str]:
    """Classes whose recordings are all of one length, shorter than a clip or not, that no other class has."""
    lengths = defaultdict(list)
    for item in observed:
        lengths[item.recording.label].append(min(item.info.duration_s, clip_seconds))
    if max(map(max, lengths.values())) - min(map(min, lengths.values())) <= MIN_LENGTH_DIFFERENCE * clip_seconds:
        return {}
    told = {}
    for target, own in sorted(lengths.items()):
        others = [length for other, values in lengths.items() if other != target for length in values]
        is_even = max(own) - min(own) <= LENGTH_TOLERANCE * max(own)
        gap = min(abs(length - limit) for length in others for limit in (min(own), max(own))) if others else 0.0
        is_apart = gap > MIN_LENGTH_DIFFERENCE * max(own) and not any(min(own) < length < max(own) for length in others)
        if is_even and is_apart and min(len(own), len(others)) >= MIN_RECORDINGS:
            told[target] = f"{max(own):.3g} s"
    return told


def _told_by_pauses(observed: Sequence[Observed]) -> dict[str, str]:
    """Classes whose pauses are all louder, or all quieter, than those of every other class."""
    levels = defaultdict(list)
    for item in observed:
        level = None if item.signal is None else item.signal.pause_dbfs
        if level is not None:
            levels[item.recording.label].append(level)
    num_of = Counter(item.recording.label for item in observed)
    if any(len(levels[label]) < max(MIN_PAUSES, NEARLY_ALL * count) for label, count in num_of.items()):
        return {}
    told = {}
    for target, own in sorted(levels.items()):
        others = [level for other, values in levels.items() if other != target for level in values]
        if max(min(own) - max(others, default=0.0), min(others, default=0.0) - max(own)) >= MIN_PAUSE_GAP_DB:
            told[target] = f"{min(own):.0f} to {max(own):.0f} dBFS"
    return told


def _digital_silence(item: Observed) -> str | None:
    if item.signal is None:
        return None
    return "digital silence" if item.signal.has_digital_silence else "none"


def _used_bits(item: Observed) -> str | None:
    return None if item.signal is None or item.signal.used_bits is None else f"{item.signal.used_bits} bits"


def _band_limit(item: Observed) -> str | None:
    if item.signal is None:
        return None
    return f"about {item.signal.band_limit_hz:g} Hz" if item.signal.band_limit_hz else "none"


def _date_in_name(item: Observed) -> str | None:
    match = DATE.search(item.recording.path.rpartition("/")[2])
    return "-".join(match.groups()) if match else None


def _device_in_name(item: Observed) -> str | None:
    match = DEVICE.match(item.recording.path.rpartition("/")[2])
    return match[1] if match else None


_PROPERTIES: dict[str, Callable[[Observed], str | None]] = {
    "sample rate": lambda item: f"{item.info.sample_rate} Hz",
    "format": lambda item: f"{item.info.container} {item.info.subtype}",
    "number of channels": lambda item: str(item.info.channels),
    "bits in use": _used_bits,
    "digital silence": _digital_silence,
    "upper limit of the spectrum": _band_limit,
    "software that wrote the file": lambda item: item.info.software or "none named",
    "device in the name": _device_in_name,
    "date in the name": _date_in_name,
}
# Where the second is told, the first follows from it.
_SAYS_THE_SAME = {"bits in use": "format", "upper limit of the spectrum": "sample rate"}
_TELL_THE_SIDE = ("sample rate", "format", "number of channels")
