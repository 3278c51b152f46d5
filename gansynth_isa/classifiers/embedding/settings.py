"""Settings of a classifier of embeddings with nothing left open; TensorFlow is not needed for them."""

import dataclasses
from pathlib import Path

from gansynth_isa.classifiers.embedding.litert_metadata import stated_sample_rate
from gansynth_isa.classifiers.embedding.safety import LITERT_SUFFIX, model_sha256
from gansynth_isa.config import ClassifierConfig
from gansynth_isa.config.embedding import EMBEDDING
from gansynth_isa.errors import InputError
from gansynth_isa.validation import known


def with_model(config: ClassifierConfig) -> ClassifierConfig:
    """The configuration with the checksum and the sample rate of its model; one of another classifier as it is.

    Raises:
      InputError: the model is not named or not there, or is another than the one whose checksum is asked for; or its
        sample rate is neither given nor stated by the file, or given otherwise than stated.
    """
    if config.classifier != EMBEDDING:
        return config
    if config.embedding_model is None:
        raise InputError("embedding_model: expected a SavedModel, a .tflite or a .keras file, got nothing")
    found = model_sha256(Path(config.embedding_model))
    if config.embedding_sha256 not in (None, found):
        raise InputError(
            f"embedding_model: expected the model with the checksum {config.embedding_sha256}, got {found} "
            f"({config.embedding_model})"
        )
    return dataclasses.replace(config, embedding_sha256=found, embedding_sample_rate=_sample_rate(config))


def _sample_rate(config: ClassifierConfig) -> int:
    """In Hz, as given or as the file of the model states."""
    path, given = Path(known(config.embedding_model)), config.embedding_sample_rate
    stated = stated_sample_rate(path) if path.suffix == LITERT_SUFFIX else None
    if given is None and stated is None:
        raise InputError("embedding_sample_rate: expected the rate that the model was trained at, in Hz, got nothing")
    if given is not None and stated not in (None, given):
        raise InputError(f"embedding_sample_rate: expected {stated} Hz, as the model states, got {given} Hz")
    return known(stated if given is None else given)
