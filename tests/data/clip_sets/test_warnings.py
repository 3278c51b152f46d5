"""What would make a result worthless is said where clips are loaded, computed or kept."""

import json
from dataclasses import replace

import numpy as np
import pytest
import soundfile

from gansynth_isa.config import DataConfig, FeatureConfig
from gansynth_isa.data.clip_sets import feature_cache
from gansynth_isa.data.clip_sets.loading import load_clips
from gansynth_isa.data.simulation.writer import simulate_balls
from gansynth_isa.errors import InputError

SAMPLE_RATE = 8000


@pytest.fixture
def opposed(tmp_path):
    """Two classes of stereo; the channels of class `nut` take each other away."""
    noise = np.random.default_rng(0).normal(0.0, 0.1, (6, 2000))
    for number, samples in enumerate(noise):
        path = tmp_path / "opposed" / ("nut" if number % 2 else "ball") / f"{number}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(path, np.stack([samples, -samples if number % 2 else samples], 1), SAMPLE_RATE)
    return tmp_path / "opposed"


WARNING = (
    "the channels of 3 of 6 recordings cancel each other: the mix of nut/1.wav is silence; "
    "--channels=each or the index of one keeps the sound"
)


def test_load_clips_warns_of_mixes_that_cancel_and_keeps_the_warning_with_the_clips(opposed, make_data, features):
    lines = []
    clips = load_clips(make_data(opposed), features, lines.append)
    assert clips.warnings == (WARNING,) == clips.select([0]).warnings
    assert f"warning: {WARNING}" in lines
    assert load_clips(make_data(opposed, channels="each"), features).warnings == ()


def test_load_clips_warns_from_the_cache_as_well(opposed, make_data, load_counted):
    first, second = load_counted(make_data(opposed)), load_counted(make_data(opposed))
    assert second[1] == 0 and first[2] == second[2] and second[0].warnings == (WARNING,)


@pytest.mark.parametrize("is_read_only", [False, True])
@pytest.mark.parametrize("is_older", [False, True])
def test_load_clips_reads_a_cache_entry_of_an_earlier_version_and_adds_what_it_lacks(
    opposed, make_data, load_counted, tmp_path, monkeypatch, is_read_only, is_older
):
    wanted, _, _ = load_counted(make_data(opposed))
    (path,) = (tmp_path / "cache").glob("*/clips.json")
    record = json.loads(path.read_text())
    if is_older:
        del record["signals"]
    else:  # one that measured less
        for signal in record["signals"]:
            del signal["mix_loss_db"]
    for _, _, info in record["read"]:
        del info["software"]
    path.write_text(json.dumps(record))
    if is_read_only:

        def refuse(path, _):
            raise InputError(f"{path}: cannot be written")

        monkeypatch.setattr(feature_cache, "write_json", refuse)
    clips, num_read, lines = load_counted(make_data(opposed))
    assert num_read == 0 and clips.warnings == (WARNING,) and f"warning: {WARNING}" in lines
    np.testing.assert_array_equal(clips.spectrograms, wanted.spectrograms)
    kept = json.loads(path.read_text()).get("signals", [{}])
    assert ("mix_loss_db" in kept[0]) != is_read_only
    assert load_counted(make_data(opposed))[0].warnings == (WARNING,)


def test_load_clips_computes_again_what_an_earlier_version_could_not_read(opposed, make_data, load_counted, tmp_path):
    data = make_data(opposed, skip_bad_files=True)
    (opposed / "nut" / "broken.wav").write_text("no audio")
    wanted, _, _ = load_counted(data)
    (path,) = (tmp_path / "cache").glob("*/clips.json")

    def make_older(bad):
        record = json.loads(path.read_text())
        del record["signals"]
        record["bad"] = bad
        path.write_text(json.dumps(record))

    make_older([[6, "broken.wav: still no audio"]])
    assert load_counted(data)[1] == 0
    make_older([[6, "broken.wav: still no audio"], [3, "1.wav: the header is damaged"]])
    clips, num_read, _ = load_counted(data)
    assert num_read == 7 and len(clips) == len(wanted)
    assert load_counted(data)[1] == 0


def test_load_clips_takes_classes_of_a_warning_from_now_and_not_from_the_cache(
    tmp_path, write_noise, make_data, load_counted
):
    for number in range(8):
        write_noise(
            tmp_path / "set" / f"{'ab'[number % 2]}_{'xy'[number // 4]}_{number}.wav",
            0.2,
            rate=8000 + 8000 * (number % 2),
        )
    by_rate, mixed = r"(?P<label>\w)_\w_\d", r"\w_(?P<label>\w)_\d"
    assert "sample rate" in load_counted(make_data(tmp_path / "set", file_pattern=by_rate))[0].warnings[0]
    clips, num_read, _ = load_counted(make_data(tmp_path / "set", file_pattern=mixed))
    assert num_read == 0 and clips.warnings == ()


@pytest.mark.parametrize("name", ["bulk_material", "finger_taps"])
def test_load_clips_of_real_recordings_gives_no_warning(request, shared_dir, name):
    data = DataConfig(data_dir=str(shared_dir / "data" / "finger_taps"), dataset="pucks", clip_seconds=5.0)
    if name == "bulk_material":
        data = request.getfixturevalue("bulk_material")
    features = FeatureConfig(fft_length=256, hop_length=256, mel_bins=8)
    assert load_clips(data, features).warnings == ()
    assert load_clips(replace(data, channels="mix"), features).warnings == ()


def test_load_clips_of_simulated_recordings_gives_no_warning(tmp_path):
    simulate_balls(tmp_path, train_files_per_class=8, test_files=9)
    data = DataConfig(data_dir=str(tmp_path), dataset="mb", clip_seconds=0.4)
    assert load_clips(data, FeatureConfig(mel_bins=8)).warnings == ()
