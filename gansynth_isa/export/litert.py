"""LiteRT files of a classifier, and how they compare with the Keras model."""

import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from gansynth_isa.classifiers.discriminant import BandStatistics
from gansynth_isa.classifiers.networks import TimeStatistics
from gansynth_isa.tables import markdown_table
from gansynth_isa.tensorflow_paths import literal_path
from gansynth_isa.validation import known

PRECISIONS = ("float32", "float16", "int8_weights", "int8")
# The deviation over time stays in floating point: squares of small deviations vanish among 256 steps, and the root
# makes much of what is lost.
STATISTICS_OPS = ("SQUARED_DIFFERENCE", "MEAN", "ADD", "SQRT")
MAX_REPRESENTATIVE_CLIPS = 256
TIMED_CLIPS = 50
PREDICTION_BATCH = 64


@dataclass(frozen=True)
class Comparison:
    """One way to run a classifier on the test clips.

    Attributes:
      name: 'Keras' or a precision.
      accuracy: share of the test clips that are classified rightly, or None without test clips.
      largest_difference: of any probability from Keras' on the test clips, or None.
      size_bytes: of the file.
      milliseconds: median time of one clip by itself, on one thread for LiteRT, features not included.
    """

    name: str
    accuracy: float | None
    largest_difference: float | None
    size_bytes: int
    milliseconds: float

    def to_dict(self) -> dict:
        """Ready for JSON."""
        return asdict(self)


def convert(model: keras.Model, precision: str, representative: np.ndarray | None = None) -> bytes:
    """The LiteRT file of a classifier, clips in, probabilities out, both float32; the batch size is free.

    Args:
      model: see `deployable.deployable_classifier`.
      precision: 'float32'; 'float16', weights stored in half the bytes; 'int8_weights', weights alone in 8 bits; or
        'int8', also what flows between layers, but for STATISTICS_OPS; where BandStatistics computes power, which spans
        many decades, nothing is left that would flow in 8 bits, and 'int8' is 'int8_weights'.
      representative: (clips, frames, mel_bins, channels), real training clips from which 'int8' learns the ranges.

    Raises:
      ValueError: 'int8' without representative clips.
    """
    if precision == "int8" and (representative is None or not len(representative)):
        raise ValueError("representative: int8 expects training clips, got none")
    with tempfile.TemporaryDirectory() as place, literal_path(Path(place)) as folder:
        _save_inference(model, str(folder))
        converter = tf.lite.TFLiteConverter.from_saved_model(str(folder), signature_keys=["serving_default"])
        if precision != "float32":
            converter.optimizations = [tf.lite.Optimize.DEFAULT]
        if precision == "float16":
            converter.target_spec.supported_types = [tf.float16]
        if precision == "int8" and not _has_layer(model, BandStatistics):
            return _convert_int8(converter, model, known(representative))
        return converter.convert()


def _convert_int8(converter: tf.lite.TFLiteConverter, model: keras.Model, clips: np.ndarray) -> bytes:
    converter.representative_dataset = _representatives(model, clips)
    if not _has_layer(model, TimeStatistics):
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
        return converter.convert()
    # The debugger is TensorFlow's only way to leave operations in floating point.
    options = tf.lite.experimental.QuantizationDebugOptions(denylisted_ops=list(STATISTICS_OPS))
    debugger = tf.lite.experimental.QuantizationDebugger(
        converter=converter, debug_dataset=converter.representative_dataset, debug_options=options
    )
    return debugger.get_nondebug_quantized_model()


def _has_layer(model: keras.Model, kind: type[keras.Layer]) -> bool:
    """Whether a layer of the model, or of a model in it, is of that kind."""
    return any(
        _has_layer(layer, kind) if isinstance(layer, keras.Model) else isinstance(layer, kind) for layer in model.layers
    )


def _save_inference(model: keras.Model, folder: str) -> None:
    module = tf.Module()
    module.tracked = [variable.value for variable in model.variables]
    spec = tf.TensorSpec((None, *model.input_shape[1:]), tf.float32, name=_input_name(model))
    module.classify = tf.function(lambda clips: {"probabilities": model(clips, training=False)}, input_signature=[spec])
    tf.saved_model.save(module, folder, signatures=module.classify)


def _input_name(model: keras.Model) -> str:
    return model.inputs[0].name


def _representatives(model: keras.Model, clips: np.ndarray) -> Callable:
    """Up to MAX_REPRESENTATIVE_CLIPS clips, spread evenly over all."""
    count = min(len(clips), MAX_REPRESENTATIVE_CLIPS)
    chosen = np.linspace(0, len(clips) - 1, count).round().astype(int)
    name = _input_name(model)
    return lambda: ({name: np.asarray(clips[index : index + 1], np.float32)} for index in chosen)


class LiteRTClassifier:
    """A LiteRT file in its interpreter.

    Args:
      content: the file's bytes.

    Raises:
      ValueError: the bytes are no LiteRT file.
    """

    def __init__(self, content: bytes):
        self._interpreter = tf.lite.Interpreter(model_content=content, num_threads=1)
        self._runner = self._interpreter.get_signature_runner("serving_default")
        (self._input_name,) = self._runner.get_input_details()

    @property
    def num_classes(self) -> int:
        """How many probabilities a clip gets."""
        return int(self._runner.get_output_details()["probabilities"]["shape"][-1])

    def __call__(self, clips: np.ndarray) -> np.ndarray:
        """Probabilities, float32 (clips, classes), of clips (clips, frames, mel_bins, channels)."""
        parts = [
            self._runner(**{self._input_name: np.asarray(clips[first : first + PREDICTION_BATCH], np.float32)})
            for first in range(0, len(clips), PREDICTION_BATCH)
        ]
        return np.concatenate([part["probabilities"] for part in parts])


def compare(
    model: keras.Model, keras_bytes: int, contents: dict[str, bytes], spectrograms: np.ndarray, labels: np.ndarray
) -> list[Comparison]:
    """Runs Keras and every LiteRT file on test clips.

    Args:
      model: the deployable classifier.
      keras_bytes: size of its Keras file.
      contents: precision -> LiteRT file.
      spectrograms: (clips, frames, mel_bins, channels), the test clips; may be empty.
      labels: (clips,) their class indices.
    """
    call = tf.function(lambda batch: model(batch, training=False), reduce_retracing=True)
    runs: dict[str, tuple[Callable[[np.ndarray], np.ndarray], int]]
    runs = {"Keras": (lambda batch: call(tf.constant(batch)).numpy(), keras_bytes)}
    runs |= {name: (LiteRTClassifier(content), len(content)) for name, content in contents.items()}
    reference: np.ndarray | None = None
    rows = []
    for name, (run, size_bytes) in runs.items():
        accuracy = difference = None
        if len(labels):
            probabilities = run(np.asarray(spectrograms))
            reference = probabilities if reference is None else reference
            accuracy = float(np.mean(probabilities.argmax(axis=1) == labels))
            difference = float(np.abs(probabilities - reference).max())
        clip = np.asarray(spectrograms[:1]) if len(labels) else np.zeros((1, *model.input_shape[1:]), np.float32)
        rows.append(Comparison(name, accuracy, difference, size_bytes, _milliseconds(run, clip)))
    return rows


def _milliseconds(run: Callable, clip: np.ndarray) -> float:
    run(clip)
    times = []
    for _ in range(TIMED_CLIPS):
        started = time.perf_counter()
        run(clip)
        times.append(time.perf_counter() - started)
    return 1000 * statistics.median(times)


def comparison_table(rows: list[Comparison]) -> str:
    """The comparison as a Markdown table."""
    header = ("model", "accuracy per test clip", "largest difference of a probability", "kB", "ms per clip")
    cells = [
        (
            row.name,
            "no test clips" if row.accuracy is None else f"{row.accuracy:.3f}",
            "" if row.largest_difference is None else f"{row.largest_difference:.1e}",
            f"{row.size_bytes / 1000:.1f}",
            f"{row.milliseconds:.2f}",
        )
        for row in rows
    ]
    return markdown_table(header, cells)


def save_files(contents: dict[str, bytes], folder: Path) -> None:
    """Writes `classifier_<precision>.tflite` for each."""
    for precision, content in contents.items():
        (folder / f"classifier_{precision}.tflite").write_bytes(content)
