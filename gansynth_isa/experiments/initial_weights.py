"""Weights of a trained generator that the generators of an experiment start from."""

import dataclasses
from collections.abc import Callable, Mapping

from gansynth_isa.config import GenerationConfig
from gansynth_isa.console import Console
from gansynth_isa.errors import InputError
from gansynth_isa.experiments.config import ExperimentConfig
from gansynth_isa.experiments.folds import Fold
from gansynth_isa.generators.base import Provenance, Surroundings
from gansynth_isa.generators.generation import load_generator
from gansynth_isa.generators.provenance import check_recordings_unseen
from gansynth_isa.generators.registry import kind_named


def initial_origin(generation: GenerationConfig, warn: Callable[[str], None]) -> Provenance | None:
    """Where the weights come from that `generation` says to start from, None where it says nothing.

    Raises:
      InputError: the folder holds no finished training, or other weights than expected.
    """
    folder, expected = generation.init_from, generation.init_sha256
    if folder is None:
        if expected is not None:
            raise InputError("init_from: expected the folder of the weights of init_sha256, got none")
        return None
    origin = load_generator(folder, warn).provenance
    if expected not in (None, origin.weights_sha256):
        raise InputError(f"init_sha256: expected {expected}, got {origin.weights_sha256} from {folder}")
    return origin


def with_initial_weights(generation: GenerationConfig, origin: Provenance | None) -> GenerationConfig:
    """`generation` with the SHA-256 of the weights of `origin`, which it says to start from."""
    return generation if origin is None else dataclasses.replace(generation, init_sha256=origin.weights_sha256)


def check_initial_weights(
    config: ExperimentConfig, origin: Provenance | None, folds: Mapping[str, Fold], console: Console
) -> None:
    """Checks, before anything is trained, that generators can start from these weights, and that they have no advance.

    Args:
      config: of the experiment.
      origin: see `initial_origin`.
      folds: both sides of each.
      console: says where nothing is known of what the weights have learnt from.

    Raises:
      InputError: a kind that starts from no weights or from those of another kind; weights that have seen a recording
        of the experiment: one of the test side, or one whose label other methods of a level may not have.
    """
    if origin is None:
        return
    for name in config.grid.generators:
        kind = kind_named(name)
        if not kind.starts_from_weights:
            raise InputError(f"init_from: expected generators that start from weights, got {name} among them")
        if origin.kind != name:
            raise InputError(f"init_from: expected a training of {name}, got one of {origin.kind}")
        kind.check(config.generators[name], Surroundings(console, init_from=config.generation.init_from))
    if not origin.recordings["files"]:
        console.line("init_from: the weights do not say what they have learnt from; test recordings may be among it")
    for fold in folds.values():
        check_recordings_unseen(origin.recordings, fold.test, "init_from")
        _check_beyond(origin, fold)


def _check_beyond(origin: Provenance, fold: Fold) -> None:
    """Refuses weights that have learnt from a recording of the training side, whatever its file was called."""
    before = origin.recordings.get("files_before", {}).values()
    digests = {*origin.recordings["files"].values(), *(digest for found in before for digest in found)}
    known = sorted(path for path, digest in fold.train.digests.items() if digest in digests)
    if known:
        more = f" and {len(known) - 1} more training recordings" if len(known) > 1 else ""
        raise InputError(
            "init_from: expected weights of other recordings than the experiment's, whose labels not all methods have, "
            f"but they have learnt from {known[0]}{more}"
        )
