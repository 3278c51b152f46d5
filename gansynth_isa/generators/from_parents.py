"""Kinds whose clips are made of training clips, their parents: what they keep, and how parents and shares are drawn.

They keep the training clips in their folder, in the order of the fingerprint's `clips`, so that an index tells a clip.
"""

import abc
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.errors import UnfitClips
from gansynth_isa.generators.fitted import FittedDescription
from gansynth_isa.generators.latents import LatentGenerator, drawn_latents, in_blocks
from gansynth_isa.generators.stored_arrays import check_present, check_shapes, clip_shape
from gansynth_isa.runs.checkpoints import arrays_sha256
from gansynth_isa.tensors import Shape, Tensor

CLASS_ARRAYS = ("clips", "members", "starts", "counts")
HOLDS_CLIPS = "It holds the training clips themselves: whoever has it can take them out."


def in_order_of_ids(clips: ClipSet) -> ClipSet:
    """The clips in the order of `ClipSet.fingerprint()['clips']`."""
    return clips.select(np.array(sorted(range(len(clips)), key=lambda place: clips.clip_ids[place])))


def class_arrays(clips: ClipSet) -> dict[str, np.ndarray]:
    """The clips and where those of a class are, by name.

    Args:
      clips: every class has at least one.

    Returns:
      clips: float32 (n, frames, mel_bins, channels).
      members: int32 (n,), indices of clips, class after class.
      starts, counts: int32 (classes,), where the members of a class begin, and how many there are.
    """
    counts = np.bincount(clips.labels, minlength=len(clips.class_names))
    return {
        "clips": np.array(clips.spectrograms, np.float32),
        "members": np.argsort(clips.labels, kind="stable").astype(np.int32),
        "starts": (np.cumsum(counts) - counts).astype(np.int32),
        "counts": counts.astype(np.int32),
    }


def check_two_of_each_class(clips: ClipSet, kind: str, what: str) -> None:
    """Refuses clips of which a class has one alone.

    Raises:
      UnfitClips: names the first such class.
    """
    for name, count in clips.counts().items():
        if count < 2:
            raise UnfitClips(
                f"clips_per_class: expected two clips of each class or more for {what} of {kind}, got {count} of "
                f"{name!r}"
            )


def check_arrays(
    folder: Path, description: FittedDescription, arrays: Mapping[str, np.ndarray], names: Sequence[str]
) -> None:
    """Refuses arrays of other classes or clips than the description's, one of which was edited or exchanged.

    Args:
      folder: for messages.
      description: of the folder.
      arrays: what was fitted.
      names: the arrays that there must be; shapes of those in CLASS_ARRAYS are looked at.

    Raises:
      InputError: an array is missing or does not fit.
    """
    check_present(folder, arrays, names)
    clips = {"clips": (len(description.data["clips"]), *clip_shape(folder, description.features))}
    check_shapes(folder, arrays, clips | class_shapes(description))


def class_shapes(description: FittedDescription) -> dict[str, tuple[int, ...]]:
    """Shapes of the arrays of `class_arrays` but for the clips, by name."""
    num_clips, num_classes = len(description.data["clips"]), len(description.class_names)
    return {"members": (num_clips,), "starts": (num_classes,), "counts": (num_classes,)}


def uniform(standard: Tensor) -> Tensor:
    """Numbers uniform from 0 to 1 of standard normal ones: the normal distribution function."""
    return 0.5 * (1.0 + ops.erf(standard / np.float32(np.sqrt(2.0))))


def one_of(standard: Tensor, counts: Tensor) -> Tensor:
    """int32 whole numbers from 0 to below `counts`, each as likely, of standard normal ones of the same shape."""
    drawn = ops.cast(ops.floor(uniform(standard) * ops.cast(counts, "float32")), "int32")
    return ops.minimum(drawn, counts - 1)  # a latent far out may round to 1


class ParentSampler(keras.layers.Layer, abc.ABC):
    """Clips of latents: a training clip plus a share of the difference of two.

    Args:
      shapes: of the arrays by name; those named in INDICES are int32, the others float32.

    Call: latents (batch, LATENT_SIZE) and class indices (batch,) to (batch, frames, mel_bins, channels).
    """

    LATENT_SIZE: ClassVar[int]
    INDICES: ClassVar[tuple[str, ...]] = ("members", "starts", "counts")

    def __init__(self, shapes: Mapping[str, Shape], **options: Any):
        super().__init__(**{"dtype": "float32", "trainable": False} | options)
        self.shapes = {name: tuple(shape) for name, shape in shapes.items()}

    def build(self, latents_shape: Shape, class_index_shape: Shape) -> None:
        """Makes the arrays, whose values are set by `sampler_model`."""
        for name, shape in self.shapes.items():
            dtype = "int32" if name in self.INDICES else "float32"
            weight = self.add_weight(name=name, shape=shape, dtype=dtype, initializer="zeros", trainable=False)
            setattr(self, name, weight)

    @abc.abstractmethod
    def parents(self, latents: Tensor, class_index: Tensor) -> tuple[Tensor, Tensor]:
        """Who the clips are made of.

        Returns:
          int32 (batch, 3): indices of the clip, and of those whose difference it gets, the first minus the second;
          float32 (batch,): the share of the difference.
        """

    def differing(self) -> Tensor:
        """(n, frames or 1, mel_bins, channels): what of each training clip differences are taken of."""
        return self.clips

    def call(self, latents: Tensor, class_index: Tensor) -> Tensor:
        """The clips."""
        parents, shares = self.parents(latents, class_index)
        differing = self.differing()
        difference = ops.take(differing, parents[:, 1], axis=0) - ops.take(differing, parents[:, 2], axis=0)
        return ops.take(self.clips, parents[:, 0], axis=0) + ops.reshape(shares, (-1, 1, 1, 1)) * difference

    def member(self, standard: Tensor, class_index: Tensor) -> tuple[Tensor, Tensor]:
        """A clip of each class, drawn by a standard normal number: (its place within the class, its index)."""
        place = one_of(standard, ops.take(self.counts, class_index, axis=0))
        return place, self.at(class_index, place)

    def at(self, class_index: Tensor, place: Tensor) -> Tensor:
        """Indices of clips by their places within their classes."""
        return ops.take(self.members, ops.take(self.starts, class_index, axis=0) + place, axis=0)

    def get_config(self) -> dict[str, Any]:
        """What the constructor takes."""
        return {**super().get_config(), "shapes": {name: list(shape) for name, shape in self.shapes.items()}}


def sampler_model(sampler: ParentSampler, arrays: Mapping[str, np.ndarray], name: str) -> keras.Model:
    """The model of a sampler with its arrays, see `TrainedGenerator.keras_model`."""
    inputs = {
        "latents": keras.Input((sampler.LATENT_SIZE,), name="latents", dtype="float32"),
        "class_index": keras.Input((), dtype="int32", name="class_index"),
    }
    model = keras.Model(inputs, sampler(inputs["latents"], inputs["class_index"]), name=name)
    for array in sampler.shapes:
        getattr(sampler, array).assign(arrays[array])
    return model


class TrainedFromParents(LatentGenerator):
    """Clips of a sampler.

    Args:
      description: what it was fitted to.
      sampler: not built yet.
      arrays: of the sampler, by name.
      details: what the metadata of clips say.
    """

    def __init__(
        self, description: FittedDescription, sampler: ParentSampler, arrays: dict[str, np.ndarray], details: dict
    ):
        self.provenance = description.provenance(arrays_sha256(arrays), details)
        self._model = sampler_model(sampler, arrays, f"{description.kind}_generator")
        self._call = tf.function(self._model, reduce_retracing=True)
        self._parents = tf.function(lambda latents, labels: sampler.parents(latents, labels)[0])
        self.latent_size = sampler.LATENT_SIZE

    def clips_of_latents(self, latents: tf.Tensor, labels: np.ndarray) -> np.ndarray:
        return self._call({"latents": latents, "class_index": tf.constant(labels, tf.int32)}).numpy()

    def parent_clips(self, labels: np.ndarray, seed: int, first: int = 0) -> np.ndarray:
        def make(start: int, block_labels: np.ndarray) -> np.ndarray:
            latents = drawn_latents(seed, start, self.latent_size)
            return self._parents(latents, tf.constant(block_labels, tf.int32)).numpy()

        return np.concatenate([np.empty((0, 3), np.int32), *in_blocks(make, labels, first)])

    def limits(self) -> tuple[str, ...]:
        return (HOLDS_CLIPS,)

    def keras_model(self) -> keras.Model:
        return self._model
