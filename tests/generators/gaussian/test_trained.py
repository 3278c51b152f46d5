"""Clips of a fitted Gaussian, and folders of one that earlier versions fitted."""

import hashlib
import json

import numpy as np
import pytest

from gansynth_isa.generators.gaussian.config import GaussianConfig
from gansynth_isa.generators.registry import kind_named
from gansynth_isa.runs.checkpoints import latest_checkpoint, save_checkpoint


@pytest.fixture
def fitted(training, surroundings, tmp_path):
    """The folder of a Gaussian of two classes."""
    config = GaussianConfig(gaussian_shrinkage=0.2, gaussian_smoothing=0.0, gaussian_residual="white")
    kind_named("gaussian").fit(config, training, 0, tmp_path / "run", surroundings)
    return tmp_path / "run"


def test_moments_of_many_clips_are_those_that_were_fitted(fitted, training):
    _, arrays = latest_checkpoint(fitted / "model", print)
    clips = kind_named("gaussian").load(fitted, print).clips(np.ones(6000, np.int32), seed=1).reshape(6000, -1)
    real = training.clips.spectrograms[:3].reshape(3, -1)  # of the class 1
    across = arrays["factors"][1] @ arrays["basis"]
    wanted = across.T @ across + np.diag(arrays["residual"] ** 2)
    deviations = np.sqrt(np.diag(wanted))
    np.testing.assert_array_less(np.abs(clips.mean(axis=0) - real.mean(axis=0)), 5 * deviations / np.sqrt(6000))
    errors = (np.cov(clips.T) - wanted) / np.outer(deviations, deviations)
    assert np.abs(errors).max() < 6 / np.sqrt(6000)  # a correlation of n normal pairs errs by 1 / sqrt(n) at most


def test_folder_without_shrinkage_and_smoothing_gives_the_clips_and_the_digest_of_before(fitted):
    description = json.loads((fitted / "experiment.json").read_text())
    own = description["configuration"]["gaussian"]
    description["configuration"]["gaussian"] = {name: own[name] for name in ("gaussian_components", "gaussian_sharing")}
    (fitted / "experiment.json").write_text(json.dumps(description))
    new = kind_named("gaussian").load(fitted, print)
    _, arrays = latest_checkpoint(fitted / "model", print)
    del arrays["shrinkage"], arrays["smoothing"]
    save_checkpoint(fitted / "model", 0, arrays)
    old = kind_named("gaussian").load(fitted, print)
    own = old.provenance.configuration["gaussian"]
    assert (own["gaussian_shrinkage"], own["gaussian_smoothing"], own["gaussian_residual"]) == (0.0, 0.0, "white")
    labels = np.array([0, 1, 1], np.int32)
    np.testing.assert_array_equal(old.clips(labels, 3), new.clips(labels, 3))
    digest = hashlib.sha256()
    for name in ("basis", "factors", "means", "residual", "sharing"):
        digest.update(f"{name}{arrays[name].shape}".encode() + arrays[name].astype("<f4").tobytes())
    assert old.provenance.weights_sha256 == digest.hexdigest()
    assert set(old.provenance.details) == {"gaussian_components", "gaussian_sharing"}
    assert new.provenance.details["gaussian_shrinkage"] == 0.2
