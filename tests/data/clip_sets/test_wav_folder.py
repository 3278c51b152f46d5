"""WAV files of synthetic clips: named, readable, replaced as a whole."""

import numpy as np
import pytest
import soundfile

from gansynth_isa.config import FeatureConfig
from gansynth_isa.data.clip_sets.wav_folder import WavFolder, remove_wavs
from gansynth_isa.spectral.sound import SoundMaker
from gansynth_isa.spectral.transform import make_transform

FEATURES = FeatureConfig(data_type="linear", fft_length=64, hop_length=16, mel_bins=32, frames=16)
WAVEFORMS = np.random.default_rng(0).normal(0.0, 3.0, (2, 250)).astype(np.float32)  # far above full scale


def write(folder, fail=False, on_written=None):
    maker = SoundMaker(FEATURES, 8000, 250)
    with WavFolder(folder, maker, 8000, ("ball", "nut / M4"), on_written) as writer:
        writer.write(make_transform(FEATURES, 8000)(WAVEFORMS).numpy(), np.array([1, 0]))
        if fail:
            raise KeyboardInterrupt


def names(folder):
    return sorted(path.name for path in (folder / "wav").iterdir())


def test_wavs_bear_number_and_class_and_hold_the_waveform_below_full_scale(tmp_path):
    write(tmp_path)
    first, second = names(tmp_path)
    assert first.startswith("synthetic-00000-nut___M4-") and second == "synthetic-00001-ball.wav"
    sound, sample_rate = soundfile.read(tmp_path / "wav" / second)
    assert sample_rate == 8000 and sound.shape == (250,)
    assert 0.85 < np.abs(sound).max() < 0.95
    middle = slice(48, -48)  # the ends fade
    assert np.corrcoef(sound[middle], WAVEFORMS[1, middle])[0, 1] > 0.95


def test_each_sound_is_told_when_its_file_is_there(tmp_path):
    there = []
    write(tmp_path, on_written=lambda done: there.append((done, len(names(tmp_path)))))
    assert there == [(1, 1), (1, 2)]


def test_wavs_of_before_stay_when_writing_fails_and_are_replaced_when_it_does_not(tmp_path):
    (tmp_path / "wav").mkdir()
    for name in ("synthetic-00007-old.wav", "mine.txt"):
        (tmp_path / "wav" / name).write_text("")
    with pytest.raises(KeyboardInterrupt):
        write(tmp_path, fail=True)
    assert names(tmp_path) == ["mine.txt", "synthetic-00007-old.wav"]
    write(tmp_path)
    assert "synthetic-00007-old.wav" not in names(tmp_path) and len(names(tmp_path)) == 3


def test_removed_wavs_take_their_folder_with_them_but_nothing_else(tmp_path):
    remove_wavs(tmp_path)
    write(tmp_path)
    (tmp_path / "wav" / "mine.txt").write_text("")
    remove_wavs(tmp_path)
    assert names(tmp_path) == ["mine.txt"]
    (tmp_path / "wav" / "mine.txt").unlink()
    write(tmp_path)
    remove_wavs(tmp_path)
    assert not (tmp_path / "wav").exists()
