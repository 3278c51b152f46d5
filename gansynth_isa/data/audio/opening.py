"""Opens recordings and reads their headers: one verdict for all who ask, whether they go on to decode or not."""

import contextlib
import stat
import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BufferedIOBase
from pathlib import Path
from typing import BinaryIO, cast

import soundfile

from gansynth_isa.data.audio.containers import MAGIC, bytes_at, check_container, from_header_on, size_of
from gansynth_isa.errors import InputError

AUDIO_SUFFIXES = (".wav", ".flac", ".ogg")
MIN_SAMPLE_RATE, MAX_SAMPLE_RATE = 1_000, 768_000  # Hz; outside, a header is taken to be damaged
MAX_FILE_BYTES = 2**31
# What libsndfile calls the containers that `check_container` knows; it opens others, and reads past their missing ends.
CONTAINERS = {"WAV": "WAV", "WAVEX": "WAV", "RF64": "WAV", "FLAC": "FLAC", "OGG": "OGG"}
UNKNOWN_LENGTH = 2**63 - 1
MAX_VALUES = 2**28  # samples times channels of one recording: 1 GiB in memory, 100 minutes of one channel at 44.1 kHz
HEADER_BYTES = 2**12  # more than a header has
SEARCHED_BYTES = 2**16  # where a header is looked for that does not stand in front


@dataclass(frozen=True)
class AudioInfo:
    """What a file's header says.

    Attributes:
      sample_rate: in Hz.
      num_samples: per channel.
      channels: number of them.
      container: 'WAV', 'FLAC' or 'OGG'.
      subtype: sample format, as libsndfile calls it.
      software: what wrote the file, in its own words; empty where it does not say.
    """

    sample_rate: int
    num_samples: int
    channels: int
    container: str
    subtype: str
    software: str = ""

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return self.num_samples / self.sample_rate


def audio_info(path: Path | str) -> AudioInfo:
    """What the header of a recording says, checked as far as that is possible without decoding.

    Raises:
      InputError: the file is unreadable, truncated or without samples, as `decode_audio` would say.
    """
    check_is_file(path)
    with naming(path), Path(path).open("rb") as file:
        return open_recording(path, file)[0]


def duration_seconds(path: Path | str) -> float:
    """Length of a recording in seconds, from the file's header.

    Raises:
      InputError: the file is unreadable or without samples.
    """
    return audio_info(path).duration_s


def read_contents(path: Path | str) -> bytes:
    """All bytes of a recording.

    Raises:
      InputError: not a regular file, one that cannot be read, or one beyond MAX_FILE_BYTES.
    """
    check_is_file(path)
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot read the recording ({error.strerror})") from error


def open_recording(path: Path | str, file: BinaryIO) -> tuple[AudioInfo, BinaryIO]:
    """What the header says, and the recording from its header on.

    Raises:
      InputError: whatever can be found wrong without decoding.
    """
    if size_of(file) == 0:
        raise InputError(f"{path}: expected a recording, found an empty file")
    file = from_header_on(file)
    info = _header(path, file)
    check_container(path, file, info.container)
    if info.num_samples * info.channels > MAX_VALUES:
        raise InputError(
            f"{path}: expected at most {MAX_VALUES:,} samples over all channels, its header promises "
            f"{info.num_samples:,} in each of {info.channels}; cut it into shorter recordings"
        )
    file.seek(0)
    return info, file


class Shielded:
    """A file as libsndfile may have it, which reports what Python raises on standard error and goes on.

    Where a header that lies sends it nowhere, it stays in place, as a file of the system does.

    Args:
      file: binary, can be sought in.

    Attributes:
      error: the last error of reading, for the caller to raise.
    """

    def __init__(self, file: BinaryIO):
        self._file = cast(BufferedIOBase, file)  # files and bytes in memory both are
        self.error: OSError | None = None

    def seek(self, place: int, whence: int = 0) -> int:
        """The new place, or the old one."""
        with contextlib.suppress(OSError, ValueError, OverflowError):
            return self._file.seek(place, whence)
        return self.tell()

    def tell(self) -> int:
        """The place."""
        return self._file.tell()

    def readinto(self, buffer: memoryview) -> int:
        """Number of bytes read; 0 at the end and after an error."""
        try:
            return self._file.readinto(buffer)
        except OSError as error:
            self.error = error
            return 0


@contextlib.contextmanager
def sound_file(file: BinaryIO) -> Iterator[soundfile.SoundFile]:
    """The recording as soundfile reads it; `file` is at its beginning.

    Raises:
      OSError: the disk or the network refused to give what is there.
    """
    shielded = Shielded(file)
    try:
        with soundfile.SoundFile(shielded) as sound:
            yield sound
    finally:
        if shielded.error is not None:
            raise shielded.error


@contextlib.contextmanager
def naming(path: Path | str) -> Iterator[None]:
    """Whatever surprises a parser or a decoder becomes one line with the file's name."""
    try:
        yield
    except InputError:
        raise
    except OSError as error:
        raise InputError(f"{path}: cannot read the recording ({error.strerror or error})") from error
    except (struct.error, LookupError, ValueError, ArithmeticError, TypeError, RuntimeError) as error:
        reason = f"{type(error).__name__}: {error}"
        raise InputError(f"{path}: the recording is damaged, or of a kind that is not known here ({reason})") from error


def reason_of(error: Exception) -> str:
    """libsndfile's own words, without its name for the file, which for bytes in memory is an address."""
    return str(getattr(error, "error_string", error)).strip().rstrip(".")


def check_is_file(path: Path | str) -> None:
    """Refuses what is no regular file: reading a pipe or a device may never end.

    Raises:
      InputError: there is none, something else, or one beyond MAX_FILE_BYTES.
    """
    try:
        status = Path(path).stat()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{path}: cannot read the recording ({reason})") from error
    if not stat.S_ISREG(status.st_mode):
        kind = "a folder" if stat.S_ISDIR(status.st_mode) else "something else (a pipe or a device)"
        raise InputError(f"{path}: expected a recording, found {kind}")
    if status.st_size > MAX_FILE_BYTES:
        raise InputError(f"{path}: expected at most {MAX_FILE_BYTES:,} bytes, found {status.st_size:,}")


def _header(path: Path | str, file: BinaryIO) -> AudioInfo:
    expected = "a WAV, FLAC or Ogg Vorbis file"
    try:
        with sound_file(file) as sound:
            container, container_name, software = sound.format, sound.format_info, sound.software
            info = AudioInfo(sound.samplerate, sound.frames, sound.channels, container, sound.subtype, software)
    except (soundfile.LibsndfileError, TypeError) as error:
        raise InputError(f"{path}: expected {expected}, {_what_is_there(file, error)}") from error
    if container not in CONTAINERS:
        raise InputError(f"{path}: expected {expected}, found {container_name}; convert it")
    if info.num_samples == UNKNOWN_LENGTH:
        raise InputError(f"{path}: expected the number of samples in the header, found none; encode it again")
    if not MIN_SAMPLE_RATE <= info.sample_rate <= MAX_SAMPLE_RATE:
        raise InputError(
            f"{path}: expected a sample rate of {MIN_SAMPLE_RATE} to {MAX_SAMPLE_RATE} Hz, found {info.sample_rate} Hz"
        )
    if info.num_samples <= 0:
        size = size_of(file)
        unfinished = f" in {size:,} bytes: perhaps it was never finished" if size > HEADER_BYTES else ""
        raise InputError(f"{path}: expected a recording, its header says it is one without samples{unfinished}")
    return replace(info, container=CONTAINERS[container])


def _what_is_there(file: BinaryIO, error: Exception) -> str:
    """Says where the header is, if it does not stand in front, or else libsndfile's reason."""
    start = bytes_at(file, 0, SEARCHED_BYTES)
    places = [place for magic in MAGIC if (place := start.find(magic)) >= 0]
    if places and min(places) > 0:
        return f"found {min(places):,} bytes of something else in front of the header; take them away"
    return f"found something unreadable ({reason_of(error)})"
