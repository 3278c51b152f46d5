"""Do the headers of WAV, FLAC and Ogg files tell the truth? libsndfile reads past many a lie without a word.

All functions take a binary file that can be sought in, on disk or in memory, so that a look at the header alone and
the decoding of all samples come to the same verdict.
"""

import io
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from gansynth_isa.errors import InputError

WAVE_PCM, WAVE_FLOAT, WAVE_A_LAW, WAVE_MU_LAW, WAVE_EXTENSIBLE = 1, 3, 6, 7, 0xFFFE
SAMPLE_BITS = {WAVE_PCM: range(8, 33), WAVE_FLOAT: (32, 64), WAVE_A_LAW: (8,), WAVE_MU_LAW: (8,)}
BYTE_ORDER = {b"RIFF": "<", b"RF64": "<", b"RIFX": ">"}
SIZE_ELSEWHERE = 2**32 - 1  # in RF64 the chunk `ds64` holds the size of the samples
MAX_CHUNKS = 10_000  # a recording has a dozen; more are rubbish that would take minutes to walk through
MAX_PADDING = 2**16  # zeros between a tag and the header
MAGIC = (b"RIFF", b"RIFX", b"RF64", b"fLaC", b"OggS")
# Chunks that stand where a byte of padding is missing; other names there are taken for what they seem.
KNOWN_CHUNKS = (b"fmt ", b"data", b"fact", b"LIST", b"bext", b"cue ", b"smpl", b"JUNK", b"junk", b"id3 ", b"ID3 ")
OGG_START_OF_STREAM, OGG_END_OF_STREAM = 2, 4
OGG_HEADER_BYTES = 27


def from_header_on(file: BinaryIO) -> BinaryIO:
    """The recording as decoders expect it: its header at byte 0, and padding behind every odd chunk.

    Tags in front (ID3v2, and zeros behind them) are cut off: libsndfile skips them, but loses as many bytes at the
    end. A byte of padding that a careless writer left out is put in.

    Returns:
      `file` itself where there is nothing to change, else its bytes in memory; at its beginning.
    """
    if start := _size_of_tags(file):
        file.seek(start)
        file = io.BytesIO(file.read())
    if places := list(_missing_padding(file)):
        contents = bytearray(bytes_at(file, 0, size_of(file)))
        for place in reversed(places):
            contents[place:place] = b"\0"
        file = io.BytesIO(bytes(contents))
    file.seek(0)
    return file


def check_container(path: Path | str, file: BinaryIO, container: str) -> None:
    """Checks what the decoders do not.

    Args:
      path: the file's name, for messages.
      file: see `from_header_on`.
      container: 'WAV', 'FLAC' (whose checksum the reader compares) or 'OGG'.

    Raises:
      InputError: sizes that contradict each other or the length of the file, or an end that is missing.
    """
    if container == "WAV":
        _check_wav(path, file)
    elif container == "OGG":
        ogg_samples(path, file)


def flac_stream_info(file: BinaryIO) -> tuple[int, bytes]:
    """(bits per sample, MD5 of the samples) of a FLAC file; the MD5 is all zeros where the encoder gave none.

    The layout is that of the block STREAMINFO, which must come first (RFC 9639, section 8.2).
    """
    block = bytes_at(file, 8, 34)
    return (int.from_bytes(block[10:18], "big") >> 36 & 0x1F) + 1, block[18:34]


def is_plain_wav(file: BinaryIO) -> bool:
    """Whether a file is RIFF with chunks of even sizes alone, and 16, 24, 32 or 64 bits per sample.

    Other readers than libsndfile stumble over a byte of padding, in front of the samples or behind them.
    """
    if bytes_at(file, 0, 4) != b"RIFF":
        return False
    chunks = list(_chunks(file))
    formats = [bytes_at(file, start + 14, 2) for name, start, _ in chunks if name == b"fmt "]
    has_whole_bytes = [struct.unpack("<H", bits)[0] in (16, 24, 32, 64) for bits in formats] == [True]
    return has_whole_bytes and len(chunks) < MAX_CHUNKS and not any(size % 2 for _, _, size in chunks)


def ogg_samples(path: Path | str, file: BinaryIO) -> int:
    """Samples per channel that the last page of an Ogg stream promises.

    Walks the pages: they must follow each other without a gap, and the last one must end the stream. What stands
    behind it is a tag of another kind, unless it is a further stream.

    Raises:
      InputError: a page that is missing, several streams, or a stream without an end.
    """
    place, kind, number, samples = 0, 0, -1, 0
    while (header := bytes_at(file, place, OGG_HEADER_BYTES))[:4] == b"OggS" and len(header) == OGG_HEADER_BYTES:
        kind, num_segments = header[5], header[26]
        samples, next_number = struct.unpack("<q4xI", header[6:22])
        if kind & OGG_START_OF_STREAM and place > 0:
            raise InputError(f"{path}: expected one stream of sound, found several; save it as one")
        if next_number != number + 1:
            raise InputError(f"{path}: the recording is damaged: page {number + 1} is missing")
        number = next_number
        place += OGG_HEADER_BYTES + num_segments + sum(bytes_at(file, place + OGG_HEADER_BYTES, num_segments))
    if place > size_of(file) or not kind & OGG_END_OF_STREAM:
        raise InputError(f"{path}: the recording is truncated or damaged: the end of the stream is missing")
    return samples


def size_of(file: BinaryIO) -> int:
    """Bytes of a file."""
    return file.seek(0, io.SEEK_END)


def bytes_at(file: BinaryIO, place: int, size: int) -> bytes:
    """Up to `size` bytes from `place` on; fewer where the file ends."""
    file.seek(place)
    return file.read(size)


def _size_of_tags(file: BinaryIO) -> int:
    """Bytes in front of the header: ID3v2 tags, each with its size in 7 bits of 4 bytes, and zeros; 0 without."""
    place = 0
    while (head := bytes_at(file, place, 10))[:3] == b"ID3" and len(head) == 10 and max(head[6:]) < 128:
        has_footer = head[5] & 0x10
        place += 10 + sum(byte << shift for byte, shift in zip(head[6:], (21, 14, 7, 0), strict=True))
        place += 10 if has_footer else 0
    padding = bytes_at(file, place, MAX_PADDING)
    num_zeros = len(padding) - len(padding.lstrip(b"\0"))
    return place + num_zeros if padding[num_zeros : num_zeros + 4] in MAGIC else place


def _chunks(file: BinaryIO) -> Iterator[tuple[bytes, int, int]]:
    """(name, first byte, size as promised) of the chunks of a WAV file, up to what does not look like one."""
    end, first = size_of(file), bytes_at(file, 0, 4)
    order = BYTE_ORDER.get(first, "<")
    place, size_of_samples = 12, SIZE_ELSEWHERE
    for _ in range(MAX_CHUNKS):
        head = bytes_at(file, place, 24)
        name = head[:4]
        if place + 8 > end or not (name.isascii() and name.decode().isprintable()):
            return
        (size,) = struct.unpack_from(f"{order}I", head, 4)
        if first == b"RF64" and name == b"ds64" and len(head) == 24:  # after the size of the file
            (size_of_samples,) = struct.unpack_from(f"{order}Q", head, 16)
        if name == b"data" and size == SIZE_ELSEWHERE:
            size = size_of_samples
        yield name, place + 8, size
        place += 8 + size
        if place >= end:
            return
        place += size % 2 and not _lacks_padding(file, place, size)


def _missing_padding(file: BinaryIO) -> Iterator[int]:
    """Where a byte of padding is missing."""
    if bytes_at(file, 0, 4) in BYTE_ORDER:
        for _, start, size in _chunks(file):
            if start + size < size_of(file) and _lacks_padding(file, start + size, size):
                yield start + size


def _lacks_padding(file: BinaryIO, place: int, size: int) -> bool:
    """Whether the next chunk begins at `place`, right behind a chunk of an odd size."""
    if size % 2 == 0:
        return False
    behind = bytes_at(file, place, 5)
    return behind[:4] in KNOWN_CHUNKS and behind[1:] not in KNOWN_CHUNKS


def _check_wav(path: Path | str, file: BinaryIO) -> None:
    """Format and size of the samples must agree with each other and with the file."""
    order, end = BYTE_ORDER.get(bytes_at(file, 0, 4), "<"), size_of(file)
    for name, start, size in _chunks(file):
        if name == b"data":
            if size > end - start:
                raise InputError(
                    f"{path}: the recording is truncated or damaged: its header promises {size:,} bytes of samples, "
                    f"{end - start:,} are there"
                )
            return
        if name == b"fmt " and end - start >= 16:
            _check_wav_format(path, bytes_at(file, start, min(size, 40)), order)
    raise InputError(f"{path}: the recording is truncated or damaged: its header promises samples, none are there")


def _check_wav_format(path: Path | str, sample_format: bytes, order: str) -> None:
    """Bits that do not fill their bytes are the upper ones of as few bytes as hold them; all else is misread."""
    tag, channels, _, _, block_bytes, bits = struct.unpack_from(f"{order}HHIIHH", sample_format)
    if tag == WAVE_EXTENSIBLE and len(sample_format) >= 26:
        (tag,) = struct.unpack_from(f"{order}H", sample_format, 24)
    if tag not in SAMPLE_BITS:
        return
    if bits not in SAMPLE_BITS[tag]:
        known = {WAVE_PCM: "8 to 32", WAVE_FLOAT: "32 or 64"}.get(tag, "8")
        raise InputError(f"{path}: expected {known} bits per sample in WAV format {tag}, its header says {bits}")
    if block_bytes != channels * -(-bits // 8):
        raise InputError(
            f"{path}: expected {channels} channel(s) of {bits} bits in {channels * -(-bits // 8)} bytes, its header "
            f"says {block_bytes}; convert it, or the header is damaged"
        )
