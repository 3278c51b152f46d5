"""Rows of an experiment, made up."""

import numpy as np
import pytest


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
