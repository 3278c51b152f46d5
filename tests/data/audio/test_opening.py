"""One verdict on a file for all who open it: header alone, soundfile, tensorflow-io."""

import errno
import io
import struct

import numpy as np
import pytest
import soundfile

from gansynth_isa.checks.damaged.files import encode
from gansynth_isa.checks.damaged.unusual import chunk, id3, pcm, riff, unusual_files, wave_format
from gansynth_isa.data.audio import decoding, opening
from gansynth_isa.errors import InputError

CASES = list(unusual_files())
NOISE = np.random.default_rng(3).uniform(-0.5, 0.5, (500, 2))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.kind} {case.name}")
def test_unusual_recording_gives_every_sample_and_the_header_that_is_true(tmp_path, case):
    path = tmp_path / case.name
    path.write_bytes(case.contents)
    samples, info = decoding.decode_audio(path, case.contents, use_tensorflow_io=False)
    assert opening.audio_info(path) == info
    assert (info.sample_rate, info.num_samples, info.channels) == (8000, *case.samples.shape)
    np.testing.assert_allclose(samples, case.samples, rtol=0, atol=case.tolerance)


@pytest.mark.parametrize(("bits", "sample_bytes"), [(16, 2), (24, 3)])
def test_tag_in_front_of_wav_costs_no_sample_at_the_end(tmp_path, bits, sample_bytes):
    path = tmp_path / "tagged.wav"
    plain = riff(wave_format(bits, sample_bytes), pcm(NOISE, bits, sample_bytes))
    path.write_bytes(id3("take one") + plain)
    samples, _ = decoding.read_audio(path)
    assert samples.shape == (500, 2)  # libsndfile alone gives as many bytes fewer as the tag has
    wanted = np.round(NOISE * (2 ** (bits - 1) - 1)) / 2 ** (bits - 1)
    np.testing.assert_allclose(samples, wanted, rtol=0, atol=1e-7)


def with_bits(bits, sample_bytes):
    return riff(wave_format(bits, sample_bytes), pcm(NOISE, 16, sample_bytes))


@pytest.mark.parametrize(
    ("contents", "message"),
    [
        (with_bits(24, 4), "2 channel.* of 24 bits in 6 bytes, its header says 8"),
        (with_bits(20, 4), "of 20 bits in 6 bytes, its header says 8"),
        (with_bits(7, 2), "expected 8 to 32 bits per sample in WAV format 1, its header says 7"),
        (riff(wave_format(12, 2, tag=3), pcm(NOISE, 16, 2)), "expected a WAV, FLAC|32 or 64 bits per sample"),
        (b"camera " * 3 + with_bits(16, 2), "found 21 bytes of something else in front of the header"),
        (with_bits(16, 2)[:-100], "truncated or damaged: its header promises 2,000 bytes of samples, 1,900 are there"),
        (riff(wave_format(16, 2), chunk(b"LIST", b"abcd")), "expected a|none are there"),
        (b"ID3\x03\0\0\x7f\x7f\x7f\x7f" + with_bits(16, 2), "in front of the header|something unreadable|found"),
        (riff(wave_format(16, 2), chunk(b"data", b"")) + bytes(9000), "without samples in 9,0.. bytes: perhaps it was"),
        (b"", "found an empty file"),
    ],
)
def test_header_and_decoders_refuse_a_recording_in_the_same_words(tmp_path, contents, message):
    path = tmp_path / "bad one.wav"
    path.write_bytes(contents)
    refusals = []
    for read in (opening.audio_info, decoding.read_audio, lambda path: decoding.read_audio(path, False)):
        with pytest.raises(InputError, match=rf"bad one\.wav: .*({message})") as caught:
            read(path)
        refusals.append(str(caught.value))
    assert len(set(refusals)) == 1 and "\n" not in refusals[0]


@pytest.mark.parametrize(
    "surprise",
    [
        KeyError(b"ID3\x03"),
        IndexError("9"),
        ValueError("x"),
        struct.error("unpack"),
        OverflowError("large"),
        OSError(5),
    ],
)
def test_whatever_a_parser_raises_ends_in_one_line_with_the_files_name(tmp_path, monkeypatch, surprise):
    def check(*_):
        raise surprise

    path = tmp_path / "strange.wav"
    soundfile.write(path, NOISE, 8000)
    monkeypatch.setattr(opening, "check_container", check)
    for read in (opening.audio_info, decoding.read_audio):
        with pytest.raises(InputError, match=r"strange\.wav: ") as caught:
            read(path)
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize("answer", [None, np.zeros((499, 2), np.float32)])
def test_what_tensorflow_io_refuses_or_cuts_short_soundfile_decides(tmp_path, monkeypatch, answer):
    path = tmp_path / "1.wav"
    soundfile.write(path, NOISE, 8000)
    monkeypatch.setattr(decoding, "tfio_works", lambda: True)
    monkeypatch.setattr(decoding, "decode_wav", lambda contents, subtype: answer)
    np.testing.assert_allclose(decoding.read_audio(path)[0], NOISE, rtol=0, atol=2**-15)


def test_flipped_bytes_anywhere_never_surprise_a_reader(tmp_path, capfd):
    rng = np.random.default_rng(0)
    path = tmp_path / "flipped.wav"
    for case in CASES[::4]:
        for _ in range(8):
            contents = bytearray(case.contents)
            for place in rng.integers(0, min(200, len(contents)), 3):
                contents[place] = rng.integers(256)
            path.write_bytes(bytes(contents))
            for read in (opening.audio_info, lambda path: decoding.read_audio(path, False)):
                try:
                    read(path)
                except InputError as error:
                    assert "flipped.wav: " in str(error)
    assert capfd.readouterr().err == ""


def test_disk_that_fails_while_a_header_is_read_is_named_and_nothing_else_is_said(tmp_path, monkeypatch, capfd):
    class Failing(io.BytesIO):
        def readinto(self, buffer):
            raise OSError(errno.EIO, "Input/output error")

    path = tmp_path / "1.wav"
    soundfile.write(path, NOISE, 8000)
    contents = path.read_bytes()
    monkeypatch.setattr(opening, "from_header_on", lambda file: Failing(contents))
    with pytest.raises(InputError, match=r"1\.wav: cannot read the recording \(Input/output error\)"):
        opening.audio_info(path)
    assert capfd.readouterr().err == ""


def test_header_that_sends_a_reader_nowhere_is_refused_and_nothing_else_is_said(tmp_path, capfd):
    sound = bytearray(encode(np.tile(NOISE, (40, 1)), "RF64", "PCM_16"))
    struct.pack_into("<Q", sound, sound.index(b"ds64") + 16, 2**62)
    path = tmp_path / "1.wav"
    path.write_bytes(bytes(sound))
    with pytest.raises(InputError, match=r"1\.wav: the recording is truncated or damaged"):
        opening.audio_info(path)
    assert capfd.readouterr().err == ""


def test_header_names_the_software_that_wrote_the_file(tmp_path):
    with soundfile.SoundFile(tmp_path / "1.flac", "w", 8000, 2) as file:
        file.software = "Recorder 5"
        file.write(NOISE)
    assert "Recorder 5" in opening.audio_info(tmp_path / "1.flac").software
