"""Several hundred damaged recordings, made from sound ones in memory."""

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import soundfile

SAMPLE_RATE = 8000
NUM_SAMPLES = 4000
WAV_SUBTYPES = ("PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE")
# Offsets in the header that libsndfile writes; the chunk `fmt ` comes first.
FMT_SIZE, FMT_TAG, CHANNELS, RATE, BLOCK_BYTES, BITS = 16, 20, 22, 24, 32, 34
WAV_LIES = {
    "format size": ("<I", FMT_SIZE, (0, 1, 14, 2**31, 2**32 - 1)),
    "channels": ("<H", CHANNELS, (0, 3, 1000, 65535)),
    "rate": ("<I", RATE, (0, 1, 999, 2**31 - 1, 2**32 - 1)),
    "block size": ("<H", BLOCK_BYTES, (0, 1, 65535)),
    "bits": ("<H", BITS, (0, 1, 7, 65535)),
}
NUM_FLIPS = 12


@dataclass(frozen=True)
class DamagedFile:
    """Bytes of a recording with one thing wrong.

    Attributes:
      kind: what was done.
      name: file name, unique.
      contents: all bytes.
      must_be_refused: False where the damage may have left a recording that reads well.
    """

    kind: str
    name: str
    contents: bytes
    must_be_refused: bool = True


def damaged_files(seed: int = 0) -> Iterator[DamagedFile]:
    """All of them; what is drawn at random depends on the seed alone."""
    rng = np.random.default_rng(seed)
    noise = rng.normal(0.0, 0.1, (NUM_SAMPLES, 2))
    for subtype in WAV_SUBTYPES:
        sound = encode(noise, "WAV", subtype)
        for number, (kind, contents, certain) in enumerate(_damaged_wav(sound, rng)):
            yield DamagedFile(f"wav: {kind}", f"{subtype}_{number:03d}.wav", contents, certain)
    for number, (kind, contents) in enumerate(_other_wav(noise)):
        yield DamagedFile(f"wav: {kind}", f"other_{number:03d}.wav", contents)
    for number, (kind, contents) in enumerate(_not_finite(noise)):
        yield DamagedFile(f"wav: {kind}", f"not_finite_{number:03d}.wav", contents)
    for subtype in ("PCM_16", "PCM_24"):
        for number, (kind, contents, certain) in enumerate(_damaged_flac(encode(noise, "FLAC", subtype), rng)):
            yield DamagedFile(f"flac: {kind}", f"{subtype}_{number:03d}.flac", contents, certain)
    for number, (kind, contents, certain) in enumerate(_damaged_ogg(encode(noise, "OGG", "VORBIS"), rng)):
        yield DamagedFile(f"ogg: {kind}", f"vorbis_{number:03d}.ogg", contents, certain)
    for number, contents in enumerate(_other_containers(noise)):
        yield DamagedFile("another container", f"container_{number:03d}.wav", contents)
    for number, contents in enumerate(_no_audio(rng)):
        yield DamagedFile("no audio", f"no_audio_{number:03d}.wav", contents)


def encode(samples: np.ndarray, container: str, subtype: str, byte_order: str = "FILE") -> bytes:
    """A recording at SAMPLE_RATE as bytes; `byte_order` 'BIG' makes a WAV file that begins with RIFX."""
    file = io.BytesIO()
    soundfile.write(file, samples, SAMPLE_RATE, format=container, subtype=subtype, endian=byte_order)
    return file.getvalue()


def _damaged_wav(sound: bytes, rng: np.random.Generator) -> Iterator[tuple[str, bytes, bool]]:
    start = sound.index(b"data") + 8
    for length in (1, 3, 4, 8, 11, 12, 16, 20, 24, 30, 36, start - 4, start):
        yield "header truncated", sound[:length], True
    for length in (start + 1, start + 100, len(sound) // 2, len(sound) - 1):
        yield "samples truncated", sound[:length], True
    for size in (0, 1, len(sound), 2**31, 2**32 - 1):
        yield "size of the samples lies", _replace(sound, "<I", start - 4, size), True
    for name, (layout, place, values) in WAV_LIES.items():
        for value in values:
            yield f"{name} lies", _replace(sound, layout, place, value), True
    for tag in (0, 2, 0x55, 0xFFFF):
        yield "another format", _replace(sound, "<H", FMT_TAG, tag), False
    for bits in (20, 24):
        yield "bits that do not fill blocks", _replace(sound, "<H", BITS, bits), sound[BITS] != 24
    yield "something else in front of the header", b"not a tag" + sound, True
    yield "a tag in front, truncated", b"ID3\x03\0\0\0\0\0\x20" + bytes(32) + sound[: len(sound) // 2], True
    yield "a tag larger than the file", b"ID3\x03\0\0\x7f\x7f\x7f\x7f" + sound, True
    yield "the samples twice", sound + sound[start - 8 :], False
    yield "samples in front of their format", sound[:12] + sound[start - 8 :] + sound[12 : start - 8], True
    for size in (0, 100, 2**32 - 1):
        yield "size of the file lies", _replace(sound, "<I", 4, size), False
    for _ in range(NUM_FLIPS):
        yield "header with a wrong byte", _flip(sound, rng.integers(start), rng), False


def _other_wav(noise: np.ndarray) -> Iterator[tuple[str, bytes]]:
    """WAV of other kinds: with the high byte first, for more than 4 GB, compressed."""
    noise = np.tile(noise, (4, 1))
    sounds = {
        "RIFX": encode(noise, "WAV", "PCM_16", "BIG"),
        "RF64": encode(noise, "RF64", "PCM_16"),
        "mu-law": encode(noise, "WAV", "ULAW"),
        "ADPCM": encode(noise, "WAV", "IMA_ADPCM"),
    }
    for kind, sound in sounds.items():
        start = sound.index(b"data") + 8
        for length in (20, start - 4, start, start + 100, len(sound) // 2, len(sound) - 1):
            yield f"{kind} truncated", sound[:length]
    size_of_samples = sounds["RF64"].index(b"ds64") + 16
    for size in (2**31, 2**62, 2**64 - 1):
        yield "RF64 size of the samples lies", _replace(sounds["RF64"], "<Q", size_of_samples, size)
    for bits in (0, 7, 16, 65535):
        yield "mu-law bits lie", _replace(sounds["mu-law"], "<H", BITS, bits)


def _not_finite(noise: np.ndarray) -> Iterator[tuple[str, bytes]]:
    for subtype in ("FLOAT", "DOUBLE"):
        for value in (np.nan, np.inf, -np.inf):
            for place in (0, NUM_SAMPLES // 2, NUM_SAMPLES - 1):
                samples = noise.copy()
                samples[place, 1] = value
                yield "NaN or infinite", encode(samples, "WAV", subtype)
        for value in (1e10, -1e38):
            yield "far beyond full scale", encode(np.full_like(noise, value), "WAV", subtype)


def _damaged_flac(sound: bytes, rng: np.random.Generator) -> Iterator[tuple[str, bytes, bool]]:
    for length in (1, 4, 8, 20, 41, 42, 60, 100, len(sound) // 4, len(sound) // 2, len(sound) - 100, len(sound) - 1):
        yield "truncated", sound[:length], True
    packed = int.from_bytes(sound[18:26], "big")
    for total in (0, 1, NUM_SAMPLES - 1, NUM_SAMPLES + 1, 2**30, 2**36 - 1):
        lying = (packed >> 36 << 36) | total
        yield "number of samples lies", sound[:18] + lying.to_bytes(8, "big") + sound[26:], True
    for _ in range(2 * NUM_FLIPS):
        yield "samples with a wrong byte", _flip(sound, rng.integers(len(sound) // 2, len(sound)), rng), True
    for _ in range(NUM_FLIPS):
        yield "header with a wrong byte", _flip(sound, rng.integers(42), rng), False


def _damaged_ogg(sound: bytes, rng: np.random.Generator) -> Iterator[tuple[str, bytes, bool]]:
    for length in (1, 4, 27, 28, 58, 100, 1000, len(sound) // 2, len(sound) - 100, len(sound) - 1):
        yield "truncated", sound[:length], True
    for sound_behind in (sound, sound[: len(sound) // 2]):
        yield "another stream behind it", sound + sound_behind, True
    for _ in range(2 * NUM_FLIPS):
        yield "page with a wrong byte", _flip(sound, rng.integers(len(sound) // 2, len(sound)), rng), True
    for _ in range(NUM_FLIPS):
        yield "header with a wrong byte", _flip(sound, rng.integers(100), rng), False


def _other_containers(noise: np.ndarray) -> Iterator[bytes]:
    """Formats that are none of this project's; libsndfile reads a half of them without a word."""
    for container in ("AIFF", "AU", "W64", "NIST", "VOC"):
        sound = encode(noise, container, "PCM_16")
        yield from (sound, sound[: len(sound) // 2])


def _no_audio(rng: np.random.Generator) -> Iterator[bytes]:
    yield b""
    yield b"R"
    yield b"\0" * 1000
    yield b"this is not audio\n" * 10
    yield b"\x89PNG\r\n\x1a\n" + rng.bytes(200)
    yield b"RIFF\x24\x00\x00\x00AVI LIST" + rng.bytes(200)
    yield b"PK\x03\x04" + rng.bytes(200)
    yield from (rng.bytes(int(size)) for size in rng.integers(1, 5000, 13))


def _replace(sound: bytes, layout: str, place: int, value: int) -> bytes:
    contents = bytearray(sound)
    struct.pack_into(layout, contents, place, value)
    return bytes(contents)


def _flip(sound: bytes, place: int, rng: np.random.Generator) -> bytes:
    contents = bytearray(sound)
    contents[place] ^= int(rng.integers(1, 256))
    return bytes(contents)
