"""The mel matrix against the original's."""

from pathlib import Path

import librosa
import numpy as np

from gansynth_isa.spectral.mel import hertz_to_mel, linear_matrix, mel_matrix, mel_to_hertz

REFERENCE = Path(__file__).parents[1] / "reference"


def test_mel_matrix_small_equals_original():
    wanted = np.load(REFERENCE / "spectral_small_with_phase.npz")["linear_to_mel"]
    np.testing.assert_allclose(mel_matrix(44100, 32, 32), wanted, atol=1e-12)


def test_mel_matrix_of_the_paper_equals_original():
    arrays = np.load(REFERENCE / "spectral_metal_balls_shape.npz")
    rows, columns = arrays["mel_matrix_nonzero"]
    wanted = np.zeros((1024, 1024))
    wanted[rows, columns] = arrays["mel_matrix_values"]
    np.testing.assert_allclose(mel_matrix(44100, 1024, 1024), wanted, atol=1e-7)


def test_mel_matrix_of_the_paper_has_one_empty_column():
    np.testing.assert_array_equal(np.flatnonzero(mel_matrix(44100, 1024, 1024).sum(axis=0) == 0), [0])


def test_matrix_back_to_linear_bins_equals_original():
    wanted = np.load(REFERENCE / "spectral_small_with_phase.npz")["mel_to_linear"]
    np.testing.assert_allclose(linear_matrix(mel_matrix(44100, 32, 32)), wanted, atol=1e-12)


def test_hertz_to_mel_equals_htk_formula_of_librosa():
    frequencies_hz = np.array([0.0, 20.0, 440.0, 1000.0, 22050.0])
    np.testing.assert_allclose(hertz_to_mel(frequencies_hz), librosa.hz_to_mel(frequencies_hz, htk=True), rtol=1e-4)
    np.testing.assert_allclose(mel_to_hertz(hertz_to_mel(frequencies_hz)), frequencies_hz, atol=1e-9)
