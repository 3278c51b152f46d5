"""Reading and resampling audio; expected samples come from soundfile or from a formula."""

import os
import subprocess
import sys

import numpy as np
import pytest
import soundfile

from gansynth_isa.data.audio import decoding as audio
from gansynth_isa.data.audio import opening
from gansynth_isa.data.audio.tfio_decoder import TFIO_SUBTYPES
from gansynth_isa.errors import InputError

RAMP = np.linspace(-0.9, 0.9, 600).reshape(300, 2)


@pytest.mark.parametrize(
    ("suffix", "subtype", "step"),
    [
        ("wav", "PCM_16", 2**-15),
        ("wav", "PCM_24", 2**-23),
        ("wav", "PCM_32", 2**-23),
        ("wav", "PCM_U8", 2**-7),
        ("wav", "FLOAT", 2**-24),
        ("wav", "DOUBLE", 2**-24),
        ("flac", "PCM_16", 2**-15),
        ("flac", "PCM_24", 2**-23),
        ("flac", "PCM_S8", 2**-7),
    ],
)
def test_read_audio_of_every_format_gives_the_samples_written(tmp_path, suffix, subtype, step):
    path = tmp_path / f"ramp.{suffix}"
    soundfile.write(path, RAMP, 22050, subtype=subtype)
    samples, rate = audio.read_audio(path)
    assert (samples.dtype, samples.shape, rate) == (np.float32, (300, 2), 22050)
    np.testing.assert_allclose(samples, RAMP, atol=1.01 * step)


def test_read_audio_of_bulk_material_equals_soundfile(shared_dir):
    for name in ("steel_nut_M4_1.wav", "screws_2.wav"):  # 32-bit float, 16-bit PCM
        path = shared_dir / "data" / "bulk_material" / name
        wanted, rate = soundfile.read(path, dtype="float32", always_2d=True)
        samples, found_rate = audio.read_audio(path)
        assert found_rate == rate == 44100
        np.testing.assert_array_equal(samples, wanted)


@pytest.mark.parametrize("channels", [1, 2, 3, 8])
@pytest.mark.parametrize("subtype", sorted(TFIO_SUBTYPES))
def test_read_audio_without_tensorflow_io_gives_the_same(tmp_path, monkeypatch, subtype, channels):
    path = tmp_path / "noise.wav"
    noise = np.random.default_rng(0).uniform(-1.0, 1.0, (301, channels))  # 3 bytes x 301: an odd number
    soundfile.write(path, noise, 22050, subtype=subtype)
    with_tfio, _ = audio.read_audio(path)
    monkeypatch.setattr(audio, "tfio_works", lambda: False)
    np.testing.assert_array_equal(audio.read_audio(path)[0], with_tfio)


def test_read_audio_asks_tensorflow_io_only_for_formats_that_it_reads_right(tmp_path, monkeypatch):
    asked = []

    def decode(contents, subtype):
        asked.append(subtype)
        return RAMP.astype(np.float32)  # stands in for tensorflow-io, which is not everywhere

    monkeypatch.setattr(audio, "tfio_works", lambda: True)
    monkeypatch.setattr(audio, "decode_wav", decode)
    for subtype in ("PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE"):
        soundfile.write(tmp_path / f"{subtype}.wav", RAMP, 22050, subtype=subtype)
        audio.read_audio(tmp_path / f"{subtype}.wav", use_tensorflow_io=subtype != "FLOAT")
    assert asked == ["PCM_16", "PCM_24"]


def test_read_audio_of_wav_with_other_chunks_gives_the_samples(tmp_path):
    path = tmp_path / "ramp.wav"
    soundfile.write(path, RAMP, 22050, subtype="PCM_16")
    plain = path.read_bytes()
    wanted, _ = audio.read_audio(path)
    path.write_bytes(plain[:36] + b"LIST\x03\x00\x00\x00abc\x00" + plain[36:] + b"LIST\x02\x00\x00\x00ab")
    np.testing.assert_array_equal(audio.read_audio(path)[0], wanted)


@pytest.mark.parametrize(("container", "byte_order", "start"), [("RF64", "FILE", b"RF64"), ("WAV", "BIG", b"RIFX")])
def test_read_audio_of_the_other_kinds_of_wav_gives_the_samples(tmp_path, container, byte_order, start):
    path = tmp_path / "ramp.wav"
    soundfile.write(path, RAMP, 22050, format=container, subtype="PCM_24", endian=byte_order)
    assert path.read_bytes()[:4] == start
    np.testing.assert_allclose(audio.read_audio(path)[0], RAMP, atol=2**-23)


@pytest.mark.parametrize("channels", [1, 2, 8])
def test_read_audio_of_ogg_vorbis_comes_close_to_the_samples_written(tmp_path, channels):
    path = tmp_path / "sine.ogg"
    sine = 0.5 * np.sin(2 * np.pi * 440 * np.arange(22050) / 22050)[:, np.newaxis] * np.ones(channels)
    soundfile.write(path, sine, 22050, format="OGG", subtype="VORBIS")
    samples, rate = audio.read_audio(path)
    assert (samples.dtype, samples.shape, rate) == (np.float32, (22050, channels), 22050)
    assert np.abs(samples - sine)[100:-100].max() < 0.05


def test_package_without_tensorflow_io_reads_recordings(tmp_path):
    soundfile.write(tmp_path / "ramp.wav", RAMP, 22050, subtype="PCM_16")
    code = (
        "import sys; sys.modules['tensorflow_io'] = None\n"
        "from gansynth_isa.data.audio.decoding import read_audio\n"
        "from gansynth_isa.data.audio.tfio_decoder import tfio_works\n"
        f"samples, rate = read_audio({str(tmp_path / 'ramp.wav')!r})\n"
        "print(tfio_works(), samples.shape, rate, float(samples[0, 0]), 'tensorflow' in sys.modules)"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.split() == ["False", "(300,", "2)", "22050", str(-29492 / 2**15), "False"]


def write_bad_recording(path, kind):
    samples = RAMP.astype(np.float32).copy()
    if kind in ("nan", "infinite"):
        samples[7, 1] = np.nan if kind == "nan" else np.inf
    soundfile.write(path, samples[:0] if kind == "no samples" else samples, 22050, subtype="FLOAT")
    if kind == "text":
        path.write_text("this is not audio")
    if kind == "empty":
        path.write_bytes(b"")
    if kind == "truncated":
        path.write_bytes(path.read_bytes()[:500])
    if kind in ("missing", "folder", "pipe"):
        path.unlink()
    if kind == "folder":
        path.mkdir()
    if kind == "pipe":
        os.mkfifo(path)


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("nan", "found 1 NaN or infinite"),
        ("infinite", "found 1 NaN or infinite"),
        ("no samples", "without samples"),
        ("text", "expected a WAV, FLAC or Ogg Vorbis file"),
        ("empty", "empty file"),
        ("truncated", "truncated or damaged"),
        ("missing", "cannot read"),
        ("folder", "found a folder"),
        ("pipe", "found something else"),
    ],
)
def test_read_audio_of_bad_recording_is_refused_by_name_in_one_line(tmp_path, kind, message):
    path = tmp_path / "bad_one.wav"
    write_bad_recording(path, kind)
    with pytest.raises(InputError, match=rf"bad_one\.wav: .*{message}") as caught:
        audio.read_audio(path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("kind", ["no samples", "text", "empty", "missing", "pipe"])
def test_duration_of_bad_recording_is_refused_by_name(tmp_path, kind):
    path = tmp_path / "bad_one.wav"
    write_bad_recording(path, kind)
    with pytest.raises(InputError, match=r"bad_one\.wav: (expected|cannot read)"):
        opening.duration_seconds(path)


@pytest.mark.parametrize(("limit", "value"), [("MAX_VALUES", 599), ("MAX_FILE_BYTES", 1000)])
def test_read_audio_of_too_large_a_recording_is_refused_by_name(tmp_path, monkeypatch, limit, value):
    soundfile.write(tmp_path / "large.wav", RAMP, 22050)
    monkeypatch.setattr(opening, limit, value)
    with pytest.raises(InputError, match=rf"large\.wav: expected at most {value:,}"):
        audio.read_audio(tmp_path / "large.wav")


def test_read_audio_of_a_flac_stream_without_its_length_says_so(tmp_path):
    path = tmp_path / "stream.flac"
    soundfile.write(path, RAMP, 22050, subtype="PCM_16")
    sound = path.read_bytes()
    packed = int.from_bytes(sound[18:26], "big") >> 36 << 36  # the number of samples is the lowest 36 bits
    path.write_bytes(sound[:18] + packed.to_bytes(8, "big") + bytes(16) + sound[42:])
    with pytest.raises(InputError, match=r"stream\.flac: expected the number of samples in the header, found none"):
        audio.read_audio(path)


def test_duration_is_samples_over_rate(tmp_path):
    soundfile.write(tmp_path / "ramp.wav", RAMP, 22050)
    assert opening.duration_seconds(tmp_path / "ramp.wav") == pytest.approx(300 / 22050)


def test_resample_keeps_a_sine_in_place_and_its_level():
    def sine(rate):
        return np.sin(2 * np.pi * 500 * np.arange(rate) / rate).astype(np.float32)[:, np.newaxis]

    found = audio.resample(sine(48000), 48000, 44100)
    assert (found.shape, found.dtype) == ((44100, 1), np.float32)
    np.testing.assert_allclose(found[1000:-1000], sine(44100)[1000:-1000], atol=1e-4)


@pytest.mark.parametrize("rate", [1_000, 8_000, 96_000, 768_000])
def test_recording_of_any_rate_is_read_and_resampled_in_place(tmp_path, rate):
    def sine(rate):
        return 0.5 * np.sin(2 * np.pi * 100 * np.arange(2 * rate) / rate)[:, np.newaxis]

    soundfile.write(tmp_path / "sine.wav", sine(rate), rate, subtype="FLOAT")
    samples, found_rate = audio.read_audio(tmp_path / "sine.wav")
    found = audio.resample(samples, found_rate, 44100)
    assert (found_rate, len(found)) == (rate, 2 * 44100)
    np.testing.assert_allclose(found[22050:-22050], sine(44100)[22050:-22050], atol=1e-3)


def test_resample_removes_what_the_new_rate_cannot_hold():
    tone = np.sin(2 * np.pi * 20000 * np.arange(48000) / 48000).astype(np.float32)[:, np.newaxis]
    assert np.abs(audio.resample(tone, 48000, 16000)[1000:-1000]).max() < 1e-4


def test_resample_to_the_same_rate_changes_nothing():
    samples = RAMP.astype(np.float32)
    np.testing.assert_array_equal(audio.resample(samples, 8000, 8000), samples)


@pytest.mark.parametrize(("rate_in", "rate_out"), [(44100, 16000), (8000, 44100), (48000, 44100), (96000, 12345)])
def test_length_after_resampling_is_known_without_resampling(rate_in, rate_out):
    for num_samples in (1, 2, 3, 100, 101, 441, 4410, 4411, 9999):
        resampled = audio.resample(np.zeros((num_samples, 1), np.float32), rate_in, rate_out)
        assert audio.resampled_length(num_samples, rate_in, rate_out) == len(resampled)
