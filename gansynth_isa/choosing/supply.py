"""What synthetic clips are made from while a method is chosen, and after."""

import hashlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from gansynth_isa.choosing.candidates import Candidate, kinds_of
from gansynth_isa.choosing.named_settings import filled_in
from gansynth_isa.console import Console
from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.data.clip_sets.synthetic_clips import SyntheticClips
from gansynth_isa.errors import InputError, UnfitClips
from gansynth_isa.generators.base import Surroundings, TrainingData
from gansynth_isa.generators.generation import load_generator, make_clips
from gansynth_isa.generators.registry import kind_named
from gansynth_isa.generators.training import fit_generator
from gansynth_isa.validation import to_dict


@dataclass(frozen=True)
class Supply:
    """Training clips, and how generators that learn from them are trained.

    Attributes:
      training: the training side, and how it became what it is. There is no test side here: no choice sees it.
      generators: kind -> its settings.
      samples_per_class: synthetic clips of each class.
      seed: of generators and their clips.
    """

    training: TrainingData
    generators: Mapping[str, Any]
    samples_per_class: int
    seed: int

    @property
    def clips(self) -> ClipSet:
        """The training clips."""
        return self.training.clips

    @property
    def num_synthetic(self) -> int:
        """Synthetic clips of a candidate that uses any."""
        return self.samples_per_class * len(self.clips.class_names)

    def check(self, candidates: tuple[Candidate, ...]) -> None:
        """Refuses candidates whose kind of generator has no settings here.

        Raises:
          InputError: names the kind.
        """
        for kind in kinds_of(candidates):
            if kind not in self.generators:
                raise InputError(f"auto_candidates: expected settings of the kind {kind}, got none")

    def settings_of(self, kind: str) -> Any:
        """Settings of a kind; those that were left open are as development sets name them."""
        return filled_in(kind, self.generators[kind])

    def digest(self, candidates: tuple[Candidate, ...]) -> str | None:
        """SHA-256 of all that decides the synthetic clips but the training clips; None where no candidate uses any."""
        kinds = {kind: to_dict(self.settings_of(kind)) for kind in kinds_of(candidates)}
        if not kinds:
            return None
        values = {"generators": kinds, "samples_per_class": self.samples_per_class, "seed": self.seed}
        return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


def synthetic_clips(supply: Supply, kind: str, clips: ClipSet, folder: Path, console: Console) -> SyntheticClips:
    """Clips of a generator of this kind that learns from `clips` alone.

    Args:
      supply: settings, data and features.
      kind: of the generator.
      clips: some or all of the training side.
      folder: of the generator's training; one that was stopped goes on there, and one of other settings or clips, or a
        damaged one, which can only be left by a choice that was stopped, makes way.
      console: where a long training shows how far it is.

    Raises:
      UnfitClips: this kind cannot learn from such clips.
      InputError: see `GeneratorKind.fit`.
    """
    training = TrainingData(clips, supply.training.data, supply.training.features)
    surroundings = Surroundings(console, show_reports=False)
    fit = partial(fit_generator, kind_named(kind), supply.settings_of(kind), training, supply.seed, folder)
    try:
        fit(surroundings)
    except UnfitClips:
        raise
    except InputError:  # of other settings, or damaged
        shutil.rmtree(folder, ignore_errors=True)
        fit(surroundings)
    return make_clips(load_generator(folder, console.line), supply.samples_per_class, (), supply.seed)
