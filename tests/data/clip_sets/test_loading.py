"""Loading whole folders: counts, features, digests and notices."""

import hashlib
import os
import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
import soundfile

from gansynth_isa.config import DataConfig, FeatureConfig
from gansynth_isa.data.clip_sets import loading
from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.data.clip_sets.loading import load_clips, resolve_clip_seconds
from gansynth_isa.data.clip_sets.subset import split_sides
from gansynth_isa.errors import InputError
from gansynth_isa.spectral.features import LogMel

SAMPLE_RATE = 8000  # of the recordings that conftest.py writes


@pytest.fixture(scope="module")
def bulk_clips(bulk_material) -> ClipSet:
    return load_clips(bulk_material, FeatureConfig())


def test_load_clips_of_bulk_material_gives_the_counts_of_its_readme(bulk_clips):
    assert bulk_clips.spectrograms.shape == (218, 32, 1024, 1)
    assert bulk_clips.counts() == {
        "messing_nut_M4": 48,
        "plastic_spheres": 58,
        "screws": 44,
        "steel_nut_M3": 30,
        "steel_nut_M4": 38,
    }
    per_group = [sum(group == wanted for group in bulk_clips.groups) for wanted in "1234"]
    assert per_group == [42, 56, 54, 66]


def test_load_clips_of_bulk_material_keeps_the_empty_mel_bin_constant(bulk_clips):
    np.testing.assert_allclose(bulk_clips.spectrograms[:, :, 0], -13.8155, atol=1e-4)
    assert bulk_clips.spectrograms[:, :, 1:].std() > 1.0


def test_load_clips_gives_the_features_of_each_clip_in_order(folder_of_two_classes, make_data, features, monkeypatch):
    monkeypatch.setattr(loading, "FEATURE_BATCH_SAMPLES", 7 * 800)  # several batches, the last one smaller
    clips = load_clips(make_data(folder_of_two_classes), features)
    assert clips.class_names == ("ball", "nut")
    assert clips.counts() == {"ball": 15, "nut": 15}
    start = 0
    for path in sorted(folder_of_two_classes.glob("*/*.wav")):
        samples, _ = soundfile.read(path, dtype="float32")
        pieces = samples[: len(samples) // 800 * 800].reshape(-1, 800)
        found = clips.spectrograms[start : start + len(pieces)]
        wanted = LogMel(128, 64, 16, frames=16, sample_rate=SAMPLE_RATE)(pieces).numpy()
        np.testing.assert_allclose(found, wanted, rtol=1e-5, atol=1e-5)
        assert set(clips.recordings[start : start + len(pieces)]) == {
            path.relative_to(folder_of_two_classes).as_posix()
        }
        start += len(pieces)
    assert start == len(clips) == 30


def test_load_clips_twice_gives_the_same_fingerprint_and_other_bytes_another(
    folder_of_two_classes, make_data, features, write_noise
):
    data = make_data(folder_of_two_classes)
    first = load_clips(data, features).fingerprint()
    assert load_clips(data, features).fingerprint() == first
    path = folder_of_two_classes / "nut" / "take_1.wav"
    assert first["files"]["nut/take_1.wav"] == hashlib.sha256(path.read_bytes()).hexdigest()
    write_noise(path, 0.55, seed=99)
    second = load_clips(data, features).fingerprint()
    assert second["sha256"] != first["sha256"]
    assert [name for name in first["files"] if first["files"][name] != second["files"][name]] == ["nut/take_1.wav"]


def test_load_clips_says_once_what_was_resampled_padded_ignored_and_left_out(
    folder_of_two_classes, make_data, features, write_noise
):
    write_noise(folder_of_two_classes / "nut" / "fast.wav", 0.3, rate=16000)
    write_noise(folder_of_two_classes / "nut" / "also_fast.wav", 0.3, rate=16000)
    write_noise(folder_of_two_classes / "ball" / "short.wav", 0.05)
    write_noise(folder_of_two_classes / "ball" / "quiet.wav", 0.2, level=1e-3)
    (folder_of_two_classes / "README.md").touch()
    lines = []
    clips = load_clips(make_data(folder_of_two_classes, min_clip_dbfs=-40.0), features, report=lines.append)
    assert lines == [
        "2 of 10 recordings resampled from 16000 Hz to 8000 Hz",
        "1 of 10 recordings shorter than a clip (0.1 s): padded with silence in front",
        "2 clips below -40 dBFS left out",
        "ignored: 1 other file(s): README.md",
    ]
    assert clips.counts() == {"ball": 16, "nut": 21}
    assert clips.num_ignored == 1


def test_load_clips_of_48_khz_flac_cuts_whole_clips(shared_dir):
    data = DataConfig(data_dir=str(shared_dir / "data" / "finger_taps" / "test"), clip_seconds=1.0)
    clips = load_clips(data, FeatureConfig(mel_bins=64))
    assert set(clips.counts()) == {"knuckle", "nail_tap", "nail_tip_tap", "pad"}
    assert all(14 <= count <= 17 for count in clips.counts().values())
    assert clips.spectrograms.shape[1:] == (128, 64, 1)


@pytest.mark.parametrize("broken", ["nan", "empty", "text"])
def test_load_clips_names_the_recording_that_cannot_be_read(folder_of_two_classes, make_data, features, broken):
    path = folder_of_two_classes / "nut" / "broken.wav"
    if broken == "nan":
        soundfile.write(path, np.full(900, np.nan, np.float32), SAMPLE_RATE, subtype="FLOAT")
    else:
        path.write_text("" if broken == "empty" else "no audio")
    with pytest.raises(InputError, match=r"nut/broken\.wav: ") as caught:
        load_clips(make_data(folder_of_two_classes), features)
    assert "\n" not in str(caught.value)


def test_load_clips_names_the_recording_without_the_channel(folder_of_two_classes, make_data, features):
    with pytest.raises(InputError, match=r"channels: expected an index below 1.*ball/take_0\.wav"):
        load_clips(make_data(folder_of_two_classes, channels="1"), features)


def test_load_clips_of_a_class_that_is_too_quiet_is_refused_by_its_name(tmp_path, make_data, features, write_noise):
    write_noise(tmp_path / "loud" / "1.wav", 0.3)
    write_noise(tmp_path / "hushed" / "1.wav", 0.3, level=1e-4)
    with pytest.raises(InputError, match="no clip of class 'hushed' is loud enough"):
        load_clips(make_data(tmp_path, min_clip_dbfs=-48.0), features)


def test_resolve_clip_seconds_takes_the_longest_recording_and_the_folders_name(folder_of_two_classes, make_data):
    data = resolve_clip_seconds(make_data(folder_of_two_classes, clip_seconds=None))
    assert data.clip_seconds == pytest.approx(0.65)
    assert data.dataset_name == folder_of_two_classes.name


def test_load_clips_without_clip_seconds_gives_one_clip_per_recording(folder_of_two_classes, make_data, features):
    clips = load_clips(make_data(folder_of_two_classes, clip_seconds=None), features)
    assert len(clips) == len(set(clips.recordings)) == 6


def test_load_clips_with_skip_bad_files_goes_on_and_names_them(folder_of_two_classes, make_data, features):
    wanted = load_clips(make_data(folder_of_two_classes), features)
    (folder_of_two_classes / "nut" / "broken.wav").write_text("no audio")
    (folder_of_two_classes / "nut" / "gone.wav").symlink_to("nowhere")
    lines = []
    data = make_data(folder_of_two_classes, skip_bad_files=True)
    clips = load_clips(data, features, report=lines.append)
    np.testing.assert_array_equal(clips.spectrograms, wanted.spectrograms)
    assert set(clips.digests) == set(wanted.digests)
    assert lines[0] == "2 of 8 recordings are bad and left out:"
    assert "broken.wav" in lines[1] and "gone.wav" in lines[2]


def test_load_clips_of_a_class_whose_recordings_are_all_bad_is_refused(folder_of_two_classes, make_data, features):
    for path in (folder_of_two_classes / "nut").iterdir():
        path.write_text("no audio")
    with pytest.raises(InputError, match="class 'nut' is usable; 3 recordings are bad, the first: .*take_0"):
        load_clips(make_data(folder_of_two_classes, skip_bad_files=True), features)


@pytest.fixture
def recordings(tmp_path, write_noise):
    """Two classes of two recordings with two clips each."""
    for number, name in enumerate(("nut/1", "nut/2", "ball/1", "ball/2")):
        write_noise(tmp_path / "recordings" / f"{name}.wav", 0.25, rate=16000, seed=number)
    return tmp_path / "recordings"


def test_load_clips_again_reads_the_cache_and_gives_the_same(recordings, make_data, features, load_counted):
    wanted = load_clips(make_data(recordings), features)
    first, num_first, lines = load_counted(make_data(recordings))
    second, num_second, lines_again = load_counted(make_data(recordings))
    assert (num_first, num_second) == (4, 0)
    assert lines == lines_again == ["4 of 4 recordings resampled from 16000 Hz to 8000 Hz"]
    for clips in (first, second):
        np.testing.assert_array_equal(clips.spectrograms, wanted.spectrograms)
        assert clips.clip_ids == wanted.clip_ids and clips.fingerprint() == wanted.fingerprint()


def test_load_clips_after_a_change_of_content_or_settings_computes_again(
    recordings, make_data, features, load_counted, write_noise
):
    load_counted(make_data(recordings))
    assert load_counted(make_data(recordings), replace(features, mel_bins=8))[1] == 4
    assert load_counted(make_data(recordings, peak_normalize=True))[1] == 4
    assert load_counted(make_data(recordings, file_pattern=r"(?P<label>\w+)/(?P<group>\d)"))[1] == 0
    path = recordings / "nut" / "1.wav"
    before = path.stat()
    write_noise(path, 0.25, rate=16000, seed=99)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))  # only the content says that it is another one
    changed, num_read, _ = load_counted(make_data(recordings))
    assert num_read == 4
    np.testing.assert_array_equal(changed.spectrograms, load_clips(make_data(recordings), features).spectrograms)


def test_load_clips_finds_a_cache_entry_cut_short_and_computes_it_again(
    recordings, make_data, features, load_counted, tmp_path
):
    load_counted(make_data(recordings))
    (array,) = (tmp_path / "cache").glob("*/features.f32")
    array.write_bytes(array.read_bytes()[:-4])
    clips, num_read, _ = load_counted(make_data(recordings))
    assert num_read == 4
    np.testing.assert_array_equal(clips.spectrograms, load_clips(make_data(recordings), features).spectrograms)


def test_load_clips_that_fails_leaves_nothing_in_the_cache(recordings, make_data, load_counted, tmp_path):
    soundfile.write(recordings / "nut" / "3.wav", np.full(900, np.nan, np.float32), SAMPLE_RATE, subtype="FLOAT")
    with pytest.raises(InputError, match=r"3\.wav"):
        load_counted(make_data(recordings))
    assert list((tmp_path / "cache").iterdir()) == []


def test_load_clips_with_a_cache_skips_the_same_bad_files_again(recordings, make_data, load_counted):
    (recordings / "nut" / "3.wav").write_text("no audio")
    data = make_data(recordings, skip_bad_files=True)
    _, num_first, lines = load_counted(data)
    _, num_second, lines_again = load_counted(data)
    assert (num_first, num_second) == (5, 0)
    assert lines == lines_again and "1 of 5 recordings are bad and left out:" in lines
    with pytest.raises(InputError, match=r"3\.wav"):
        load_counted(make_data(recordings))


def test_load_clips_into_a_cache_that_cannot_be_written_says_how_to_do_without(recordings, make_data, features):
    with pytest.raises(InputError, match="feature_cache_dir: cannot write to .*--feature_cache_dir= "):
        load_clips(make_data(recordings), features, feature_cache_dir=recordings / "nut" / "1.wav")


def test_load_clips_from_the_cache_keeps_the_sides_on_disk(tmp_path, make_data, features, write_noise):
    for number, name in enumerate(("train/nut", "train/ball", "test/nut", "test/ball")):
        write_noise(tmp_path / "set" / name / "1.wav", 0.4, seed=number)
    data = make_data(tmp_path / "set", dataset="mb")
    train, test = split_sides(load_clips(data, features, feature_cache_dir=tmp_path / "cache"), ())
    for side in (train, test):
        assert isinstance(side.spectrograms, np.memmap) and side.spectrograms.base is not None
        assert len(side) == 8
    assert {path.split("/")[0] for path in test.recordings} == {"test"}


def test_load_clips_of_finger_taps_as_pucks_cuts_5_s_at_half_overlap(shared_dir):
    lines = []
    data = DataConfig(
        data_dir=str(shared_dir / "data" / "finger_taps"), dataset="pucks", clip_seconds=5.0, clip_overlap=0.5
    )
    clips = load_clips(data, FeatureConfig(fft_length=256, hop_length=256, mel_bins=8, frames=1024), lines.append)
    train, test = split_sides(clips, ())
    # 73.41, 54.21, 50.88 and 54.80 s: floor((duration - 5) / 2.5) + 1 clips
    assert train.counts() == {"knuckle": 28, "nail_tap": 20, "nail_tip_tap": 19, "pad": 20}
    assert test.counts() == {"knuckle": 5, "nail_tap": 5, "nail_tip_tap": 5, "pad": 4}
    assert any("differs from the paper" in line and "48000 Hz" in line for line in lines)
    assert "8 of 8 recordings resampled from 48000 Hz to 44100 Hz" in lines


def test_load_clips_into_a_cache_needs_no_more_memory_for_more_recordings(
    tmp_path, make_data, write_noise, monkeypatch
):
    features = FeatureConfig(fft_length=128, hop_length=16, mel_bins=64)  # 16 KiB per clip
    monkeypatch.setattr(loading, "FEATURE_BATCH_SAMPLES", 40 * 800)

    def peak_bytes(num_recordings):
        folder = tmp_path / str(num_recordings)
        for number in range(num_recordings):
            write_noise(folder / "ab"[number % 2] / f"{number}.wav", 2.0, seed=number)
        tracemalloc.start()
        clips = load_clips(make_data(folder), features, feature_cache_dir=tmp_path / "cache")
        total = float(sum(clip.sum(dtype=np.float64) for clip in clips.spectrograms))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert len(clips) == 20 * num_recordings and np.isfinite(total)
        return peak, clips.spectrograms.nbytes

    peak_bytes(4)  # what is made once is made now
    (few, few_bytes), (many, many_bytes) = peak_bytes(8), peak_bytes(32)
    assert many_bytes == 4 * few_bytes
    assert many - few < 0.25 * (many_bytes - few_bytes)
