"""Recordings that are whole but unlike what a library writes: tags in front, odd chunks, unusual numbers of bits."""

import io
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import soundfile

from gansynth_isa.checks.damaged.files import NUM_SAMPLES, SAMPLE_RATE, encode

PCM, FLOAT, EXTENSIBLE = 1, 3, 0xFFFE
GUID_TAIL = bytes.fromhex("000000001000800000aa00389b71")  # of the formats that have a number, behind that number
NUM_CHANNELS = 2


@dataclass(frozen=True)
class UnusualFile:
    """Bytes of a recording that must be read, by every command.

    Attributes:
      kind: what is unusual.
      name: file name, unique.
      contents: all bytes.
      samples: float (samples, channels) that it holds.
      tolerance: by how much a sample that is read may differ.
    """

    kind: str
    name: str
    contents: bytes
    samples: np.ndarray
    tolerance: float


def unusual_files(seed: int = 0) -> Iterator[UnusualFile]:
    """All of them; the sound depends on the seed alone."""
    samples = np.random.default_rng(seed).uniform(-0.5, 0.5, (NUM_SAMPLES, NUM_CHANNELS))
    for number, (kind, contents, tolerance) in enumerate(_wav_files(samples)):
        yield UnusualFile(f"wav: {kind}", f"unusual_{number:03d}.wav", contents, samples, tolerance)
    for container, suffix in (("FLAC", "flac"), ("OGG", "ogg")):
        sound = encode(samples, container, "PCM_16" if container == "FLAC" else "VORBIS")
        samples, _ = soundfile.read(io.BytesIO(sound))
        for number, contents in enumerate((id3() + sound, id3() + bytes(300) + sound, sound + old_tag())):
            name = f"unusual_{number:03d}.{suffix}"
            yield UnusualFile(f"{suffix}: a tag", name, contents, samples, 2.0**-20)


def chunk(name: bytes, body: bytes, padded: bool = True) -> bytes:
    """A chunk of a WAV file; behind an odd number of bytes follows one of padding, unless a writer forgets it."""
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2 if padded else 0)


def riff(*chunks: bytes) -> bytes:
    """A WAV file of these chunks."""
    body = b"WAVE" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def wave_format(bits: int, sample_bytes: int, channels: int = NUM_CHANNELS, tag: int = PCM, valid: int = 0) -> bytes:
    """The chunk `fmt `; with `valid` bits it is of the extensible kind."""
    block = channels * sample_bytes
    rates = (channels, SAMPLE_RATE, SAMPLE_RATE * block, block, bits)
    if not valid:
        return chunk(b"fmt ", struct.pack("<HHIIHH", tag, *rates))
    more = struct.pack("<HHIH", 22, valid, 0, tag) + GUID_TAIL
    return chunk(b"fmt ", struct.pack("<HHIIHH", EXTENSIBLE, *rates) + more)


def pcm(samples: np.ndarray, bits: int, sample_bytes: int) -> bytes:
    """The chunk `data` of whole numbers; `bits` that do not fill their bytes are the upper ones."""
    values = np.round(samples * (2 ** (bits - 1) - 1)).astype("<i8") << (8 * sample_bytes - bits)
    return chunk(b"data", values.reshape(-1, 1).view(np.uint8)[:, :sample_bytes].tobytes())


def id3(text: str = "take one!") -> bytes:
    """An ID3v2 tag with a title."""
    frame = b"\x03" + text.encode()
    frame = b"TIT2" + struct.pack(">I", len(frame)) + b"\0\0" + frame
    return b"ID3\x03\0\0" + bytes(len(frame) >> shift & 127 for shift in (21, 14, 7, 0)) + frame


def old_tag() -> bytes:
    """An ID3v1 tag, which stands behind a recording."""
    return b"TAG" + b"take one".ljust(125, b"\0")


def _wav_files(samples: np.ndarray) -> Iterator[tuple[str, bytes, float]]:
    """(kind, contents, tolerance)."""
    for make, tolerance in _sample_formats():
        form, data = make(samples)
        yield from ((kind, contents, tolerance) for kind, contents in _with_chunks(form, data))
    for bits, sample_bytes in ((9, 2), (10, 2), (12, 2), (14, 2), (18, 3), (20, 3), (25, 4)):
        plain = riff(wave_format(bits, sample_bytes), pcm(samples, bits, sample_bytes))
        yield f"{bits} bits", plain, 2.0 ** (1 - bits)
    for bits, sample_bytes, valid in ((16, 2, 12), (24, 3, 20), (32, 4, 20), (32, 4, 24), (20, 3, 20)):
        form = wave_format(bits, sample_bytes, valid=valid)
        yield f"{valid} bits in {bits}", riff(form, pcm(samples, valid, sample_bytes)), 2.0 ** (1 - valid)


def _sample_formats() -> Iterator[tuple[Callable[[np.ndarray], tuple[bytes, bytes]], float]]:
    """(makes the chunks `fmt ` and `data`, tolerance) of the formats that other decoders than libsndfile read too."""

    def whole(bits: int) -> Callable[[np.ndarray], tuple[bytes, bytes]]:
        return lambda samples: (wave_format(bits, bits // 8), pcm(samples, bits, bits // 8))

    def floating(samples: np.ndarray) -> tuple[bytes, bytes]:
        return wave_format(32, 4, tag=FLOAT), chunk(b"data", samples.astype("<f4").tobytes())

    yield whole(16), 2.0**-15
    yield whole(24), 2.0**-23
    yield floating, 2.0**-24


def _with_chunks(form: bytes, data: bytes) -> Iterator[tuple[str, bytes]]:
    odd = b"LIST", b"INFOIART\x03\0\0\0abc"
    broadcast, plain = chunk(b"bext", bytes(602)), riff(form, data)
    yield "a tag in front", id3() + plain
    yield "two tags in front", id3() + id3("again") + plain
    yield "a large tag in front", id3("x" * 5000) + plain
    yield "a tag and zeros in front", id3() + bytes(512) + plain
    yield "an odd chunk in front of the samples", riff(form, chunk(*odd), data)
    yield "an odd chunk without padding in front of the samples", riff(form, chunk(*odd, padded=False), data)
    yield "an odd chunk behind the samples", riff(form, data, chunk(*odd))
    yield "an odd chunk without padding behind the samples", riff(form, data, chunk(*odd, padded=False), broadcast)
    yield "an odd tag behind the samples", riff(form, data, chunk(b"id3 ", id3() + b"\0" * (1 - len(id3()) % 2)))
    yield "chunks of broadcasters", riff(chunk(b"JUNK", bytes(28)), broadcast, form, chunk(b"fact", bytes(4)), data)
    yield "an old tag behind", plain + old_tag()
    yield "rubbish behind", plain + b"\xff" * 999
