"""Generators that are parts of another: fitted at once, in folders of their own within the folder of the whole."""

import shutil
from pathlib import Path
from typing import Any

from gansynth_isa.console import Console
from gansynth_isa.errors import OtherRun
from gansynth_isa.generators.base import DESCRIPTION_FILE, GeneratorKind, Surroundings, TrainingData


def fit_part(
    kind: GeneratorKind, config: Any, training: TrainingData, seed: int, whole: Path, name: str, console: Console
) -> None:
    """Fits a part, or finds it fitted.

    The whole begins when its parts are there. A part in a folder that does not say what the whole is was left by a
    training that was killed before it began: one of other settings or clips belongs to nothing, and is fitted anew.

    Args:
      kind: of the part.
      config: its resolved configuration.
      training: what it learns from.
      seed: of everything that is drawn.
      whole: folder of the whole.
      name: of the part's folder within.
      console: where lines go.

    Raises:
      OtherRun: the part of a whole that has begun has other settings or clips.
      InputError: see `GeneratorKind.fit`.
    """
    place = whole / name
    try:
        kind.fit(config, training, seed, place, Surroundings(console))
    except OtherRun:
        if (whole / DESCRIPTION_FILE).exists():
            raise
        console.line(f"{place}: left by a training of other settings or clips that never began; it is fitted anew")
        shutil.rmtree(place)
        kind.fit(config, training, seed, place, Surroundings(console))
