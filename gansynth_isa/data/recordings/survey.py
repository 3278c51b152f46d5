"""Looks at every recording of a data set: what it is, and what is suspicious about it."""

import hashlib
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from gansynth_isa.config import DataConfig
from gansynth_isa.data.audio.cutting import check_channel, check_clip_length, count_clips, level_dbfs, select_channels
from gansynth_isa.data.audio.decoding import decode_audio, resample, resampled_length
from gansynth_isa.data.audio.opening import AudioInfo, read_contents
from gansynth_isa.data.audio.signal_facts import SILENCE_DBFS, SignalFacts, measure_signal, without_mean
from gansynth_isa.data.clip_sets.clip_reader import map_in_order
from gansynth_isa.data.recordings.finding import find_recordings
from gansynth_isa.data.recordings.recording import ALL, Recording, RecordingList, check_groups, check_usable, side_of
from gansynth_isa.data.recordings.short_events import block_powers
from gansynth_isa.errors import InputError
from gansynth_isa.validation import known

FULL_SCALE = 0.999
MIN_CLIPPED_RUN = 3  # neighbouring samples at full scale: a single one is a peak that fits exactly


@dataclass(frozen=True)
class Facts:
    """What is known about one recording that was read.

    Attributes:
      recording: which one.
      side: 'train', 'test', or 'all' where nothing says it.
      info: what the header says.
      level_dbfs: RMS level, without the mean, of what clips are cut from, in dBFS; -inf for silence.
      channels_dbfs: that of all channels, mixed or not.
      peak: largest magnitude, full scale 1.
      num_clipped: samples in runs of MIN_CLIPPED_RUN and more at full scale.
      num_clips: clips that are cut from it.
      content: SHA-256 of samples and sample rate: the same sound, whatever name, container or sample format.
      signal: what the samples say about how it was made.
      powers: of what clips are cut from, over time, see `short_events.block_powers`.
    """

    recording: Recording
    side: str
    info: AudioInfo
    level_dbfs: float
    channels_dbfs: float
    peak: float
    num_clipped: int
    num_clips: int
    content: str
    signal: SignalFacts
    powers: np.ndarray = field(repr=False, compare=False)

    @property
    def is_silent(self) -> bool:
        """Whether nothing can be heard on any channel."""
        return self.channels_dbfs < SILENCE_DBFS


@dataclass(frozen=True)
class Survey:
    """All recordings of a data set, looked at.

    Attributes:
      found: the list of recordings.
      facts: of those that can be read, in the list's order.
      bad: (recording, why it cannot be read), in the list's order.
      data: how the recordings would be cut.
    """

    found: RecordingList
    facts: tuple[Facts, ...]
    bad: tuple[tuple[Recording, str], ...]
    data: DataConfig

    @property
    def class_names(self) -> tuple[str, ...]:
        """Sorted names of all classes, also of those without a readable recording."""
        return tuple(sorted({recording.label for recording in self.found.recordings}))

    def sides(self) -> tuple[str, ...]:
        """The sides that there are, training first."""
        return tuple(side for side in ("train", "test", ALL) if any(fact.side == side for fact in self.facts))

    def same_content(self) -> list[list[Facts]]:
        """Recordings that sound the same, two and more together; silent ones are not compared."""
        of_content = defaultdict(list)
        for fact in self.facts:
            if not fact.is_silent:
                of_content[fact.content].append(fact)
        return [together for together in of_content.values() if len(together) > 1]

    def check(self, skip_bad_files: bool) -> None:
        """Refuses a set that no command could use.

        Raises:
          InputError: recordings that cannot be read unless these are to be skipped, a class without a
            readable training recording, or a group on both sides.
        """
        usable = [(fact.recording, fact.side) for fact in self.facts]
        if self.bad and not skip_bad_files:
            try:
                check_usable(self.class_names, usable)
                advice = "--skip_bad_files goes on without them"
            except InputError as error:
                advice = f"without them: {error}"
            raise InputError(
                f"data_dir: {len(self.bad)} of {len(self.found.recordings)} recordings cannot be used, "
                f"the first: {self.bad[0][1]}; {advice}"
            )
        check_usable(self.class_names, usable)


def survey_recordings(data: DataConfig, on_recording: Callable[[int, int], None] | None = None) -> Survey:
    """Reads every recording once, several at a time; memory holds a few of them.

    Args:
      data: which recordings there are.
      on_recording: called with (recordings read, of all) after each.

    Raises:
      InputError: see `find_recordings`, or clips of no sample; a recording that cannot be read is part of the result
        instead.
    """
    if data.clip_seconds is not None:
        check_clip_length(data)
    found = find_recordings(data)
    check_groups([recording.group for recording in found.recordings], data.test_groups)
    root = Path(known(data.data_dir))
    facts: list[Facts] = []
    bad: list[tuple[Recording, str]] = []

    def look(recording: Recording) -> Facts | InputError:
        try:
            return look_at(root, recording, side_of(recording, data.test_groups), data)
        except InputError as error:
            return error

    for number, outcome in enumerate(map_in_order(look, found.recordings)):
        if isinstance(outcome, InputError):
            bad.append((found.recordings[number], str(outcome)))
        else:
            facts.append(outcome)
        if on_recording is not None:
            on_recording(number + 1, len(found.recordings))
    return Survey(found, tuple(facts), tuple(bad), data)


def look_at(root: Path, recording: Recording, side: str, data: DataConfig) -> Facts:
    """Facts about one recording.

    Args:
      root: the data folder.
      recording: which one.
      side: 'train', 'test', or 'all'.
      data: how it would be cut; without `clip_seconds` it is one clip.

    Raises:
      InputError: it cannot be read, lacks the channel, or holds NaN or infinite values.
    """
    path = root / recording.location
    samples, info = decode_audio(path, read_contents(path), use_tensorflow_io=False)
    check_channel(info.channels, data.channels, path)
    heard = np.stack([signal for _, signal in select_channels(samples, data.channels)], axis=1)
    centred = without_mean(heard)
    content = hashlib.sha256(f"{info.sample_rate} {samples.shape}".encode())
    content.update(np.ascontiguousarray(samples + np.float32(0.0)).data)  # float formats tell -0 from 0, others do not
    return Facts(
        recording=recording,
        side=side,
        info=info,
        level_dbfs=level_dbfs(centred),
        channels_dbfs=level_dbfs(without_mean(samples)),
        peak=float(np.abs(samples).max()),
        num_clipped=sum(_num_in_runs(np.abs(channel) >= FULL_SCALE) for channel in samples.T),
        num_clips=_num_clips(samples, info.sample_rate, data),
        content=content.hexdigest(),
        signal=measure_signal(samples, info.sample_rate),
        powers=block_powers(centred, info.sample_rate),
    )


def _num_clips(samples: np.ndarray, sample_rate: int, data: DataConfig) -> int:
    """How many clips (samples, channels) at `sample_rate` give."""
    length = resampled_length(len(samples), sample_rate, data.sample_rate)
    if data.min_clip_dbfs is None:  # the length decides; a view of one zero takes no memory
        resampled = np.broadcast_to(np.float32(0.0), (length, samples.shape[1]))
    else:
        resampled = resample(samples, sample_rate, data.sample_rate)
    clip_seconds = data.clip_seconds or max(1, length) / data.sample_rate
    return count_clips(resampled, replace(data, clip_seconds=clip_seconds))


def _num_in_runs(is_full: np.ndarray) -> int:
    """How many True values stand in runs of MIN_CLIPPED_RUN and more."""
    if not is_full.any():
        return 0
    edges = np.flatnonzero(np.diff(np.concatenate([[0], is_full.astype(np.int8), [0]])))
    lengths = edges[1::2] - edges[::2]
    return int(lengths[lengths >= MIN_CLIPPED_RUN].sum())
