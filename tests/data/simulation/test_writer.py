import hashlib

import pytest
import soundfile

from gansynth_isa.classifiers.linear import yardstick_accuracy
from gansynth_isa.config import DataConfig, FeatureConfig
from gansynth_isa.data.clip_sets.loading import load_clips
from gansynth_isa.data.clip_sets.subset import split_sides
from gansynth_isa.data.simulation.writer import simulate, simulate_balls
from gansynth_isa.errors import InputError


def digests(folder):
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*.wav")
    }


def test_simulated_balls_have_the_layout_and_format_of_the_data_set(tmp_path):
    progress = []
    count = simulate_balls(tmp_path, 2, 9, seed=0, on_progress=lambda done, total: progress.append((done, total)))
    assert count == 15 and progress[-1] == (15, 15) and len(progress) == 15
    for split, files in (("train", 2), ("test", 3)):
        assert sorted(path.name for path in (tmp_path / split).iterdir()) == ["broken", "coated", "eloxed"]
        assert all(len(list(path.glob("*.wav"))) == files for path in (tmp_path / split).iterdir())
    for path in tmp_path.rglob("*.wav"):
        info = soundfile.info(path)
        assert (info.samplerate, info.frames, info.channels, info.subtype) == (44100, 17640, 1, "PCM_16")
    assert len(list(tmp_path.rglob("*.unfinished"))) == 0


def test_simulation_with_the_same_seed_gives_the_same_bytes_and_with_another_seed_others(tmp_path):
    for name, seed in (("a", 0), ("b", 0), ("c", 1)):
        simulate_balls(tmp_path / name, 1, 3, seed)
    assert digests(tmp_path / "a") == digests(tmp_path / "b")
    assert not set(digests(tmp_path / "a").values()) & set(digests(tmp_path / "c").values())


def test_simulation_with_more_training_files_keeps_the_others(tmp_path):
    simulate_balls(tmp_path / "small", 1, 3, 0)
    simulate_balls(tmp_path / "large", 3, 3, 0)
    small, large = digests(tmp_path / "small"), digests(tmp_path / "large")
    assert {name: large[name] for name in small} == small
    assert len(set(large.values())) == len(large) == 12


def test_simulation_into_a_folder_with_other_recordings_is_refused(tmp_path):
    simulate_balls(tmp_path, 2, 3, 0)
    with pytest.raises(InputError, match="holds 3 other recordings, the first train/broken/broken_0001.wav"):
        simulate_balls(tmp_path, 1, 3, 0)


@pytest.mark.parametrize(
    ("numbers", "message"),
    [((0, 3, 0), "files_per_class.*got 0"), ((1, -1, 0), "test_files.*got -1"), ((1, 3, -5), "seed.*got -5")],
)
def test_simulation_with_a_number_out_of_range_is_refused(tmp_path, numbers, message):
    with pytest.raises(InputError, match=message):
        simulate_balls(tmp_path, *numbers)


def test_simulation_into_a_file_is_refused(tmp_path):
    (tmp_path / "taken").write_text("x")
    with pytest.raises(InputError, match="expected a folder"):
        simulate_balls(tmp_path / "taken", 1, 3, 0)


def test_simulated_pucks_have_the_layout_and_format_of_the_data_set(tmp_path):
    assert simulate("pucks", tmp_path, 1, 1, seed=0) == 6
    names = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.wav"))
    classes = ("abs", "no_impacts", "petg", "pla", "tpu")
    assert names == ["test/abs/abs_vol.100_0000.wav", *(f"train/{name}/{name}_vol.050_0000.wav" for name in classes)]
    for path in tmp_path.rglob("*.wav"):
        info = soundfile.info(path)
        assert (info.samplerate, info.duration, info.channels, info.subtype) == (44100, 60.0, 1, "PCM_16")


def test_classes_are_learnable_by_a_linear_model_but_not_trivially(tmp_path):
    simulate_balls(tmp_path, 18, 120, 0)
    data = DataConfig(data_dir=str(tmp_path), file_pattern=r"(?P<split>train|test)/(?P<label>\w+)/[^/]+\.wav")
    train, test = split_sides(load_clips(data, FeatureConfig(mel_bins=128)), ())
    assert 0.5 < yardstick_accuracy(train, test) < 0.85
