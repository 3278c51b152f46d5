"""Audio files to NumPy arrays, and resampling."""

import io
import stat
from dataclasses import dataclass
from hashlib import md5
from pathlib import Path

import numpy as np
import soundfile
import soxr

from gansynth_isa.data.audio.containers import check_container, flac_stream_info, has_odd_chunk, ogg_samples
from gansynth_isa.data.audio.tfio_decoder import TFIO_SUBTYPES, decode_wav, tfio_works
from gansynth_isa.errors import InputError

AUDIO_SUFFIXES = (".wav", ".flac", ".ogg")
MIN_SAMPLE_RATE, MAX_SAMPLE_RATE = 1_000, 768_000  # Hz; outside, a header is taken to be damaged
MAX_FILE_BYTES = 2**31
# What libsndfile calls the containers that `check_container` knows; it opens others, and reads past their missing ends.
CONTAINERS = {"WAV": "WAV", "WAVEX": "WAV", "RF64": "WAV", "FLAC": "FLAC", "OGG": "OGG"}
UNKNOWN_LENGTH = 2**63 - 1
MAX_MAGNITUDE = 2.0**32  # floats in units of 32-bit integers are still read; far beyond, their power overflows
MAX_VALUES = 2**28  # samples times channels of one recording: 1 GiB in memory, 100 minutes of one channel at 44.1 kHz
BLOCK_FRAMES = 2**18  # read at a time, so that a header that lies about the length costs no memory


@dataclass(frozen=True)
class AudioInfo:
    """What a file's header says: sample rate in Hz, samples per channel, channels, container, sample format."""

    sample_rate: int
    num_samples: int
    channels: int
    container: str
    subtype: str

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return self.num_samples / self.sample_rate


def read_audio(path, use_tensorflow_io: bool = True) -> tuple[np.ndarray, int]:
    """Samples and sample rate of a recording; see `decode_audio`.

    Raises:
      InputError: the file is unreadable, truncated, without samples, or holds NaN or infinite values.
    """
    samples, info = decode_audio(path, read_contents(path), use_tensorflow_io)
    return samples, info.sample_rate


def decode_audio(path, contents: bytes, use_tensorflow_io: bool = True) -> tuple[np.ndarray, AudioInfo]:
    """Samples of a recording that is in memory, checked for completeness.

    WAV with 16-bit, 24-bit or 32-bit float samples goes through tensorflow-io where that works, everything
    else through soundfile: tensorflow-io misreads 32-bit PCM, finds no samples behind a chunk of an odd size,
    and does not know the other formats.

    Args:
      path: its name, for messages.
      contents: all bytes of the file.
      use_tensorflow_io: False leaves tensorflow-io alone, and with it the time that TensorFlow takes to load.

    Returns:
      float32 (samples, channels), full scale 1 (float files may go beyond), and what the header says.

    Raises:
      InputError: the contents are no audio, truncated, damaged, without samples, or NaN, infinite or beyond
        MAX_MAGNITUDE.
    """
    samples, info = _decode(path, contents, use_tensorflow_io)
    if not -MAX_MAGNITUDE <= samples.min() <= samples.max() <= MAX_MAGNITUDE:
        num_bad = samples.size - int(np.count_nonzero(np.isfinite(samples)))
        if num_bad:
            raise InputError(f"{path}: expected finite samples, found {num_bad} NaN or infinite values")
        raise InputError(f"{path}: expected samples around full scale 1, found up to {np.abs(samples).max():.3g}")
    return samples, info


def _decode(path, contents: bytes, use_tensorflow_io: bool = True) -> tuple[np.ndarray, AudioInfo]:
    """As `decode_audio`, but samples may be anything."""
    if not contents:
        raise InputError(f"{path}: expected a recording, found an empty file")
    info = _header(path, io.BytesIO(contents))
    check_container(path, contents, info.container)
    if info.num_samples * info.channels > MAX_VALUES:
        raise InputError(
            f"{path}: expected at most {MAX_VALUES:,} samples over all channels, its header promises "
            f"{info.num_samples:,} in each of {info.channels}; cut it into shorter recordings"
        )
    if use_tensorflow_io and _suits_tensorflow_io(contents, info) and tfio_works():
        samples = decode_wav(path, contents, info.subtype)
    else:
        samples = _decode_with_soundfile(path, contents, info)
    num_promised = max(info.num_samples, ogg_samples(contents)) if info.subtype == "VORBIS" else info.num_samples
    if len(samples) != num_promised:
        raise InputError(
            f"{path}: the recording is truncated or damaged: its header promises {num_promised} samples "
            f"of {info.channels} channel(s), {len(samples)} can be read"
        )
    return samples, info


def audio_info(path) -> AudioInfo:
    """What the header of a recording says.

    Raises:
      InputError: the file is unreadable or without samples.
    """
    _check_is_file(path)
    return _header(path, str(path))


def duration_seconds(path) -> float:
    """Length of a recording in seconds, from the file's header.

    Raises:
      InputError: the file is unreadable or without samples.
    """
    return audio_info(path).duration_s


def read_contents(path) -> bytes:
    """All bytes of a recording.

    Raises:
      InputError: not a regular file, one that cannot be read, or one beyond MAX_FILE_BYTES.
    """
    _check_is_file(path)
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot read the recording ({error.strerror})") from error


def resample(samples: np.ndarray, rate_in: int, rate_out: int) -> np.ndarray:
    """Samples at another rate, by soxr in its high quality.

    Args:
      samples: float32 (samples, channels).
      rate_in, rate_out: sample rates in Hz.

    Returns:
      float32 (about samples * rate_out / rate_in, channels).
    """
    if rate_in == rate_out:
        return samples
    return soxr.resample(samples, rate_in, rate_out, quality="HQ").astype(np.float32, copy=False)


def _check_is_file(path) -> None:
    """Refuses what is no regular file: reading a pipe or a device may never end."""
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


def _header(path, file) -> AudioInfo:
    try:
        info = soundfile.info(file)
    except (soundfile.LibsndfileError, OSError, TypeError) as error:
        expected = "a WAV, FLAC or Ogg Vorbis file"
        raise InputError(f"{path}: expected {expected}, found something unreadable ({_reason(error)})") from error
    if info.format not in CONTAINERS:
        raise InputError(f"{path}: expected a WAV, FLAC or Ogg Vorbis file, found {info.format_info}; convert it")
    if info.frames == UNKNOWN_LENGTH:
        raise InputError(f"{path}: expected the number of samples in the header, found none; encode it again")
    if not MIN_SAMPLE_RATE <= info.samplerate <= MAX_SAMPLE_RATE:
        raise InputError(
            f"{path}: expected a sample rate of {MIN_SAMPLE_RATE} to {MAX_SAMPLE_RATE} Hz, found {info.samplerate} Hz"
        )
    if info.frames <= 0:
        raise InputError(f"{path}: expected a recording, found one without samples")
    return AudioInfo(info.samplerate, info.frames, info.channels, CONTAINERS[info.format], info.subtype)


def _suits_tensorflow_io(contents: bytes, info: AudioInfo) -> bool:
    return contents[:4] == b"RIFF" and info.subtype in TFIO_SUBTYPES and not has_odd_chunk(contents)


def _decode_with_soundfile(path, contents: bytes, info: AudioInfo) -> np.ndarray:
    dtype = "int32" if info.container == "FLAC" else "float32"
    try:
        with soundfile.SoundFile(io.BytesIO(contents)) as file:
            blocks = [np.empty((0, info.channels), dtype)]
            num_left = info.num_samples
            while num_left > 0:
                block = file.read(min(num_left, BLOCK_FRAMES), dtype=dtype, always_2d=True)
                if len(block) == 0:
                    break
                blocks.append(block)
                num_left -= len(block)
    except (soundfile.LibsndfileError, RuntimeError) as error:
        raise InputError(f"{path}: the recording is truncated or damaged ({_reason(error)})") from error
    samples = np.concatenate(blocks)
    if dtype == "float32":
        return samples
    _check_flac_digest(path, contents, samples)
    return samples.astype(np.float32) / np.float32(2**31)


def _check_flac_digest(path, contents: bytes, samples: np.ndarray) -> None:
    """Compares the samples, int32 in full scale, with the MD5 that the encoder put into the header."""
    bits, digest = flac_stream_info(contents)
    num_bytes = (bits + 7) // 8
    integers = (samples >> (32 - bits)).astype("<i4")
    stored = integers.view(np.uint8).reshape(-1, 4)[:, :num_bytes].tobytes()
    if any(digest) and md5(stored, usedforsecurity=False).digest() != digest:
        raise InputError(f"{path}: the recording is damaged: its samples do not have the checksum of its header")


def _reason(error: Exception) -> str:
    """libsndfile's own words, without its name for the file, which for bytes in memory is an address."""
    return str(getattr(error, "error_string", error)).strip().rstrip(".")
