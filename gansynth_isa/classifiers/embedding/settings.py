"""Settings of a classifier of embeddings with nothing left open; TensorFlow is not needed for them."""

import dataclasses
from pathlib import Path

from gansynth_isa.classifiers.embedding.safety import model_sha256
from gansynth_isa.config import ClassifierConfig
from gansynth_isa.config.classifier import EMBEDDING
from gansynth_isa.errors import InputError


def with_model(config: ClassifierConfig) -> ClassifierConfig:
    """The configuration with the checksum of its model; one of another classifier as it is.

    Raises:
      InputError: the model or its sample rate is not named, the model is not there, or is another than the one whose
        checksum is asked for.
    """
    if config.classifier != EMBEDDING:
        return config
    if config.embedding_model is None:
        raise InputError("embedding_model: expected a SavedModel, a .tflite or a .keras file, got nothing")
    if config.embedding_sample_rate is None:
        raise InputError("embedding_sample_rate: expected the rate that the model was trained at, in Hz, got nothing")
    found = model_sha256(Path(config.embedding_model))
    if config.embedding_sha256 not in (None, found):
        raise InputError(
            f"embedding_model: expected the model with the checksum {config.embedding_sha256}, got {found} "
            f"({config.embedding_model})"
        )
    return dataclasses.replace(config, embedding_sha256=found)
