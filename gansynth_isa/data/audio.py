"""Audio files to NumPy arrays, and resampling."""

import io
from pathlib import Path

import numpy as np
import soundfile
import soxr
import tensorflow as tf

from gansynth_isa.errors import InputError

try:
    import tensorflow_io as tfio
except ImportError:  # no wheels for Python 3.13 and later
    tfio = None

# Formats that tensorflow-io reads right, with the dtype it must be told and the full scale of its values.
# It misreads 32-bit PCM as float without a word, and does not know the other formats.
_TFIO_FULL_SCALE = {
    "PCM_16": (tf.int16, 2.0**15),
    "PCM_24": (tf.int32, 2.0**31),
    "FLOAT": (tf.float32, 1.0),
}
_TFIO_CONTAINERS = ("WAV", "WAVEX", "FLAC")


def read_audio(path) -> tuple[np.ndarray, int]:
    """Samples and sample rate of a recording.

    Reads through tensorflow-io where it reads right (WAV with 16-bit, 24-bit or float samples, FLAC), and
    through soundfile elsewhere.

    Returns:
      float32 (samples, channels), full scale 1 (float files may go beyond), and the sample rate in Hz.

    Raises:
      InputError: the file is unreadable, truncated, without samples, or holds NaN or infinite values.
    """
    contents = _contents(path)
    info = _header(path, io.BytesIO(contents))
    if tfio is not None and info.format in _TFIO_CONTAINERS and info.subtype in _TFIO_FULL_SCALE:
        samples = _decode_with_tfio(path, contents, info)
    else:
        samples = _decode_with_soundfile(path, contents)
    if samples.shape[0] == 0:
        raise InputError(f"{path}: expected a recording, found one without samples")
    num_bad = int(np.count_nonzero(~np.isfinite(samples)))
    if num_bad:
        raise InputError(f"{path}: expected finite samples, found {num_bad} NaN or infinite values")
    return samples, info.samplerate


def duration_seconds(path) -> float:
    """Length of a recording in seconds, from the file's header.

    Raises:
      InputError: the file is unreadable or without samples.
    """
    info = _header(path, str(path))
    if info.frames == 0:
        raise InputError(f"{path}: expected a recording, found one without samples")
    return info.frames / info.samplerate


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


def _contents(path) -> bytes:
    try:
        contents = Path(path).read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot read the recording ({error.strerror})") from error
    if not contents:
        raise InputError(f"{path}: expected a recording, found an empty file")
    return contents


def _header(path, file):
    try:
        return soundfile.info(file)
    except (soundfile.LibsndfileError, OSError, TypeError) as error:
        raise InputError(f"{path}: expected an audio file, found something unreadable ({_reason(error)})") from error


def _decode_with_tfio(path, contents: bytes, info) -> np.ndarray:
    dtype, full_scale = _TFIO_FULL_SCALE[info.subtype]
    decode = tfio.audio.decode_flac if info.format == "FLAC" else tfio.audio.decode_wav
    try:
        samples = decode(contents, dtype=dtype).numpy()
    except tf.errors.OpError as error:
        raise InputError(
            f"{path}: the recording is truncated or damaged: its header promises {info.frames} samples "
            f"of {info.channels} channel(s), but they cannot be read"
        ) from error
    return (samples / full_scale).astype(np.float32)


def _decode_with_soundfile(path, contents: bytes) -> np.ndarray:
    try:
        return soundfile.read(io.BytesIO(contents), dtype="float32", always_2d=True)[0]
    except soundfile.LibsndfileError as error:
        raise InputError(f"{path}: the recording is damaged ({_reason(error)})") from error


def _reason(error: Exception) -> str:
    """libsndfile's own words, without its name for the file, which for bytes in memory is an address."""
    return str(getattr(error, "error_string", error)).strip().rstrip(".")
