"""Data-to-data cross-entropy of ReACGAN (Kang et al. 2021): unit features, learnt unit proxies, and margins.

A feature is drawn to its class's proxy until their cosine is MARGIN, and away from features of other classes until
theirs is 1 - MARGIN: from there on nothing is gained by being more typical.
"""

from keras import ops

from gansynth_isa.tensors import Tensor

# Those of the authors' setting for 10 classes (CIFAR10).
MARGIN = 0.98
TEMPERATURE = 0.5
EXCLUDED = -1e9


def data_to_data_cross_entropy(
    one_hot: Tensor,
    cosines: Tensor,
    features: Tensor,
    num_groups: int = 1,
    margin: float = MARGIN,
    temperature: float = TEMPERATURE,
) -> Tensor:
    """Mean over a batch of -log(p / (p + sum over features of other classes of n)).

    p is exp(min(cosine with the own proxy - margin, 0) / temperature), and n is
    exp(max(cosine with the other feature - (1 - margin), 0) / temperature).

    Args:
      one_hot: labels (batch, classes).
      cosines: of features and proxies, (batch, classes).
      features: of length 1, (batch, size).
      num_groups: the batch holds this many independent batches one after the other.

    Returns:
      Scalar.
    """
    one_hot, features = (ops.reshape(part, (num_groups, -1, part.shape[-1])) for part in (one_hot, features))
    own = ops.sum(one_hot * ops.reshape(cosines, ops.shape(one_hot)), axis=-1, keepdims=True)
    attraction = ops.minimum(own - margin, 0.0) / temperature
    alike = ops.matmul(features, ops.swapaxes(features, 1, 2))
    repulsion = ops.maximum(alike - (1.0 - margin), 0.0) / temperature
    is_same_class = ops.matmul(one_hot, ops.swapaxes(one_hot, 1, 2)) > 0.5
    terms = ops.concatenate([attraction, ops.where(is_same_class, EXCLUDED, repulsion)], axis=-1)
    return ops.mean(ops.logsumexp(terms, axis=-1) - attraction[..., 0])
