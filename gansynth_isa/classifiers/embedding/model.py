"""A model that maps a mono waveform to vectors, whichever of three forms its file has."""

import abc
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf

from gansynth_isa.classifiers.embedding.safety import KERAS, SAVED_MODEL, check_safe, kind_of_model
from gansynth_isa.errors import InputError
from gansynth_isa.tensorflow_paths import literal_path

DEFAULT_SIGNATURE = "serving_default"
EMBEDDING_WORD = "embedding"  # in the name of one of several outputs
MAX_REASON = 200


class WaveformModel(abc.ABC):
    """Waveform in, vectors out.

    Attributes:
      num_samples: length of the waveform that the model takes; None where it takes any.
    """

    num_samples: int | None

    @abc.abstractmethod
    def run(self, waveform: np.ndarray) -> np.ndarray:
        """What the model says of one waveform, float32 (samples,), in the shape that it says it."""

    def vectors(self, waveform: np.ndarray) -> np.ndarray:
        """float32 (frames, dimensions) of one waveform, float32 (samples,); one frame where the model has one vector.

        Raises:
          InputError: the model fails on such a waveform, or gives no vectors, or values that are not finite.
        """
        try:
            output = np.asarray(self.run(np.asarray(waveform, np.float32)))
        except (ValueError, RuntimeError, TypeError, tf.errors.OpError) as error:
            raise InputError(
                f"embedding_model: the model fails on {len(waveform):,} samples ({_reason(error)}); perhaps it needs "
                "another --embedding_seconds"
            ) from error
        shape = output.shape
        if not 1 <= output.ndim <= 3 or (output.ndim == 3 and shape[0] != 1) or not output.size:
            raise InputError(
                f"embedding_model: expected a vector or a vector per frame, got an output of shape {shape}"
            )
        if output.dtype.kind != "f":
            raise InputError(f"embedding_model: expected an output of floats, got {output.dtype}")
        if not np.isfinite(output).all():
            raise InputError("embedding_model: expected finite values, got some that are not")
        return output.reshape(-1, shape[-1]).astype(np.float32)


def load_waveform_model(path: Path, output: str | None = None) -> WaveformModel:
    """The model in a file or folder, after a look whether it holds code.

    Args:
      path: folder of a SavedModel, or a .tflite or .keras file.
      output: name of the output to take, where there are several.

    Raises:
      InputError: no model, one with code in it, or one that does not take one mono waveform of float32.
    """
    check_safe(path)
    kind = kind_of_model(path)
    if kind == SAVED_MODEL:
        return _SavedModel(path, output)
    return _KerasFile(path) if kind == KERAS else _LiteRT(path, output)


class _SavedModel(WaveformModel):
    def __init__(self, path: Path, output: str | None):
        try:
            with literal_path(path) as literal:
                self._loaded = tf.saved_model.load(str(literal))
        except (OSError, ValueError, KeyError, AttributeError, tf.errors.OpError) as error:
            raise InputError(f"embedding_model: {path}: the SavedModel cannot be loaded ({_reason(error)})") from error
        signatures = self._loaded.signatures
        name = DEFAULT_SIGNATURE if DEFAULT_SIGNATURE in signatures else next(iter(signatures), None)
        if name is None or (name != DEFAULT_SIGNATURE and len(signatures) > 1):
            found = ", ".join(sorted(signatures)) or "none"
            raise InputError(
                f"embedding_model: expected one signature, or one named {DEFAULT_SIGNATURE}, found {found}"
            )
        self._signature = signatures[name]
        inputs = self._signature.structured_input_signature[1]
        self._input_name, spec = _only_input(inputs)
        self._rank = _check_input(spec.shape.as_list() if spec.shape.rank is not None else None, spec.dtype)
        self.num_samples = spec.shape[-1]
        self._output_name = choose_output(list(self._signature.structured_outputs), output)

    def run(self, waveform: np.ndarray) -> np.ndarray:
        arguments = {self._input_name: tf.constant(waveform if self._rank == 1 else waveform[np.newaxis])}
        return self._signature(**arguments)[self._output_name].numpy()


class _KerasFile(WaveformModel):
    def __init__(self, path: Path):
        from gansynth_isa.classifiers.files import load_keras_file

        self._model = load_keras_file(path)
        shapes, num_outputs = self._model.inputs, len(self._model.outputs)
        if len(shapes) != 1 or num_outputs != 1:
            raise InputError(f"embedding_model: expected one input and one output, got {len(shapes)} and {num_outputs}")
        self._rank = _check_input(list(shapes[0].shape), tf.as_dtype(shapes[0].dtype))
        if self._rank != 2:
            raise InputError(f"embedding_model: expected a Keras input (batch, samples), got {tuple(shapes[0].shape)}")
        self.num_samples = shapes[0].shape[-1]

    def run(self, waveform: np.ndarray) -> np.ndarray:
        return np.asarray(self._model(waveform[np.newaxis], training=False))


class _LiteRT(WaveformModel):
    def __init__(self, path: Path, output: str | None):
        try:
            self._interpreter = tf.lite.Interpreter(model_content=path.read_bytes(), num_threads=1)
        except (OSError, ValueError, RuntimeError) as error:
            raise InputError(f"embedding_model: {path}: the LiteRT file cannot be loaded ({_reason(error)})") from error
        details = self._interpreter.get_input_details()
        if len(details) != 1:
            raise InputError(f"embedding_model: expected one input, a mono waveform, got {len(details)}")
        self._input = details[0]
        shape = [None if size == -1 else int(size) for size in self._input["shape_signature"]]
        self._rank = _check_input(shape, tf.as_dtype(self._input["dtype"]))
        self.num_samples = shape[-1]
        outputs = self._interpreter.get_output_details()
        names = [detail["name"] for detail in outputs]
        self._output = outputs[names.index(choose_output(names, output))]
        self._allocated: int | None = None

    def run(self, waveform: np.ndarray) -> np.ndarray:
        batch = waveform if self._rank == 1 else waveform[np.newaxis]
        if self._allocated != len(waveform):
            if self.num_samples is None:
                self._interpreter.resize_tensor_input(self._input["index"], batch.shape)
            self._interpreter.allocate_tensors()
            self._allocated = len(waveform)
        self._interpreter.set_tensor(self._input["index"], batch)
        self._interpreter.invoke()
        return self._interpreter.get_tensor(self._output["index"])


def choose_output(names: Sequence[str], wanted: str | None) -> str:
    """The output to take: the one that is wanted, or the only one, or the only one with 'embedding' in its name.

    Raises:
      InputError: there is none of that name, or it is not clear which.
    """
    if wanted is not None:
        if wanted not in names:
            raise InputError(f"embedding_output: expected one of {', '.join(names)}, got {wanted!r}")
        return wanted
    fitting = list(names) if len(names) == 1 else [name for name in names if EMBEDDING_WORD in name.lower()]
    if len(fitting) != 1:
        raise InputError(f"embedding_output: expected the name of one of the outputs {', '.join(names)}, got nothing")
    return fitting[0]


def _only_input(inputs: Mapping[str, Any]) -> tuple[str, tf.TensorSpec]:
    if len(inputs) != 1:
        names = ", ".join(sorted(inputs)) or "none"
        raise InputError(f"embedding_model: expected one input, a mono waveform, got {len(inputs)} ({names})")
    return next(iter(inputs.items()))


def _check_input(shape: Sequence[int | None] | None, dtype: tf.DType) -> int:
    """The rank of an input: 1, (samples,), or 2, (batch, samples), where a batch of one must be possible."""
    if dtype != tf.float32:
        raise InputError(f"embedding_model: expected a waveform of float32, got an input of {dtype.name}")
    if shape is None or len(shape) not in (1, 2) or (len(shape) == 2 and shape[0] not in (None, 1)):
        shown = "unknown" if shape is None else f"({', '.join('any' if size is None else str(size) for size in shape)})"
        raise InputError(f"embedding_model: expected an input (samples,) or (batch, samples), got one of shape {shown}")
    if shape[-1] is not None and shape[-1] < 2:
        raise InputError(f"embedding_model: expected a waveform, got an input of {shape[-1]} sample(s)")
    return len(shape)


def _reason(error: Exception) -> str:
    return " ".join(str(error).split())[:MAX_REASON]
