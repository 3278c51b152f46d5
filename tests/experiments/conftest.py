"""A tiny set of clips, in memory."""

from pathlib import Path

import numpy as np
import pytest

from gansynth_isa.config import (
    ClassifierConfig,
    DataConfig,
    FeatureConfig,
    GanConfig,
    GridConfig,
    NetworkConfig,
    TrainingConfig,
)
from gansynth_isa.data.clip_set import ClipSet
from gansynth_isa.derived import resolve
from gansynth_isa.experiments.experiment import ExperimentConfig
from gansynth_isa.experiments.rows import read_rows


@pytest.fixture
def clips() -> ClipSet:
    """3 groups x 2 classes x 4 clips of shape (4, 4, 1); class and group can be read off the values."""
    names = [(group, label, index) for group in "123" for label in (0, 1) for index in range(4)]
    recordings = tuple(f"{'ab'[label]}_{group}.wav" for group, label, _ in names)
    return ClipSet(
        log_mel=np.array([np.full((4, 4, 1), label + int(group) / 10) for group, label, _ in names], np.float32),
        labels=np.array([label for _, label, _ in names], np.int32),
        class_names=("a", "b"),
        recordings=recordings,
        groups=tuple(group for group, _, _ in names),
        splits=(None,) * len(names),
        digests={path: f"digest of {path}" for path in recordings},
    )


@pytest.fixture(scope="session")
def tiny_experiment() -> ExperimentConfig:
    """Two GANs and four classifiers on `clips`, each of them a matter of seconds."""
    data = DataConfig(dataset_name="tiny", clip_seconds=0.05, test_groups=("3",))
    gan = GanConfig(
        data=data,
        features=FeatureConfig(mel_bins=4, frames=4),
        network=NetworkConfig(num_resolutions=1, start_height=4, start_width=4, fmap_max=4, latent_vector_size=4),
        training=TrainingConfig(stable_stage_num_images=64),
    )
    grid = GridConfig(levels=(2, 4), methods=("baseline", "gan"), trials=1, samples_per_class=4)
    return ExperimentConfig(gan=resolve(gan), classifier=ClassifierConfig(classifier_steps=3, trial_seed=5), grid=grid)


@pytest.fixture(scope="session")
def rows_without_times():
    """Gives the rows of both files of an experiment without their minutes, in an order of their own."""

    def read(folder: Path) -> list[str]:
        rows = [row for name in ("results.jsonl", "gans.jsonl") for row in read_rows(folder / name)]
        return sorted(str({name: value for name, value in row.items() if name != "minutes"}) for row in rows)

    return read


@pytest.fixture(scope="session")
def result_rows():
    """Makes rows of `results.jsonl`: all methods over levels, folds, draws, GANs and trials, accuracies made up."""

    def make(levels=(4, 18), folds=("1", "2"), draws=2, gans=2, trials=2, dataset="impacts", classes=("a", "b", "c")):
        rng = np.random.default_rng(0)
        gain = {"baseline": 0.0, "augmented": 0.03, "gan": 0.05, "gan_augmented": 0.08}
        places = [
            (level, fold, draw, method, gan, trial)
            for level in levels
            for fold in folds
            for draw in range(draws)
            for method in gain
            for gan in (range(gans) if method.startswith("gan") else (None,))
            for trial in range(trials)
        ]
        rows = []
        for level, fold, draw, method, gan, trial in places:
            share = min(0.95, 0.45 + 0.09 * np.log2(level) + gain[method] / np.sqrt(level / 4))
            matrix = [
                rng.multinomial(20, _shares(share, index, len(classes))).tolist() for index in range(len(classes))
            ]
            recall = {name: matrix[index][index] / 20 for index, name in enumerate(classes)}
            rows.append(
                {
                    "dataset": dataset,
                    "level": level,
                    "method": method,
                    "fold": fold,
                    "subset_seed": draw,
                    "gan": gan,
                    "trial": trial,
                    "accuracy": float(np.mean(list(recall.values()))),
                    "recall": recall,
                    "confusion_matrix": matrix,
                    "minutes": 0.25,
                }
            )
        return rows

    return make


def _shares(right: float, index: int, num_classes: int) -> list[float]:
    shares = np.full(num_classes, (1 - right) / (num_classes - 1))
    shares[index] = right
    return list(shares / shares.sum())


@pytest.fixture
def row():
    """Makes one row of `results.jsonl` without what it cost and confused."""

    def make(accuracy, level=4, method="baseline", fold="1", trial=0, gan=None):
        return {
            "dataset": "impacts",
            "level": level,
            "method": method,
            "fold": fold,
            "subset_seed": 0,
            "gan": gan,
            "trial": trial,
            "accuracy": accuracy,
            "recall": {"a": 0.5, "b": 0.5, "c": 0.5, "d": 0.5},
        }

    return make


@pytest.fixture
def two_folds(row) -> list[dict]:
    """Two trials on each of two folds."""
    return [row(0.5, trial=0), row(0.9, fold="2", trial=0), row(0.7, trial=1), row(0.9, fold="2", trial=1)]
