"""Variables under the names and in the layouts of an original GANSynth checkpoint."""

import re
from collections.abc import Sequence

import numpy as np

from gansynth_isa.generators.gansynth.networks.discriminator import Discriminator
from gansynth_isa.generators.gansynth.networks.generator import Generator
from gansynth_isa.tensors import Tensor

GENERATOR_SCOPE = "Generator/progressive_gan_generator"
DISCRIMINATOR_SCOPE = "Discriminator/progressive_gan_discriminator"
CLASS_HEAD = "Discriminator/discriminator_cond/classification_logits"


def original_name(network: Generator | Discriminator, path: str) -> str:
    """Name in an original checkpoint of the variable whose Keras path is `path`."""
    layer, variable = path.split("/")[-2:]
    scope = GENERATOR_SCOPE if isinstance(network, Generator) else DISCRIMINATOR_SCOPE
    block = re.fullmatch(r"block_(\d+)_(\w+)", layer)
    if block:
        prefix, kind = f"{scope}/progressive_gan_block_{block[1]}/{block[2]}", "conv2d"
    elif layer == "score":
        prefix, kind = f"{scope}/progressive_gan_block_1/logits", "dense"
    else:
        prefix, kind = CLASS_HEAD, "dense"
    return f"{prefix}/bias" if variable == "bias" else f"{prefix}/{kind}/kernel"


def original_arrays(network: Generator | Discriminator, values: Sequence[np.ndarray | Tensor]) -> dict[str, np.ndarray]:
    """Arrays that belong to `network.trainable_variables`, in order, by original name and in original layout."""
    return {
        original_name(network, variable.path): _to_original(network, variable.path, np.asarray(value))
        for variable, value in zip(network.trainable_variables, values, strict=True)
    }


def set_original_arrays(network: Generator | Discriminator, arrays: dict[str, np.ndarray]) -> None:
    """Sets every weight of `network` from arrays by original name; KeyError names one that is missing."""
    for variable in network.trainable_variables:
        array = arrays[original_name(network, variable.path)]
        if _is_start(network, variable.path):
            array = np.transpose(array[::-1, ::-1], (2, 0, 1, 3))
        variable.assign(np.reshape(array, variable.shape))


def _to_original(network: Generator | Discriminator, path: str, value: np.ndarray) -> np.ndarray:
    if _is_start(network, path):
        return np.transpose(value, (1, 2, 0, 3))[::-1, ::-1]
    if isinstance(network, Discriminator) and path.endswith("block_1_conv1/kernel"):
        return np.reshape(value, (*network.start_resolution, -1, value.shape[-1]))
    return value


def _is_start(network: Generator | Discriminator, path: str) -> bool:
    return isinstance(network, Generator) and path.endswith("block_1_conv0/kernel")
