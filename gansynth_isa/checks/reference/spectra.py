"""Compares two-channel spectrograms with arrays that the original GANSynth produced."""

import numpy as np

from gansynth_isa.spectral.phase import MagnitudeAndPhase

FFT_LENGTH, HOP_LENGTH, SAMPLE_RATE = 64, 16, 44100  # of spectral_small_with_phase.npz


def check_spectra(arrays: dict[str, np.ndarray]) -> dict[str, float]:
    """Largest absolute error of each quantity: natural logarithms, phases in half turns, samples of full scale 1.

    Args:
      arrays: `waveform` (samples,), `stft_real`, `stft_imag` (frames, bins), `specgram`, `mel_specgram`
        (frames, bins, 2) and `waveform_from_mel` (samples,).
    """
    frames, bins = arrays["specgram"].shape[:2]
    transforms = {
        data_type: MagnitudeAndPhase(data_type, FFT_LENGTH, HOP_LENGTH, bins, frames, SAMPLE_RATE)
        for data_type in ("linear", "phase", "mel")
    }
    spectrum = arrays["stft_real"] + 1j * arrays["stft_imag"]
    expected = {
        "linear": arrays["specgram"],
        "phase": np.stack([np.log(np.abs(spectrum) + 1e-6), np.angle(spectrum) / np.pi], axis=-1),
        "mel": arrays["mel_specgram"],
    }
    errors: dict[str, np.floating] = {}
    for data_type, transform in transforms.items():
        error = np.abs(transform(arrays["waveform"][np.newaxis]).numpy()[0] - expected[data_type])
        errors |= {f"{data_type}: magnitude": error[..., 0].max(), f"{data_type}: phase": error[..., 1].max()}
    wanted = arrays["waveform_from_mel"]
    sound = transforms["mel"].waveforms(arrays["mel_specgram"][np.newaxis])[0, -len(wanted) :]
    errors["mel: waveform"] = np.abs(sound - wanted).max()
    return {name: float(error) for name, error in errors.items()}
