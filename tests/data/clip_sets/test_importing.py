"""Sound files of classes to synthetic clips."""

import hashlib

import numpy as np
import pytest
import soundfile

from gansynth_isa.checks.damaged.files import damaged_files
from gansynth_isa.config import DataConfig, FeatureConfig
from gansynth_isa.data.clip_sets.importing import plan_import, read_imports
from gansynth_isa.data.clip_sets.loading import load_clips
from gansynth_isa.errors import InputError

DATA = DataConfig(sample_rate=8000)
FEATURES = FeatureConfig(fft_length=128, hop_length=64, mel_bins=8)
NUM_SAMPLES = 800


def write(path, num_samples=NUM_SAMPLES, rate=8000, seed=0, **options):
    path.parent.mkdir(parents=True, exist_ok=True)
    noise = np.random.default_rng(seed).normal(0.0, 0.1, (num_samples, options.pop("channels", 1)))
    soundfile.write(path, noise, rate, **options)


@pytest.fixture
def files(tmp_path):
    for number in range(3):
        write(tmp_path / "nut" / f"{number}.wav", seed=number)
        write(tmp_path / "screw" / f"{number}.wav", seed=10 + number)
    return tmp_path


def imported(folder, data=DATA, **options):
    return read_imports(plan_import(folder, data, FEATURES, **options), "a model")


def test_clips_are_those_of_recordings_rounded_to_half_precision(files):
    synthetic = imported(files)
    real = load_clips(DataConfig(sample_rate=8000, data_dir=str(files)), FEATURES)
    np.testing.assert_array_equal(synthetic.spectrograms, real.spectrograms.astype(np.float16))
    np.testing.assert_array_equal(synthetic.labels, [0, 0, 0, 1, 1, 1])
    assert synthetic.class_names == ("nut", "screw")


def test_metadata_say_source_files_and_that_what_the_maker_had_heard_is_unknown(files):
    synthetic = imported(files)
    assert synthetic.imported_from == "a model"
    assert synthetic.import_note() == {"imported_clips": {"source": "a model", "maker_heard": "unknown"}}
    digest = hashlib.sha256((files / "nut" / "1.wav").read_bytes()).hexdigest()
    assert synthetic.metadata["imported"]["files"]["nut/1.wav"] == digest
    assert len(synthetic.metadata["imported"]["clips"]) == 6


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("x.wav", {"subtype": "PCM_24"}),
        ("x.wav", {"subtype": "FLOAT"}),
        ("x.wav", {"channels": 2}),
        ("x.WAV", {"format": "WAV"}),
        ("x.flac", {}),
        ("x.ogg", {}),
        ("ä.wav", {}),
    ],
)
def test_format_of_recordings_is_imported(tmp_path, name, options):
    write(tmp_path / "nut" / name, **options)
    assert len(imported(tmp_path)) == 1


def test_one_class_is_enough(tmp_path):
    write(tmp_path / "nut" / "1.wav")
    assert imported(tmp_path).class_names == ("nut",)


def test_file_of_a_higher_rate_is_resampled_to_the_length_of_the_others(files):
    write(files / "nut" / "fine.wav", num_samples=2 * NUM_SAMPLES, rate=16000)
    assert imported(files).spectrograms.shape[0] == 7


def test_file_of_a_lower_rate_is_refused(files):
    write(files / "nut" / "coarse.wav", num_samples=NUM_SAMPLES // 2, rate=4000)
    with pytest.raises(InputError, match=r"sample_rate: .* 8000 Hz or more, got 4000 Hz \(nut/coarse.wav\)"):
        imported(files)


@pytest.mark.parametrize("num_samples", [NUM_SAMPLES - 1, NUM_SAMPLES + 1, 3 * NUM_SAMPLES])
def test_file_of_another_length_is_refused_without_clip_seconds(files, num_samples):
    write(files / "screw" / "other.wav", num_samples)
    with pytest.raises(InputError, match=r"clip_seconds: expected files of 0.1 s, got .* \(screw/other.wav\)"):
        imported(files)


def test_files_of_another_length_than_the_recordings_are_refused(files):
    with pytest.raises(InputError, match="clip_seconds: expected files of 0.2 s, got 0.1 s"):
        imported(files, wanted_seconds=0.2)


def test_clip_seconds_cuts_longer_files_and_refuses_shorter_ones(files):
    write(files / "screw" / "long.wav", 3 * NUM_SAMPLES + 5)
    cut = DataConfig(sample_rate=8000, clip_seconds=0.1)
    assert imported(files, cut).labels.tolist() == [0, 0, 0, 1, 1, 1, 1, 1, 1]
    write(files / "nut" / "short.wav", NUM_SAMPLES - 1)
    with pytest.raises(InputError, match=r"clip_seconds: expected files of 0.1 s or more, got .* \(nut/short.wav\)"):
        imported(files, cut)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda root: (root / "empty").mkdir(),
            "input_dir: expected sound files in every folder, found none in 'empty'",
        ),
        (lambda root: write(root / "empty" / "x.mp3x", format="WAV"), "found none in 'empty'"),
        (lambda root: (root / "nut" / "empty.wav").touch(), "empty.wav: expected a recording, found an empty file"),
        (lambda root: (root / "nut" / "folder.wav").mkdir(), "folder.wav: expected a recording, found a folder"),
    ],
)
def test_folder_that_is_not_as_expected_is_refused(files, make, message):
    make(files)
    with pytest.raises(InputError) as refusal:
        imported(files)
    assert message in str(refusal.value)


@pytest.mark.parametrize("name", ["missing", "empty"])
def test_folder_without_files_is_refused(tmp_path, name):
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="input_dir: expected "):
        imported(tmp_path / name)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_value_that_is_not_finite_is_refused_by_name(files, value):
    samples = np.zeros(NUM_SAMPLES, np.float32)
    samples[7] = value
    soundfile.write(files / "nut" / "wrong.wav", samples, 8000, subtype="FLOAT")
    with pytest.raises(InputError, match="wrong.wav: expected finite samples"):
        imported(files)


def test_every_damaged_file_is_refused_by_name_or_left_out(files):
    # One of each kind: the whole battery is that of `scripts/bad_files`.
    cases = {case.kind: case for case in damaged_files() if case.must_be_refused and not case.kind.startswith("flac: ")}
    assert len(cases) > 20
    for case in cases.values():
        path = files / "nut" / case.name
        path.write_bytes(case.contents)
        with pytest.raises(InputError) as refusal:
            imported(files, DataConfig(sample_rate=8000, clip_seconds=0.1))
        assert case.name in str(refusal.value)
        skipping = DataConfig(sample_rate=8000, clip_seconds=0.1, skip_bad_files=True)
        assert len(imported(files, skipping)) == 6
        path.unlink()


def test_class_without_a_usable_file_is_refused(files):
    for path in (files / "nut").iterdir():
        path.write_bytes(b"RIFF")
    with pytest.raises(InputError, match="input_dir: expected clips of every class, but none of 'nut' is left"):
        imported(files, DataConfig(sample_rate=8000, skip_bad_files=True))


def test_files_that_were_resampled_before_get_a_warning(tmp_path):
    import soxr

    low = np.random.default_rng(0).normal(0.0, 0.1, 8000).astype(np.float32)
    (tmp_path / "nut").mkdir()
    soundfile.write(tmp_path / "nut" / "1.wav", soxr.resample(low, 16000, 44100), 44100, subtype="FLOAT")
    lines = []
    data = DataConfig(clip_seconds=0.5)
    read_imports(plan_import(tmp_path, data, FeatureConfig(mel_bins=8)), "a model", lines.append)
    assert [line for line in lines if line.startswith("warning: 1 of 1 files hold nothing above 8000 Hz")]
