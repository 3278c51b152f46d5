"""Normalisers against the arrays that the original produced."""

import json
from pathlib import Path

import numpy as np
import pytest

from gansynth_isa.spectral.normalizers import Normalizer, fit_normalizer

ARRAYS = np.load(Path(__file__).parents[1] / "reference" / "normalizers.npz")
KINDS = [("specgrams_simple_normalizer", "simple"), ("specgrams_freq_normalizer", "per_frequency")]


@pytest.mark.parametrize(("kind", "name"), KINDS)
def test_normalizer_of_reference_data_equals_original(kind, name):
    normalizer = fit_normalizer(kind, ARRAYS["data"], margin=0.8)
    np.testing.assert_allclose(normalizer.normalize(ARRAYS["data"] * 1.3), ARRAYS[f"{name}_normalized"], atol=2e-6)
    roundtrip = normalizer.restore(normalizer.normalize(ARRAYS["data"]))
    np.testing.assert_allclose(roundtrip, ARRAYS[f"{name}_roundtrip"], atol=2e-5)


@pytest.mark.parametrize(("kind", "name"), KINDS)
def test_normalizer_coefficients_equal_original(kind, name):
    normalizer = fit_normalizer(kind, ARRAYS["data"], margin=0.8)
    found = np.stack([normalizer.scale, normalizer.offset], axis=-1).reshape(*normalizer.scale.shape[:-1], 4)
    np.testing.assert_allclose(found, ARRAYS[f"{name}_coefficients"], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("kind", [kind for kind, _ in KINDS])
def test_normalizer_fills_the_margin_and_no_more(kind):
    normalized = fit_normalizer(kind, ARRAYS["data"], margin=0.8).normalize(ARRAYS["data"])
    assert normalized.min() == pytest.approx(-0.8, abs=1e-5)
    assert normalized.max() == pytest.approx(0.8, abs=1e-5)


def test_normalizer_of_constant_bin_restores_it_exactly_whatever_was_generated():
    data = ARRAYS["data"].copy()
    data[:, :, 3, 0] = np.float32(np.log(1e-6))
    normalizer = fit_normalizer("specgrams_freq_normalizer", data, margin=0.8)
    normalized = normalizer.normalize(data)
    assert np.isfinite(normalized).all()
    assert (normalized[:, :, 3, 0] == 0.0).all()
    normalized[:, :, 3, 0] = 0.7
    np.testing.assert_array_equal(normalizer.restore(normalized)[:, :, 3, 0], data[:, :, 3, 0])


def test_normalizer_of_all_constant_data_restores_it_exactly():
    data = np.full((2, 4, 8, 1), -13.8155, np.float32)
    normalizer = fit_normalizer("specgrams_simple_normalizer", data, margin=0.8)
    np.testing.assert_array_equal(normalizer.restore(normalizer.normalize(data)), data)


def test_normalizer_through_json_stays_the_same():
    normalizer = fit_normalizer("specgrams_freq_normalizer", ARRAYS["data"], margin=0.8)
    again = Normalizer.from_dict(json.loads(json.dumps(normalizer.to_dict())))
    np.testing.assert_array_equal(again.normalize(ARRAYS["data"]), normalizer.normalize(ARRAYS["data"]))


def test_fit_normalizer_of_unknown_kind_is_refused():
    with pytest.raises(ValueError, match="specgrams_simple_normalizer"):
        fit_normalizer("simple", ARRAYS["data"], margin=0.8)
