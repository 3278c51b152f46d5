"""Weights of a trained classifier that another one starts from: all but those of its last layer."""

import dataclasses
import hashlib
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np

from gansynth_isa.classifiers.classifier import is_standardised
from gansynth_isa.classifiers.files import (
    FOLDER_MEANING,
    RESULT_FILE,
    check_version,
    load_model_of,
    read_json,
)
from gansynth_isa.config import ClassifierConfig
from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.errors import InputError

# In result.json: SHA-256 of all recordings that the weights have seen, with and without label, also before.
SEEN = "seen_recordings"


@dataclass(frozen=True)
class StartingWeights:
    """Weights to start from, and what they have seen.

    Attributes:
      network: as it was trained, of standardised clips.
      sha256: of its weights but for the last layer's, hexadecimal.
      seen: SHA-256 of every recording that the weights have learnt from.
    """

    network: keras.Model
    sha256: str
    seen: frozenset[str]

    def put_into(self, network: keras.Model) -> None:
        """Gives a new network all weights but for those of its last layer, which is of its own classes.

        Raises:
          InputError: it is another network, or one of clips of another size.
        """
        theirs, ours = _trunk(self.network), _trunk(network)
        shapes = [[weight.shape for weight in layer.weights] for layer in theirs]
        if self.network.name != network.name or shapes != [[each.shape for each in layer.weights] for layer in ours]:
            raise InputError(
                f"classifier_init_from: expected weights of a {network.name} for clips {network.input_shape[1:]}, "
                f"got those of a {self.network.name} for clips {self.network.input_shape[1:]}"
            )
        for old, new in zip(theirs, ours, strict=True):
            new.set_weights(old.get_weights())

    def check_unseen(self, test: ClipSet) -> None:
        """Refuses weights that have learnt from a recording of the test side, known by its content.

        Raises:
          InputError: names the first such recording.
        """
        seen = sorted(path for path, digest in test.digests.items() if digest in self.seen)
        if seen:
            more = f" and {len(seen) - 1} more test recordings" if len(seen) > 1 else ""
            raise InputError(
                f"classifier_init_from: expected weights that have seen no test recording, but they have learnt from "
                f"{seen[0]}{more}"
            )


def read_starting_weights(config: ClassifierConfig) -> StartingWeights | None:
    """The weights that `config` says to start from, None where it says nothing.

    Raises:
      InputError: the folder holds no trained network, an older one that does not say what it has seen, or other weights
        than expected.
    """
    if config.classifier_init_from is None:
        if config.classifier_init_sha256 is not None:
            raise InputError(
                "classifier_init_from: expected the folder of the weights of classifier_init_sha256, got none"
            )
        return None
    folder = Path(config.classifier_init_from)
    result = read_json(folder / RESULT_FILE, FOLDER_MEANING)
    check_version(folder / RESULT_FILE, result)
    seen = result.get(SEEN)
    if not isinstance(seen, list) or not all(isinstance(digest, str) for digest in seen):
        raise InputError(
            f"{folder / RESULT_FILE}: expected {SEEN}, the recordings that a classifier has learnt from; train it "
            "again with this version"
        )
    network = _network_of(folder, load_model_of(folder, result))
    found = StartingWeights(network, _digest(network), frozenset(seen))
    if config.classifier_init_sha256 not in (None, found.sha256):
        raise InputError(
            f"classifier_init_sha256: expected {config.classifier_init_sha256}, got {found.sha256} from {folder}"
        )
    return found


def with_starting_weights(config: ClassifierConfig) -> ClassifierConfig:
    """`config` with the SHA-256 of the weights that it says to start from.

    Raises:
      InputError: see `read_starting_weights`.
    """
    start = read_starting_weights(config)
    return config if start is None else dataclasses.replace(config, classifier_init_sha256=start.sha256)


def _network_of(folder: Path, model: keras.Model) -> keras.Model:
    """The network inside a classifier's model."""
    inner = [layer for layer in model.layers if isinstance(layer, keras.Model)]
    if inner:
        return inner[0]
    if is_standardised(model):
        raise InputError(f"{folder}: expected a trained network to start from, got a classifier without one")
    return model  # of an earlier version, whose models took standardised clips


def _trunk(network: keras.Model) -> list[keras.Layer]:
    """The layers with weights, but for the last one."""
    return [layer for layer in network.layers if layer.weights][:-1]


def _digest(network: keras.Model) -> str:
    digest = hashlib.sha256(network.name.encode())
    for layer in _trunk(network):
        for weight in layer.get_weights():
            digest.update(str(weight.shape).encode())
            digest.update(np.ascontiguousarray(weight, "<f4").tobytes())
    return digest.hexdigest()
