"""Class loss of the auxiliary classifier head (ACGAN, Odena et al. 2017)."""

from keras import ops

from gansynth_isa.tensors import Tensor


def class_cross_entropy(one_hot: Tensor, logits: Tensor) -> Tensor:
    """Mean softmax cross-entropy: one-hot labels (batch, classes), logits (batch, classes) -> scalar."""
    return ops.mean(ops.categorical_crossentropy(one_hot, logits, from_logits=True))


def class_accuracy(one_hot: Tensor, logits: Tensor) -> Tensor:
    """Share of the batch whose largest logit is the label's."""
    hits = ops.equal(ops.argmax(logits, axis=-1), ops.argmax(one_hot, axis=-1))
    return ops.mean(ops.cast(hits, "float32"))
