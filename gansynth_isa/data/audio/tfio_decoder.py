"""WAV through tensorflow-io, on the platforms and for the sample formats that it reads right."""

import functools
import io

import numpy as np
import soundfile

# Sample formats that tensorflow-io reads right: the dtype it must be told, and the full scale of its values.
TFIO_SUBTYPES = {"PCM_16": ("int16", 2.0**15), "PCM_24": ("int32", 2.0**31), "FLOAT": ("float32", 1.0)}


@functools.cache
def tfio_works() -> bool:
    """Whether tensorflow-io is here and decodes a recording.

    Its native part loads with TensorFlow 2.16 only: elsewhere it is missing, fails to load, or raises
    NotImplementedError at the first call.
    """
    try:
        import tensorflow_io as tfio

        decoded = tfio.audio.decode_wav(_two_samples(), dtype="int16").numpy()
    except (ImportError, NotImplementedError, AttributeError, OSError, RuntimeError):
        return False
    return decoded.tolist() == [[0], [16384]]


def decode_wav(contents: bytes, subtype: str) -> np.ndarray | None:
    """Samples of a WAV file whose header has been checked.

    Args:
      contents: all bytes of the file.
      subtype: sample format, one of TFIO_SUBTYPES.

    Returns:
      float32 (samples, channels), full scale 1; None where tensorflow-io refuses the file.
    """
    import tensorflow as tf
    import tensorflow_io as tfio

    dtype, full_scale = TFIO_SUBTYPES[subtype]
    try:
        samples = tfio.audio.decode_wav(contents, dtype=tf.as_dtype(dtype)).numpy()
    except tf.errors.OpError:
        return None
    return samples if dtype == "float32" else samples.astype(np.float32) / np.float32(full_scale)


def _two_samples() -> bytes:
    file = io.BytesIO()
    soundfile.write(file, np.array([0.0, 0.5]), 8000, format="WAV", subtype="PCM_16")
    return file.getvalue()
