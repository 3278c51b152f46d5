"""The GANs of an experiment: trained when their clips are first asked for, measured once, kept in its folder."""

import dataclasses
import shutil
import time
from pathlib import Path

from gansynth_isa.classifiers.classifier import Classifier
from gansynth_isa.classifiers.training import train_classifier
from gansynth_isa.config import ClassifierConfig, GanConfig
from gansynth_isa.console import Console
from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.data.clip_sets.synthetic_folder import SyntheticClips, read_synthetic
from gansynth_isa.errors import InputError
from gansynth_isa.experiments.experiment import OpenExperiment
from gansynth_isa.experiments.folds import Fold
from gansynth_isa.experiments.generator_measures import measure_gan
from gansynth_isa.experiments.rows.files import GANS_FILE, read_rows
from gansynth_isa.experiments.trials import GanKey
from gansynth_isa.generators.gansynth.generation import generate_to_folder
from gansynth_isa.generators.gansynth.training.run import train_gan
from gansynth_isa.generators.provenance import check_synthetic
from gansynth_isa.runs.folder_lock import wait_until_free

# A lost worker may hold the folder of its GAN until it has saved, or until the others' machines notice.
LOCK_WAIT_S = 120.0


class GanSource:
    """Gives the synthetic clips of a GAN; trains, generates and measures only what is not there yet."""

    def __init__(self, experiment: OpenExperiment, console: Console):
        self._config = experiment.config
        self._output_dir = experiment.output_dir
        self._console = console
        self._measured = _measured_gans(experiment.output_dir)
        self._judges: dict[str, Classifier] = {}

    def make(self, key: GanKey, fold: Fold, subset: ClipSet) -> tuple[SyntheticClips, dict | None]:
        """The synthetic clips of GAN `key`, trained on `subset` of the training side of `fold`.

        Returns:
          The clips, and the row of their measures for `gans.jsonl`; None where it is there already.

        Raises:
          InputError: the folder holds clips of a GAN that was trained on something else.
        """
        started = time.monotonic()
        synthetic = self._present_clips(key)
        gan_config = self._gan_config(key, fold)
        if synthetic is None:
            gan_dir = self._output_dir / "gans" / key.name
            self._console.line(f"{key.name}: GAN on {len(subset)} clips")
            wait_until_free(gan_dir, LOCK_WAIT_S)
            train_gan(gan_config, subset, gan_dir, self._console, show_reports=False)
            synthetic = self._generate(gan_dir, self._synthetic_dir(key), subset.class_names, gan_config.training.seed)
        check_synthetic(synthetic, subset, fold.test, gan_config.data, gan_config.features)
        if key in self._measured:
            return synthetic, None
        return synthetic, self._measure(key, fold, subset, synthetic, (time.monotonic() - started) / 60)

    def read(self, key: GanKey, fold: Fold, subset: ClipSet) -> SyntheticClips:
        """The synthetic clips of GAN `key`, which `make` has made.

        Raises:
          InputError: they are not there, or of a GAN that was trained on something else.
        """
        synthetic, gan_config = read_synthetic(self._synthetic_dir(key)), self._gan_config(key, fold)
        check_synthetic(synthetic, subset, fold.test, gan_config.data, gan_config.features)
        return synthetic

    def is_trained(self, key: GanKey) -> bool:
        """Whether the clips of GAN `key` were measured before, so that little is left to do for it."""
        return key in self._measured and self._synthetic_dir(key).exists()

    def _synthetic_dir(self, key: GanKey) -> Path:
        return synthetic_dir(self._output_dir, key)

    def _present_clips(self, key: GanKey) -> SyntheticClips | None:
        """Clips from an earlier run; a folder that is unfinished or damaged is made again."""
        folder = self._synthetic_dir(key)
        if not folder.exists():
            return None
        try:
            return read_synthetic(folder)
        except InputError as error:
            self._console.line(f"{key.name}: synthetic clips are generated again: {error}")
            shutil.rmtree(folder)
            return None

    def _generate(self, gan_dir: Path, output_dir: Path, class_names: tuple[str, ...], seed: int) -> SyntheticClips:
        samples_per_class = self._config.grid.samples_per_class
        num_clips = samples_per_class * len(class_names)
        with self._console.progress(num_clips, "generating") as progress:
            generate_to_folder(
                gan_dir, output_dir, samples_per_class, class_names, seed, progress.update, self._console.line
            )
        return read_synthetic(output_dir)

    def _gan_config(self, key: GanKey, fold: Fold) -> GanConfig:
        gan = self._config.gan
        data = dataclasses.replace(
            gan.data, clips_per_class=key.level, subset_seed=key.subset_seed, test_groups=fold.test_groups
        )
        training = dataclasses.replace(gan.training, seed=gan.training.seed + key.gan)
        return dataclasses.replace(gan, data=data, training=training)

    def _measure(self, key: GanKey, fold: Fold, subset: ClipSet, synthetic: SyntheticClips, minutes: float) -> dict:
        """Measures the clips and prints it; returns the row for `gans.jsonl`."""
        measures = measure_gan(self._judge(fold), fold.train, subset, synthetic)
        self._measured.add(key)
        self._console.line(
            f"{key.name}: class agreement {measures.class_agreement:.2f}, "
            f"relative spread {measures.relative_spread:.2f}, {minutes:.1f} min"
        )
        return {**dataclasses.asdict(key), **measures.to_dict(), "minutes": round(minutes, 3)}

    def _judge(self, fold: Fold) -> Classifier:
        """A classifier trained on all real training clips of the fold, whatever the level."""
        if fold.name not in self._judges:
            config = dataclasses.replace(self._config.classifier, method=ClassifierConfig.method)
            self._judges[fold.name] = train_classifier(config, fold.train, fold.test, None)
        return self._judges[fold.name]


def trained_gans(experiment_dir: Path) -> set[GanKey]:
    """The GANs whose clips are there and were measured, so that little is left to do for them."""
    return {key for key in _measured_gans(experiment_dir) if synthetic_dir(experiment_dir, key).exists()}


def synthetic_dir(experiment_dir: Path, key: GanKey) -> Path:
    """The folder of the synthetic clips of GAN `key`."""
    return experiment_dir / "synthetic" / key.name


def _measured_gans(experiment_dir: Path) -> set[GanKey]:
    return {
        GanKey(row["fold"], row["level"], row["subset_seed"], row["gan"])
        for row in read_rows(experiment_dir / GANS_FILE)
    }
