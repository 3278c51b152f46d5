"""SavedModels that run with TensorFlow alone: features, networks and averages over clips are in the graph."""

from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from gansynth_isa.config import DataConfig, FeatureConfig
from gansynth_isa.data.audio.cutting import clip_stride
from gansynth_isa.derived import clip_samples
from gansynth_isa.generators.base import BATCH_SIZE
from gansynth_isa.generators.latents import drawn_latents
from gansynth_isa.spectral.transform import make_transform

CLASS_NAMES_FILE = "class_names.txt"
SETTINGS_FILE = "settings.json"
CLASSIFY = "classify_"  # and the data type
CLASSIFY_WAVEFORM = f"{CLASSIFY}waveform"


class _Servable(tf.Module):
    """A Keras model whose variables a SavedModel finds, with the files that go along as assets."""

    def __init__(self, model: keras.Model, asset_dir: Path):
        super().__init__()
        self._model = model
        self._tracked = [variable.value for variable in model.variables]
        self.class_names_file = tf.saved_model.Asset(str(asset_dir / CLASS_NAMES_FILE))
        self.settings_file = tf.saved_model.Asset(str(asset_dir / SETTINGS_FILE))


class ServableClassifier(_Servable):
    """Signatures `classify_waveform` and `classify_log_mel`; both give {'probabilities': (batch, classes)}.

    With clips of another data type the second is named after that, `classify_mel` for one, and so is its input.

    Args:
      model: see `deployable.deployable_classifier`.
      data, features: how recordings are cut and transformed.
      asset_dir: folder that holds CLASS_NAMES_FILE and SETTINGS_FILE.
    """

    def __init__(self, model: keras.Model, data: DataConfig, features: FeatureConfig, asset_dir: Path):
        super().__init__(model, asset_dir)
        self._data = data
        self._transform = make_transform(features, data.sample_rate)
        self._clips_signature = f"{CLASSIFY}{features.data_type}"
        clips_spec = tf.TensorSpec((None, *model.input_shape[1:]), tf.float32, name=features.data_type)
        waveform_spec = tf.TensorSpec((None, None), tf.float32, name="waveform")
        self.classify_waveform = tf.function(self._classify_waveform, input_signature=[waveform_spec])
        setattr(self, self._clips_signature, tf.function(self._classify_clips, input_signature=[clips_spec]))

    def signatures(self) -> dict[str, tf.types.experimental.GenericFunction]:
        """Name -> function, as `tf.saved_model.save` takes them."""
        return {name: getattr(self, name) for name in (CLASSIFY_WAVEFORM, self._clips_signature)}

    def _classify_clips(self, clips: tf.Tensor) -> dict[str, tf.Tensor]:
        return {"probabilities": self._model(clips, training=False)}

    def _classify_waveform(self, waveform: tf.Tensor) -> dict[str, tf.Tensor]:
        """Means over the clips of each waveform (batch, samples), cut as `cut_clips` cuts a recording."""
        length, stride = clip_samples(self._data), clip_stride(self._data)
        missing = tf.maximum(0, length - tf.shape(waveform)[1])
        clips = tf.signal.frame(tf.pad(waveform, [[0, 0], [missing, 0]]), length, stride)
        num_clips = tf.shape(clips)[1]
        clips = tf.reshape(clips, (-1, length))
        probabilities = self._model(self._transform(self._scaled(clips)), training=False)
        heard = tf.reshape(self._is_heard(clips, missing), (-1, num_clips, 1))
        # Where no clip is loud enough all of them count: there must be an answer.
        heard = tf.where(tf.reduce_any(heard, axis=1, keepdims=True), heard, True)
        weights = tf.cast(heard, tf.float32)
        grouped = tf.reshape(probabilities, (-1, num_clips, probabilities.shape[-1]))
        return {"probabilities": tf.reduce_sum(grouped * weights, axis=1) / tf.reduce_sum(weights, axis=1)}

    def _scaled(self, clips: tf.Tensor) -> tf.Tensor:
        if not self._data.peak_normalize:
            return clips
        return tf.math.divide_no_nan(clips, tf.reduce_max(tf.abs(clips), axis=1, keepdims=True))

    def _is_heard(self, clips: tf.Tensor, missing: tf.Tensor) -> tf.Tensor:
        if self._data.min_clip_dbfs is None:
            return tf.ones(tf.shape(clips)[:1], tf.bool)
        num_own = tf.cast(tf.shape(clips)[1] - missing, tf.float32)
        mean_square = tf.reduce_sum(tf.square(clips), axis=1) / tf.maximum(num_own, 1.0)
        return mean_square >= 10.0 ** (self._data.min_clip_dbfs / 10.0)


class ServableGenerator(_Servable):
    """Signatures `generate` and `generate_from_latents`; both give {'log_mel': restored clips}.

    With clips of another data type the output is named after that.

    Args:
      model: see `deployable.deployable_generator`.
      data_type: of the clips.
      asset_dir: folder that holds CLASS_NAMES_FILE and SETTINGS_FILE.
    """

    def __init__(self, model: keras.Model, data_type: str, asset_dir: Path):
        super().__init__(model, asset_dir)
        self._data_type = data_type
        self._latent_size = model.input["latents"].shape[-1]
        class_spec = tf.TensorSpec((None,), tf.int32, name="class_index")
        latents_spec = tf.TensorSpec((None, self._latent_size), tf.float32, name="latents")
        seed_spec = tf.TensorSpec((), tf.int32, name="seed")
        self.generate = tf.function(self._generate, input_signature=[class_spec, seed_spec])
        self.generate_from_latents = tf.function(
            self._generate_from_latents, input_signature=[latents_spec, class_spec]
        )

    def signatures(self) -> dict[str, tf.types.experimental.GenericFunction]:
        """Name -> function, as `tf.saved_model.save` takes them."""
        return {"generate": self.generate, "generate_from_latents": self.generate_from_latents}

    def _generate_from_latents(self, latents: tf.Tensor, class_index: tf.Tensor) -> dict[str, tf.Tensor]:
        return {self._data_type: self._model({"latents": latents, "class_index": class_index}, training=False)}

    def _generate(self, class_index: tf.Tensor, seed: tf.Tensor) -> dict[str, tf.Tensor]:
        """The clips of `TrainedGenerator.clips`, made block by block: latents may be as large as clips."""
        num_clips = tf.shape(class_index)[0]
        return tf.cond(
            num_clips <= BATCH_SIZE,
            lambda: self._generate_from_latents(self._latents(seed, 0)[:num_clips], class_index),
            lambda: {self._data_type: self._blocks(class_index, seed)[:num_clips]},
        )

    def _latents(self, seed: tf.Tensor, first: int | tf.Tensor) -> tf.Tensor:
        return drawn_latents(seed, first, self._latent_size)

    def _blocks(self, class_index: tf.Tensor, seed: tf.Tensor) -> tf.Tensor:
        """Clips of whole blocks, the last one filled up with clips of class 0."""
        missing = -tf.shape(class_index)[0] % BATCH_SIZE
        labels = tf.reshape(tf.pad(class_index, [[0, missing]]), (-1, BATCH_SIZE))
        shape = self._model.output_shape[1:]
        clips = tf.map_fn(
            lambda block: self._generate_from_latents(self._latents(seed, block[0]), block[1])[self._data_type],
            (tf.range(tf.shape(labels)[0]) * BATCH_SIZE, labels),
            fn_output_signature=tf.TensorSpec((BATCH_SIZE, *shape), tf.float32),
            parallel_iterations=1,
        )
        return tf.reshape(clips, (-1, *shape))


def save_classifier(
    model: keras.Model, data: DataConfig, features: FeatureConfig, folder: Path, asset_dir: Path
) -> None:
    """Writes the SavedModel of a deployable classifier."""
    servable = ServableClassifier(model, data, features, asset_dir)
    tf.saved_model.save(servable, str(folder), signatures=servable.signatures())


def save_generator(model: keras.Model, data_type: str, folder: Path, asset_dir: Path) -> None:
    """Writes the SavedModel of a deployable generator."""
    servable = ServableGenerator(model, data_type, asset_dir)
    tf.saved_model.save(servable, str(folder), signatures=servable.signatures())


def classify_with(loaded: Any, data_type: str, clips: np.ndarray) -> np.ndarray:
    """Probabilities (clips, classes) from a loaded SavedModel of a classifier."""
    return loaded.signatures[f"{CLASSIFY}{data_type}"](**{data_type: tf.constant(clips)})["probabilities"].numpy()


def num_classes_of(loaded: Any, data_type: str) -> int:
    """How many probabilities a loaded SavedModel of a classifier gives a clip; KeyError if it takes other clips."""
    return loaded.signatures[f"{CLASSIFY}{data_type}"].structured_outputs["probabilities"].shape[-1]
