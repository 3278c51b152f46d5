"""Trains each lever's generator and measures its clips and what they are worth to a classifier, a row each."""

import dataclasses
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gansynth_isa.checks.levers.catalogue import NO_SETTINGS, Lever, with_lever
from gansynth_isa.classifiers.training import train_classifier
from gansynth_isa.config import ClassifierConfig, DataConfig, SeedConfig
from gansynth_isa.console import Console
from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.data.clip_sets.subset import choose_subset
from gansynth_isa.data.clip_sets.synthetic_clips import SyntheticClips
from gansynth_isa.errors import UnfitClips
from gansynth_isa.evaluation.instruments.measuring import Reference
from gansynth_isa.files import file_name
from gansynth_isa.generators.base import Surroundings, TrainingData
from gansynth_isa.generators.gansynth.config import GansynthConfig
from gansynth_isa.generators.generation import load_generator, make_clips
from gansynth_isa.generators.matching import matched
from gansynth_isa.generators.registry import DEFAULT_KIND, kind_named
from gansynth_isa.generators.training import fit_generator

KEY = ("level", "subset_seed", "gan", "lever")
CONTROL = "augmented"
WITH_CLIPS = "gan_augmented"


@dataclass(frozen=True)
class Place:
    """Where a lever is tried.

    Attributes:
      level: training clips per class; None: all.
      subset_seed: of the draw.
      gan: number of the generator on it, from 0 on.
    """

    level: int | None
    subset_seed: int
    gan: int

    @property
    def name(self) -> str:
        """Name of a folder."""
        return f"level-{self.level or 'all'}_subset-{self.subset_seed}_gan-{self.gan}"


@dataclass(frozen=True)
class Screening:
    """What all levers have in common.

    Attributes:
      train: the training side.
      test: the test side, of development recordings: choices are made by it.
      training: data and features of the training side; its clips are those of no level.
      gansynth: resolved settings of the progressive GAN, which levers change.
      classifier: of the comparison and the instruments; its method does not count.
      samples_per_class: synthetic clips.
      trials: classifiers each.
      seeds: of the generators.
      work_dir: keeps the trainings.
    """

    train: ClipSet
    test: ClipSet
    training: TrainingData
    gansynth: GansynthConfig
    classifier: ClassifierConfig
    samples_per_class: int
    trials: int
    seeds: SeedConfig
    work_dir: Path


def screen(
    screening: Screening, places: Sequence[Place], levers: Sequence[Lever], done: set[tuple], console: Console
) -> Iterator[dict]:
    """A row for each lever at each place, as soon as it is known; those that are `done` are left out.

    So is a kind that cannot learn from the clips of a place, which is said.

    Raises:
      InputError: a level above what the training side holds, or settings that do not fit the clips.
    """
    for place in places:
        left = [lever for lever in levers if _key(place, lever) not in done]
        if not left:
            continue
        data = screening.training.data
        subset = choose_subset(screening.train, place.level, place.subset_seed, data.clips_per_file)
        bench = _Bench(screening, place, subset, console.line)
        for lever in left:
            try:
                row = bench.row(lever, console)
            except UnfitClips as error:  # other levers may fit these clips
                console.line(f"{place.name}, {lever.name}: left out: {error}")
                continue
            yield row


def _key(place: Place, lever: Lever) -> tuple:
    return place.level, place.subset_seed, place.gan, lever.name


class _Bench:
    """One draw of training clips, and what follows from it whatever the lever."""

    def __init__(self, screening: Screening, place: Place, subset: ClipSet, report: Callable[[str], None]):
        self._screening, self._place, self._subset = screening, place, subset
        config = screening.classifier
        self._reference = Reference(subset, screening.test, config, screening.trials, screening.train)
        self._control = self._accuracies(CONTROL, None)
        report(f"{place.name}: {CONTROL} {_text(self._control)}")

    def row(self, lever: Lever, console: Console) -> dict:
        """Trains, generates and measures."""
        started = time.monotonic()
        clips = self._clips(lever, console)
        minutes = (time.monotonic() - started) / 60
        instruments = self._reference.measure(clips)
        accuracies = self._accuracies(WITH_CLIPS, clips, lever.use)
        useful = instruments.usefulness
        console.line(
            f"{self._place.name}, {lever.name}: usefulness {useful.value if useful else None}, accuracy "
            f"{_text(accuracies)} beside {_text(self._control)}, {minutes:.1f} min"
        )
        return {
            **dataclasses.asdict(self._place),
            "lever": lever.name,
            "generator": lever.kind,
            "settings": {**lever.settings, "match_moments": lever.match_moments},
            "accuracy": accuracies,
            "control": self._control,
            "use": {"real_share": self._screening.classifier.real_share, **lever.use},
            "minutes": round(minutes, 3),
            "instruments": instruments.to_dict(),
        }

    def _clips(self, lever: Lever, console: Console) -> SyntheticClips:
        screening, kind = self._screening, kind_named(lever.kind)
        folder = screening.work_dir / self._place.name / file_name(lever.run_name)
        if lever.kind == DEFAULT_KIND:
            config: Any = with_lever(screening.gansynth, lever)
        else:
            config = kind.config_class(**lever.settings)
        training = dataclasses.replace(screening.training, clips=self._subset, data=self._data())
        config = kind.resolve_for(config, training.data, training.features)
        seed = screening.seeds.seed + self._place.gan
        surroundings = Surroundings(console, show_reports=False)
        kind.check(config, surroundings)
        fit_generator(kind, config, training, seed, folder, surroundings)
        trained = matched(load_generator(folder, console.line), lever.match_moments, self._subset)
        return make_clips(trained, screening.samples_per_class, seed=seed)

    def _data(self) -> DataConfig:
        place = self._place
        return dataclasses.replace(
            self._screening.training.data, clips_per_class=place.level, subset_seed=place.subset_seed
        )

    def _accuracies(
        self, method: str, clips: SyntheticClips | None, use: Mapping[str, Any] = NO_SETTINGS
    ) -> list[float]:
        """One for each trial, the same seeds for every method."""
        screening = self._screening
        found = []
        for trial in range(screening.trials):
            config = dataclasses.replace(screening.classifier, method=method, trial_seed=trial, **use)
            found.append(train_classifier(config, self._subset, screening.test, clips).result["accuracy"])
        return found


def _text(accuracies: Sequence[float]) -> str:
    return f"{sum(accuracies) / len(accuracies):.3f}"
