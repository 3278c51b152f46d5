"""Audio files to NumPy arrays, and resampling."""

import io
from hashlib import md5
from pathlib import Path
from typing import BinaryIO

import numpy as np
import soundfile
import soxr

from gansynth_isa.data.audio.containers import bytes_at, flac_stream_info, is_plain_wav, ogg_samples, size_of
from gansynth_isa.data.audio.opening import AudioInfo, naming, open_recording, read_contents, reason_of, sound_file
from gansynth_isa.data.audio.tfio_decoder import TFIO_SUBTYPES, decode_wav, tfio_works
from gansynth_isa.errors import InputError

MAX_MAGNITUDE = 2.0**32  # floats in units of 32-bit integers are still read; far beyond, their power overflows
BLOCK_FRAMES = 2**18  # read at a time, so that a header that lies about the length costs no memory


def read_audio(path: Path | str, use_tensorflow_io: bool = True) -> tuple[np.ndarray, int]:
    """Samples and sample rate of a recording; see `decode_audio`.

    Raises:
      InputError: the file is unreadable, truncated, without samples, or holds NaN or infinite values.
    """
    samples, info = decode_audio(path, read_contents(path), use_tensorflow_io)
    return samples, info.sample_rate


def decode_audio(path: Path | str, contents: bytes, use_tensorflow_io: bool = True) -> tuple[np.ndarray, AudioInfo]:
    """Samples of a recording that is in memory, checked for completeness.

    Plain WAV with 16-bit, 24-bit or 32-bit float samples goes through tensorflow-io where that works, everything
    else through soundfile: tensorflow-io misreads 32-bit PCM, stumbles over chunks of an odd size, and does not
    know the other formats. What it refuses soundfile decides, which gives the same samples bit for bit.

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
    with naming(path):
        samples, info = _decode(path, contents, use_tensorflow_io)
    if not -MAX_MAGNITUDE <= samples.min() <= samples.max() <= MAX_MAGNITUDE:
        num_bad = samples.size - int(np.count_nonzero(np.isfinite(samples)))
        if num_bad:
            raise InputError(f"{path}: expected finite samples, found {num_bad} NaN or infinite values")
        raise InputError(f"{path}: expected samples around full scale 1, found up to {np.abs(samples).max():.3g}")
    return samples, info


def resample(samples: np.ndarray, rate_in: int, rate_out: int) -> np.ndarray:
    """Samples at another rate, by soxr in its high quality.

    Args:
      samples: float32 (samples, channels).
      rate_in, rate_out: sample rates in Hz.

    Returns:
      float32 (samples * rate_out / rate_in, rounded, channels).
    """
    if rate_in == rate_out:
        return samples
    return soxr.resample(samples, rate_in, rate_out, quality="HQ").astype(np.float32, copy=False)


def resampled_length(num_samples: int, rate_in: int, rate_out: int) -> int:
    """How many samples `resample` makes of so many."""
    return (2 * num_samples * rate_out + rate_in) // (2 * rate_in)


def _decode(path: Path | str, contents: bytes, use_tensorflow_io: bool) -> tuple[np.ndarray, AudioInfo]:
    """As `decode_audio`, but samples may be anything."""
    info, file = open_recording(path, io.BytesIO(contents))
    samples = None
    if use_tensorflow_io and info.subtype in TFIO_SUBTYPES and is_plain_wav(file) and tfio_works():
        samples = decode_wav(bytes_at(file, 0, size_of(file)), info.subtype)
    if samples is None or samples.shape != (info.num_samples, info.channels):
        samples = _decode_with_soundfile(path, file, info)
    num_promised = info.num_samples
    if info.subtype == "VORBIS":
        num_promised = max(num_promised, ogg_samples(path, file))
    if len(samples) != num_promised:
        raise InputError(
            f"{path}: the recording is truncated or damaged: its header promises {num_promised} samples "
            f"of {info.channels} channel(s), {len(samples)} can be read"
        )
    return samples, info


def _decode_with_soundfile(path: Path | str, file: BinaryIO, info: AudioInfo) -> np.ndarray:
    dtype = "int32" if info.container == "FLAC" else "float32"
    file.seek(0)
    try:
        with sound_file(file) as sound:
            blocks = [np.empty((0, info.channels), dtype)]
            num_left = info.num_samples
            while num_left > 0:
                block = sound.read(min(num_left, BLOCK_FRAMES), dtype=dtype, always_2d=True)
                if len(block) == 0:
                    break
                blocks.append(block)
                num_left -= len(block)
    except (soundfile.LibsndfileError, RuntimeError) as error:
        raise InputError(f"{path}: the recording is truncated or damaged ({reason_of(error)})") from error
    samples = np.concatenate(blocks)
    if dtype == "float32":
        return samples
    _check_flac_digest(path, file, samples)
    return samples.astype(np.float32) / np.float32(2**31)


def _check_flac_digest(path: Path | str, file: BinaryIO, samples: np.ndarray) -> None:
    """Compares the samples, int32 in full scale, with the MD5 that the encoder put into the header."""
    bits, digest = flac_stream_info(file)
    num_bytes = (bits + 7) // 8
    integers = (samples >> (32 - bits)).astype("<i4")
    stored = integers.view(np.uint8).reshape(-1, 4)[:, :num_bytes].tobytes()
    if any(digest) and md5(stored, usedforsecurity=False).digest() != digest:
        raise InputError(f"{path}: the recording is damaged: its samples do not have the checksum of its header")
