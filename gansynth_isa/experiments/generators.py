"""The generators of an experiment: trained when their clips are first asked for, measured once, kept in its folder."""

import dataclasses
import shutil
import time
from pathlib import Path

from gansynth_isa.classifiers.classifier import Classifier
from gansynth_isa.classifiers.guessing import with_guesses
from gansynth_isa.classifiers.training import train_classifier
from gansynth_isa.config import DataConfig
from gansynth_isa.console import Console
from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.data.clip_sets.synthetic_folder import SyntheticClips, read_synthetic
from gansynth_isa.errors import InputError
from gansynth_isa.evaluation.held_out import seen_clips
from gansynth_isa.evaluation.measures import measure_clips
from gansynth_isa.experiments.experiment import OpenExperiment
from gansynth_isa.experiments.folds import Fold
from gansynth_isa.experiments.instruments import instrument_row
from gansynth_isa.experiments.pools import pool_in
from gansynth_isa.experiments.rows.files import GANS_FILE, read_rows
from gansynth_isa.experiments.trials import GeneratorKey
from gansynth_isa.generators.base import Surroundings, TrainingData
from gansynth_isa.generators.generation import load_generator, write_clips
from gansynth_isa.generators.keeping import make_keeper
from gansynth_isa.generators.matching import matched
from gansynth_isa.generators.provenance import check_synthetic
from gansynth_isa.generators.registry import kind_named
from gansynth_isa.generators.training import fit_generator
from gansynth_isa.runs.folder_lock import wait_until_free

# A lost worker may hold the folder of its generator until it has saved, or until the others' machines notice.
LOCK_WAIT_S = 120.0


class GeneratorSource:
    """Gives the synthetic clips of a generator; trains, generates and measures only what is not there yet."""

    def __init__(self, experiment: OpenExperiment, console: Console):
        self._experiment, self._config = experiment, experiment.config
        self._output_dir = experiment.output_dir
        self._console = console
        self._measured = _measured_generators(experiment.output_dir)
        self._judges: dict[str, Classifier] = {}

    def make(self, key: GeneratorKey, fold: Fold, subset: ClipSet) -> tuple[SyntheticClips, dict | None]:
        """The synthetic clips of generator `key`, trained on `subset` of the training side of `fold`.

        Returns:
          The clips, and the row of their measures for `gans.jsonl`; None where it is there already.

        Raises:
          InputError: the folder holds clips of a generator that was trained on something else.
        """
        started = time.monotonic()
        synthetic = self._present_clips(key)
        if synthetic is None:
            self._console.line(f"{key.name}: {kind_named(key.kind).title} on {len(subset)} clips")
            synthetic = self._train_and_generate(key, fold, subset)
        synthetic = check_synthetic(synthetic, subset, fold.test, self._data(key, fold), self._config.features)
        if key in self._measured:
            return synthetic, None
        return synthetic, self._measure(key, fold, subset, synthetic, (time.monotonic() - started) / 60)

    def read(self, key: GeneratorKey, fold: Fold, subset: ClipSet) -> SyntheticClips:
        """The synthetic clips of generator `key`, which `make` has made.

        Raises:
          InputError: they are not there, or of a generator that was trained on something else.
        """
        synthetic = read_synthetic(self._synthetic_dir(key))
        return check_synthetic(synthetic, subset, fold.test, self._data(key, fold), self._config.features)

    def is_trained(self, key: GeneratorKey) -> bool:
        """Whether the clips of generator `key` were measured before, so that little is left to do for it."""
        return key in self._measured and self._synthetic_dir(key).exists()

    def _synthetic_dir(self, key: GeneratorKey) -> Path:
        return synthetic_dir(self._output_dir, key)

    def _present_clips(self, key: GeneratorKey) -> SyntheticClips | None:
        """Clips from an earlier run; a folder that is unfinished or damaged is made again."""
        folder = self._synthetic_dir(key)
        wait_until_free(folder, LOCK_WAIT_S)
        if not folder.exists():
            return None
        try:
            return read_synthetic(folder)
        except InputError as error:
            self._console.line(f"{key.name}: synthetic clips are generated again: {error}")
            shutil.rmtree(folder)
            return None

    def _train_and_generate(self, key: GeneratorKey, fold: Fold, subset: ClipSet) -> SyntheticClips:
        config, kind = self._config, kind_named(key.kind)
        folder, seed = self._output_dir / "gans" / key.name, config.seeds.seed + key.gan
        wait_until_free(folder, LOCK_WAIT_S)
        training = TrainingData(self._learnt_from(fold, subset), self._data(key, fold), config.features)
        surroundings = Surroundings(self._console, show_reports=False, init_from=config.generation.init_from)
        fit_generator(kind, config.generators[key.kind], training, seed, folder, surroundings)
        samples_per_class = config.grid.samples_per_class
        trained = matched(load_generator(folder, self._console.line), config.generation.match_moments, subset)
        output_dir = self._synthetic_dir(key)
        keeper = make_keeper(config.generation.keep, subset)
        with self._console.progress(samples_per_class * len(subset.class_names), "generating") as progress:
            names = subset.class_names
            write_clips(trained, output_dir, samples_per_class, names, seed, progress.update, keeper=keeper)
        return read_synthetic(output_dir)

    def _learnt_from(self, fold: Fold, subset: ClipSet) -> ClipSet:
        """The labelled clips, and those of the pool where generators learn from it too."""
        pool = pool_in(fold, subset, self._config.generation.guessed_clips)
        return subset if pool is None else with_guesses(subset, pool, self._console.line)

    def _data(self, key: GeneratorKey, fold: Fold) -> DataConfig:
        return dataclasses.replace(
            self._config.data, clips_per_class=key.level, subset_seed=key.subset_seed, test_groups=fold.test_groups
        )

    def _measure(
        self, key: GeneratorKey, fold: Fold, subset: ClipSet, synthetic: SyntheticClips, minutes: float
    ) -> dict:
        """Measures the clips and prints it; returns the row for `gans.jsonl`."""
        seen = seen_clips(subset, fold.train, synthetic)
        measures = measure_clips(self._judge(fold), fold.train, seen, synthetic)
        self._measured.add(key)
        self._console.line(
            f"{key.name}: class agreement {measures.class_agreement:.2f}, "
            f"relative spread {measures.relative_spread:.2f}, {minutes:.1f} min"
        )
        settings = {"generator_settings": self._experiment.generator_settings[key.kind]}
        row = {**key.row(), **settings, **measures.to_dict(), "minutes": round(minutes, 3)}
        return row | self._instruments(fold, seen, synthetic)

    def _instruments(self, fold: Fold, seen: ClipSet, synthetic: SyntheticClips) -> dict:
        trials = self._config.grid.instrument_trials
        if trials is None:
            return {}
        return {"instruments": instrument_row(fold, seen, synthetic, self._config.classifier, trials)}

    def _judge(self, fold: Fold) -> Classifier:
        """A classifier trained on all real training clips of the fold, whatever the level."""
        if fold.name not in self._judges:
            config = self._config.classifier.judging()
            self._judges[fold.name] = train_classifier(config, fold.train, fold.test, None)
        return self._judges[fold.name]


def trained_generators(experiment_dir: Path) -> set[GeneratorKey]:
    """The generators whose clips are there and were measured, so that little is left to do for them."""
    return {key for key in _measured_generators(experiment_dir) if synthetic_dir(experiment_dir, key).exists()}


def synthetic_dir(experiment_dir: Path, key: GeneratorKey) -> Path:
    """The folder of the synthetic clips of generator `key`."""
    return experiment_dir / "synthetic" / key.name


def _measured_generators(experiment_dir: Path) -> set[GeneratorKey]:
    return {GeneratorKey.from_row(row) for row in read_rows(experiment_dir / GANS_FILE)}
