"""Compares what is read from a checkpoint of the original GANSynth with the tensors it was saved from."""

from pathlib import Path

import numpy as np

from gansynth_isa.checks.reference.networks import load_arrays, relative_error
from gansynth_isa.generators.gansynth.networks.building import build_discriminator, build_generator
from gansynth_isa.generators.gansynth.networks.discriminator import Discriminator
from gansynth_isa.generators.gansynth.networks.generator import Generator
from gansynth_isa.generators.gansynth.original.names import original_arrays
from gansynth_isa.generators.gansynth.original.run import OriginalRun

EXPECTED_FILE = "expected.npz"
GROUPS = {"generator": "after", "average": "ema", "discriminator": "after"}  # part -> group of EXPECTED_FILE


def check_checkpoint(folder: Path) -> dict[str, tuple[tuple[int, ...], float]]:
    """(shape, relative error) of every array of an original run, by group and original name.

    Weights are those of the group `after`, moving averages of `ema`; an expected array that was not read has an
    infinite error.

    Args:
      folder: run folder of the original with EXPECTED_FILE beside its stages.

    Raises:
      InputError: no such run, or EXPECTED_FILE cannot be read.
    """
    groups = tuple(f"{group}/" for group in GROUPS.values())
    expected = {name: array for name, array in load_arrays(folder / EXPECTED_FILE).items() if name.startswith(groups)}
    found = _arrays_by_original_name(OriginalRun(folder))
    return {
        name: (array.shape, relative_error(found[name], array) if name in found else float("inf"))
        for name, array in sorted(expected.items())
    }


def _arrays_by_original_name(run: OriginalRun) -> dict[str, np.ndarray]:
    """What the networks of all stages take from the run, in the original's layout."""
    arrays = run.arrays()
    found: dict[str, np.ndarray] = {}
    network, num_classes = run.description.config.network, len(run.description.class_names)
    for num_blocks in range(1, run.num_blocks + 1):
        shape = (network, num_classes, num_blocks, False, run.description.num_channels)
        built: dict[str, Generator | Discriminator] = {
            "generator": build_generator(*shape),
            "average": build_generator(*shape, name="average"),
            "discriminator": build_discriminator(*shape),
        }
        for part, model in built.items():
            values = [arrays[f"{part}/{variable.path}"] for variable in model.trainable_variables]
            found |= {f"{GROUPS[part]}/{name}": value for name, value in original_arrays(model, values).items()}
    return found
