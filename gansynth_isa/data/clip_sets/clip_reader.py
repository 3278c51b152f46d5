"""Reads recordings, several at a time, and cuts them into clips."""

import hashlib
import os
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import numpy as np

from gansynth_isa.config import DataConfig
from gansynth_isa.data.audio.cutting import Clip, count_clips, cut_clips
from gansynth_isa.data.audio.decoding import decode_audio, resample
from gansynth_isa.data.audio.opening import AudioInfo, read_contents
from gansynth_isa.data.audio.signal_facts import SignalFacts, measure_signal
from gansynth_isa.data.recordings.recording import Recording
from gansynth_isa.derived import clip_samples
from gansynth_isa.errors import InputError
from gansynth_isa.validation import known

Item = TypeVar("Item")
Result = TypeVar("Result")
NUM_THREADS = os.cpu_count() or 1  # decoders, resampler and hashes work outside Python's lock
MAX_BAD_SHOWN = 5


@dataclass(frozen=True)
class ReadRecording:
    """A recording that has been read and cut.

    Attributes:
      recording: which one.
      clips: its clips.
      digest: SHA-256 of its bytes, hexadecimal.
      info: what its header says.
      signal: what its samples say about how it was made.
      is_short: whether it is shorter than a clip.
      num_quiet: clips that were left out because of their level.
    """

    recording: Recording
    clips: list[Clip]
    digest: str
    info: AudioInfo
    signal: SignalFacts
    is_short: bool
    num_quiet: int


class ClipReader:
    """Goes through the recordings once, handing out waveforms and remembering whose they are.

    Args:
      data: how to cut; `clip_seconds` must be known.
      recordings: in the order to read.
      on_recording: called with (number of recordings read, of all) after each.

    Attributes:
      clips: per clip handed out, (index of its recording in `recordings`, '<path>#<channel>@<start in s>').
      read: per recording that was read, (its index, digest, header).
      signals: what was measured, in the order of `read`.
      bad: per recording that was not, (its index, why); only with `data.skip_bad_files`.
    """

    def __init__(
        self,
        data: DataConfig,
        recordings: tuple[Recording, ...],
        on_recording: Callable[[int, int], None] | None = None,
    ):
        self._data = data
        self._root = Path(known(data.data_dir))
        self._recordings = recordings
        self._on_recording = on_recording
        self.clips: list[tuple[int, str]] = []
        self.read: list[tuple[int, str, AudioInfo]] = []
        self.signals: list[SignalFacts] = []
        self.bad: list[tuple[int, str]] = []
        self._num_short = 0
        self._num_quiet = 0

    def waveforms(self) -> Iterator[np.ndarray]:
        """float32 (clip_samples,) of every clip, in the order of the recordings.

        Raises:
          InputError: a recording that cannot be read or lacks the channel, by name; without `skip_bad_files`.
        """
        for index, outcome in enumerate(map_in_order(self._try_to_read, self._recordings)):
            if isinstance(outcome, InputError):
                if not self._data.skip_bad_files:
                    raise outcome
                self.bad.append((index, str(outcome)))
            else:
                self._remember(index, outcome)
                yield from (clip.samples for clip in outcome.clips)
            if self._on_recording is not None:
                self._on_recording(index + 1, len(self._recordings))

    def _remember(self, index: int, outcome: ReadRecording) -> None:
        self.read.append((index, outcome.digest, outcome.info))
        self.signals.append(outcome.signal)
        self._num_short += outcome.is_short
        self._num_quiet += outcome.num_quiet
        for clip in outcome.clips:
            channel = "mix" if clip.channel is None else clip.channel
            self.clips.append((index, f"{outcome.recording.path}#{channel}@{clip.start_s:.6f}"))

    def _try_to_read(self, recording: Recording) -> ReadRecording | InputError:
        try:
            return read_recording(self._root / recording.location, recording, self._data)
        except InputError as error:
            return error

    def notices(self) -> Iterator[str]:
        """One line for each thing that happened to the recordings on their way."""
        data, total = self._data, len(self._recordings)
        rates = Counter(info.sample_rate for _, _, info in self.read)
        for rate, count in sorted(rates.items()):
            if rate != data.sample_rate:
                yield f"{count} of {total} recordings resampled from {rate} Hz to {data.sample_rate} Hz"
        if self._num_short:
            yield (
                f"{self._num_short} of {total} recordings shorter than a clip ({data.clip_seconds:g} s): "
                f"padded with silence in front"
            )
        if self._num_quiet:
            yield f"{self._num_quiet} clips below {data.min_clip_dbfs:g} dBFS left out"
        if self.bad:
            yield f"{len(self.bad)} of {total} recordings are bad and left out:"
            yield from (f"  {reason}" for _, reason in self.bad[:MAX_BAD_SHOWN])
        if len(self.bad) > MAX_BAD_SHOWN:
            yield f"  ... and {len(self.bad) - MAX_BAD_SHOWN} more; gansynth_isa_inspect lists them"


def read_recording(file: Path, recording: Recording, data: DataConfig) -> ReadRecording:
    """Reads one recording and cuts it.

    Raises:
      InputError: it cannot be read or lacks the channel, by name.
    """
    contents = read_contents(file)
    samples, info = decode_audio(file, contents)
    signal = measure_signal(samples, info.sample_rate)
    samples = resample(samples, info.sample_rate, data.sample_rate)
    try:
        clips = cut_clips(samples, data)
        num_quiet = 0
        if data.min_clip_dbfs is not None:
            num_quiet = count_clips(samples, replace(data, min_clip_dbfs=None)) - len(clips)
    except InputError as error:
        raise InputError(f"{error} ({file})") from error
    digest = hashlib.sha256(contents).hexdigest()
    return ReadRecording(recording, clips, digest, info, signal, len(samples) < clip_samples(data), num_quiet)


def digest_of_file(file: Path) -> str | InputError:
    """SHA-256 of a recording's bytes, hexadecimal, or why it cannot be read."""
    try:
        return hashlib.sha256(read_contents(file)).hexdigest()
    except InputError as error:
        return error


def map_in_order(function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
    """`function` of every item, in order, by several threads; few results wait, so that memory stays flat."""
    with ThreadPoolExecutor(NUM_THREADS) as pool:
        waiting: deque[Future[Result]] = deque()
        try:
            for item in items:
                waiting.append(pool.submit(function, item))
                if len(waiting) > 2 * NUM_THREADS:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()
