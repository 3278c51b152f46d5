"""What names and headers say about a data set, before any sound is read."""

from collections import Counter
from pathlib import Path

from gansynth_isa.config import DataConfig
from gansynth_isa.data.audio.cutting import check_channel
from gansynth_isa.data.audio.opening import AudioInfo, audio_info
from gansynth_isa.data.clip_sets.clip_reader import map_in_order
from gansynth_isa.data.recordings.finding import find_recordings
from gansynth_isa.data.recordings.give_aways import Observed
from gansynth_isa.data.recordings.paper import paper_differences
from gansynth_isa.data.recordings.pitfalls import pitfall_lines
from gansynth_isa.data.recordings.recording import ALL, SPLITS, Recording, check_groups, check_usable, side_of
from gansynth_isa.errors import InputError
from gansynth_isa.tables import text_table
from gansynth_isa.validation import known


def overview(data: DataConfig) -> str:
    """Recordings of each class and side, what differs from the paper, what is left aside, and warnings; in lines.

    Raises:
      InputError: see `find_recordings` and `check_usable`; a recording without a readable header or without the
        channel, unless `data.skip_bad_files`.
    """
    found = find_recordings(data)
    check_groups([recording.group for recording in found.recordings], data.test_groups)
    infos = _headers(data, found.recordings)
    sides = [(recording, side_of(recording, data.test_groups)) for recording, _ in infos]
    class_names = sorted({recording.label for recording in found.recordings})
    check_usable(class_names, sides)
    parts = [_side_table(class_names, sides), paper_differences(data.dataset, infos), *found.notices]
    if len(infos) < len(found.recordings):
        parts.append(f"{len(found.recordings) - len(infos)} of {len(found.recordings)} recordings are bad and left out")
    if found.num_ignored:
        parts.append(f"ignored: {found.ignored_text()}")
    observed = [Observed(recording, side, info) for (recording, info), (_, side) in zip(infos, sides, strict=True)]
    parts += [f"warning: {line}" for line in pitfall_lines(observed, data)]
    return "\n".join(part for part in parts if part)


def _headers(data: DataConfig, recordings: tuple[Recording, ...]) -> list[tuple[Recording, AudioInfo]]:
    """The recordings that can be opened, with what their headers say."""

    def look(recording: Recording) -> AudioInfo | InputError:
        file = Path(known(data.data_dir)) / recording.location
        try:
            info = audio_info(file)
            check_channel(info.channels, data.channels, file)
            return info
        except InputError as error:
            return error

    headers = []
    for recording, info in zip(recordings, map_in_order(look, recordings), strict=True):
        if not isinstance(info, InputError):
            headers.append((recording, info))
        elif not data.skip_bad_files:
            raise info
    return headers


def _side_table(class_names: list[str], recordings: list[tuple[Recording, str]]) -> str:
    counts = Counter((recording.label, side) for recording, side in recordings)
    sides = [side for side in (*SPLITS, ALL) if any(side == found for _, found in counts)]
    rows: list[tuple[str | int, ...]] = [("recordings", *sides)]
    rows += [(name, *(counts[name, side] for side in sides)) for name in class_names]
    return text_table(rows)
