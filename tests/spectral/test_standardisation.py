"""The layer that standardises clips; expected values are NumPy's."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from gansynth_isa.spectral.standardisation import STD_FLOOR, Standardisation


def clips(count=20, seed=0):
    """Clips whose bin 0 is constant."""
    spectrograms = np.random.default_rng(seed).normal(-5.0, 2.0, size=(count, 8, 16, 2)).astype(np.float32)
    spectrograms[:, :, 0] = -13.8155
    return spectrograms


def test_standardisation_is_that_of_numpy_per_mel_bin_and_bounded_for_a_constant_bin():
    standardise = Standardisation.fit(clips())
    np.testing.assert_allclose(standardise.mean[1:], clips().mean(axis=(0, 1))[1:], rtol=1e-5)
    np.testing.assert_allclose(standardise.std[1:], clips().std(axis=(0, 1))[1:], rtol=1e-4)
    np.testing.assert_allclose(standardise.mean[0], -13.8155, rtol=1e-6)
    np.testing.assert_array_equal(standardise.std[0], STD_FLOOR)


def test_standardised_clips_have_mean_zero_and_deviation_one_but_in_a_constant_bin():
    standardised = Standardisation.fit(clips())(clips()).numpy()
    np.testing.assert_allclose(standardised.mean(axis=(0, 1)), 0.0, atol=1e-5)
    np.testing.assert_allclose(standardised[:, :, 1:].std(axis=(0, 1)), 1.0, rtol=1e-4)
    np.testing.assert_allclose(standardised[:, :, 0], 0.0, atol=1e-5)


def test_standardisation_of_other_clips_is_by_the_clips_it_was_fitted_to():
    others = clips(3, seed=1) + 7.0
    fitted = clips()[:, :, 1:]
    expected = (others[:, :, 1:] - fitted.mean(axis=(0, 1))) / fitted.std(axis=(0, 1))
    np.testing.assert_allclose(Standardisation.fit(clips())(others)[:, :, 1:], expected, atol=1e-4)


def test_standardisation_in_a_model_s_file_gives_the_same_values_bit_for_bit_and_has_no_weights(tmp_path):
    standardise = Standardisation.fit(clips())
    inputs = keras.Input((8, 16, 2))
    keras.Model(inputs, standardise(inputs)).save(tmp_path / "model.keras")
    model = keras.models.load_model(tmp_path / "model.keras", safe_mode=True)
    np.testing.assert_array_equal(model(clips()), standardise(clips()))
    assert model.weights == []


@pytest.mark.parametrize(
    ("mean", "std", "message"),
    [
        (np.zeros(3), np.ones(3), r"expected \(mel_bins, channels\) twice, got \(3,\) and \(3,\)"),
        (np.zeros((3, 1)), np.ones((2, 1)), r"got \(3, 1\) and \(2, 1\)"),
        (np.zeros((2, 1)), [[1.0], [0.0]], "std: expected deviations above 0, got 0"),
    ],
)
def test_standardisation_with_values_that_cannot_be_is_refused(mean, std, message):
    with pytest.raises(ValueError, match=message):
        Standardisation(mean, std)


def test_standardisation_in_a_graph_rounds_as_numpy_does():
    standardise, fitted = Standardisation.fit(clips()), clips().astype(np.float64)
    mean = fitted.mean(axis=(0, 1)).astype(np.float32)
    std = np.maximum(fitted.std(axis=(0, 1)), STD_FLOOR).astype(np.float32)
    in_graph = tf.function(standardise, input_signature=[tf.TensorSpec((None, 8, 16, 2))])
    np.testing.assert_array_equal(in_graph(clips(50, seed=1)), (clips(50, seed=1) - mean) / std)
