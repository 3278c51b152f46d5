"""How features of an image are compared with the classes, where that is not the original's class head."""

import math
from typing import Any

import keras
from keras import ops

from gansynth_isa.tensors import Shape, Tensor
from gansynth_isa.validation import known

UNIT_EPSILON = 1e-12


def unit_length(vectors: Tensor, axis: int = -1) -> Tensor:
    """Vectors along an axis, scaled to a length of 1."""
    squares = ops.sum(ops.square(vectors), axis=axis, keepdims=True)
    return vectors * ops.rsqrt(squares + UNIT_EPSILON)


@keras.saving.register_keras_serializable("gansynth_isa")
class ClassEmbedding(keras.layers.Layer):
    """Inner products of features with one learnt vector per class: (batch, inputs) -> (batch, num_classes).

    The vectors are drawn from N(0, 1) and scaled by 1 / sqrt(inputs) when used, or to a length of 1.

    Args:
      num_classes: number of classes.
      unit: scale the vectors to a length of 1; of features of length 1 the products are then cosines.
      seed: seed of the weights.
    """

    def __init__(self, num_classes: int, unit: bool = False, seed: int = 0, **kwargs: Any):
        super().__init__(**kwargs)
        self.num_classes, self.unit, self.seed = num_classes, unit, seed

    def build(self, input_shape: Shape) -> None:
        num_inputs = known(input_shape[-1])
        initializer = keras.initializers.RandomNormal(0.0, 1.0, seed=self.seed)
        self.kernel = self.add_weight(name="kernel", shape=(num_inputs, self.num_classes), initializer=initializer)
        self.scale = 1.0 / math.sqrt(num_inputs)

    def call(self, features: Tensor) -> Tensor:
        vectors = unit_length(self.kernel, axis=0) if self.unit else self.kernel * self.scale
        return ops.matmul(features, vectors)

    def get_config(self) -> dict[str, Any]:
        own = {"num_classes": self.num_classes, "unit": self.unit, "seed": self.seed}
        return {**super().get_config(), **own}
