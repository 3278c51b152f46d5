"""The training of a generator of any kind, with what every folder of one keeps beside what the kind writes."""

import dataclasses
from pathlib import Path
from typing import Any

from gansynth_isa.generators.base import GeneratorKind, Surroundings, TrainingData
from gansynth_isa.generators.moments import keep_moments


def fit_generator(
    kind: GeneratorKind, config: Any, training: TrainingData, seed: int, folder: Path, surroundings: Surroundings
) -> None:
    """Trains a generator as `GeneratorKind.fit` does, and keeps the moments of its training clips in its folder.

    They are written when the folder is this process' own, before the first step: a finished training stays as it is,
    and one that was killed finds them when it goes on.

    Raises:
      InputError: see `GeneratorKind.fit`.
      TrainingDiverged: a value is not finite.
      Interrupted: a signal asked to stop; the state is saved.
    """

    def open_log(path: Path) -> None:
        keep_moments(training.clips, folder)
        if surroundings.open_log:
            surroundings.open_log(path)

    kind.fit(config, training, seed, folder, dataclasses.replace(surroundings, open_log=open_log))
