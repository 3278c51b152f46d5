"""Instruments of a stage on generators whose faults are known, and on a training that must not notice them."""

import json

import numpy as np
import pytest
import tensorflow as tf

from gansynth_isa.checks.crash_battery import run_differences
from gansynth_isa.console import Console
from gansynth_isa.generators.gansynth.training import reporter
from gansynth_isa.generators.gansynth.training.run import train_gan
from gansynth_isa.generators.gansynth.training.stage_instruments import (
    CLIPS_PER_CLASS,
    StageInstruments,
    board_instruments,
)
from gansynth_isa.measures.per_class import PerClass
from gansynth_isa.spectral.normalizers import SIMPLE_NORMALIZER, fit_normalizer

NAMES = {"class_means", "spread", "grain", "deviation_over_time", "memorisation"}


class Machine:
    """In place of a generator: gives out images of the wanted class, one after the other."""

    latent_size = 3

    def __init__(self, images, labels, num_classes=3):
        self.num_classes, self._images, self._labels = num_classes, images, labels
        self._given = [0] * num_classes

    def __call__(self, latents, labels, progress):
        given = []
        for label in labels.numpy().argmax(axis=1):
            own = np.flatnonzero(self._labels == label)
            given.append(self._images[own[self._given[label] % len(own)]])
            self._given[label] += 1
        return tf.constant(np.stack(given))


@pytest.fixture(scope="module")
def normalised(make_clips):
    """(images, labels, recordings, normaliser) of training clips, and images of further ones."""
    seen, others = make_clips(60, 0), make_clips(CLIPS_PER_CLASS, 2)
    normalizer = fit_normalizer(SIMPLE_NORMALIZER, seen.spectrograms, 0.8)
    return seen, others, normalizer


def measure(normalised, machine):
    seen, _, normalizer = normalised
    images = normalizer.normalize(seen.spectrograms)
    instruments = StageInstruments(images, seen.labels, seen.recordings, seen.class_names, normalizer)
    return instruments.measure(machine, tf.constant(0.0))


def test_further_real_clips_are_like_those_that_were_seen(normalised):
    _, others, normalizer = normalised
    measured = measure(normalised, Machine(normalizer.normalize(others.spectrograms), others.labels))
    assert set(measured) == NAMES
    for name, tolerance in (("spread", 0.25), ("grain", 0.03), ("deviation_over_time", 0.03), ("memorisation", 0.05)):
        assert measured[name].mean == pytest.approx(1.0, abs=tolerance), name
    assert measured["class_means"].mean < 0.2


def test_copies_and_prototypes_are_told(normalised):
    seen, _, normalizer = normalised
    images = normalizer.normalize(seen.spectrograms)
    assert measure(normalised, Machine(images, seen.labels))["memorisation"].mean < 1e-3
    means = np.stack([images[seen.labels == label].mean(axis=0) for label in range(3)])
    prototypes = measure(normalised, Machine(means, np.arange(3)))
    assert prototypes["spread"].mean < 1e-3 and prototypes["grain"].mean < 0.5


def test_clips_of_one_recording_per_class_leave_memorisation_unknown(normalised):
    seen, _, normalizer = normalised
    images = normalizer.normalize(seen.spectrograms)
    instruments = StageInstruments(images, seen.labels, ["one.wav"] * len(images), seen.class_names, normalizer)
    measured = instruments.measure(Machine(images, seen.labels), tf.constant(0.0))
    assert measured["memorisation"].mean is None and measured["spread"].mean is not None
    assert "instruments/memorisation" not in board_instruments(measured)


def test_board_shows_the_means():
    measured = {"spread": PerClass(0.5, {"a": 0.4, "b": 0.6}), "grain": PerClass(None, {"a": None, "b": None})}
    assert board_instruments(measured) == {"instruments/spread": 0.5}


def test_last_report_of_every_stage_holds_the_instruments(tiny_run):
    rows = [json.loads(line) for line in (tiny_run / "metrics.jsonl").read_text().splitlines()]
    last = {row["stage"]: row["image"] for row in rows}
    for row in rows:
        assert ("instruments" in row) == (row["image"] == last[row["stage"]])
        if "instruments" in row:
            assert set(row["instruments"]) == NAMES
            assert set(row["instruments"]["grain"]["per_class"]) == {"loud", "quiet"}


@pytest.mark.slow
def test_instruments_change_no_bit_of_the_weights(tiny_run, tiny_config, tiny_clips, tmp_path, monkeypatch):
    monkeypatch.setattr(reporter.StageInstruments, "measure", lambda *_: {})
    train_gan(tiny_config, tiny_clips, tmp_path / "run", Console())
    differences = run_differences(tiny_run, tmp_path / "run")
    assert [line.split(":")[0] for line in differences] == ["metrics.jsonl", "TensorBoard"]
