"""Do the headers of WAV, FLAC and Ogg files tell the truth? libsndfile reads past many a lie without a word."""

import struct
from collections.abc import Iterator

from gansynth_isa.errors import InputError

WAVE_PCM, WAVE_FLOAT, WAVE_A_LAW, WAVE_MU_LAW, WAVE_EXTENSIBLE = 1, 3, 6, 7, 0xFFFE
SAMPLE_BITS = {WAVE_PCM: (8, 16, 24, 32), WAVE_FLOAT: (32, 64), WAVE_A_LAW: (8,), WAVE_MU_LAW: (8,)}
BYTE_ORDER = {b"RIFF": "<", b"RF64": "<", b"RIFX": ">"}
SIZE_ELSEWHERE = 2**32 - 1  # in RF64 the chunk `ds64` holds the size of the samples
OGG_START_OF_STREAM, OGG_END_OF_STREAM = 2, 4
OGG_HEADER_BYTES = 27


def check_container(path, contents: bytes, container: str) -> None:
    """Checks what the decoders do not.

    Args:
      path: the file's name, for messages.
      contents: all its bytes.
      container: 'WAV', 'FLAC' (whose checksum the reader compares) or 'OGG'.

    Raises:
      InputError: sizes that contradict each other or the length of the file, or an end that is missing.
    """
    if container == "WAV":
        _check_wav(path, contents)
    elif container == "OGG":
        _check_ogg(path, contents)


def flac_stream_info(contents: bytes) -> tuple[int, bytes]:
    """(bits per sample, MD5 of the samples) of a FLAC file; the MD5 is all zeros where the encoder gave none.

    The layout is that of the block STREAMINFO, which must come first (RFC 9639, section 8.2).
    """
    start = contents.find(b"fLaC") + 8
    packed = int.from_bytes(contents[start + 10 : start + 18], "big")
    return (packed >> 36 & 0x1F) + 1, contents[start + 18 : start + 34]


def has_odd_chunk(contents: bytes) -> bool:
    """Whether a WAV file has a chunk of an odd number of bytes up to its samples; a byte of padding follows it."""
    return any(size % 2 for _, _, size in _wav_chunks(contents))


def _wav_chunks(contents: bytes) -> Iterator[tuple[bytes, int, int]]:
    """(name, first byte, size as promised) of the chunks of a WAV file up to the samples."""
    order = BYTE_ORDER[contents[:4]]
    place, name, size_of_samples = 12, b"", SIZE_ELSEWHERE
    while name != b"data" and place + 8 <= len(contents):
        name, size = struct.unpack_from(f"{order}4sI", contents, place)
        if contents[:4] == b"RF64" and name == b"ds64" and place + 24 <= len(contents):  # after the size of the file
            (size_of_samples,) = struct.unpack_from(f"{order}Q", contents, place + 16)
        if name == b"data" and size == SIZE_ELSEWHERE:
            size = size_of_samples
        yield name, place + 8, size
        place += 8 + size + size % 2


def _check_wav(path, contents: bytes) -> None:
    """Format and size of the samples must agree with each other and with the file."""
    for name, start, size in _wav_chunks(contents):
        if name == b"data":
            if size > len(contents) - start:
                raise InputError(
                    f"{path}: the recording is truncated or damaged: its header promises {size:,} bytes of samples, "
                    f"{len(contents) - start:,} are there"
                )
            return
        if name == b"fmt " and len(contents) - start >= 16:
            _check_wav_format(path, contents[start : start + size], BYTE_ORDER[contents[:4]])
    raise InputError(f"{path}: the recording is truncated or damaged: its header promises samples, none are there")


def _check_wav_format(path, sample_format: bytes, order: str) -> None:
    tag, channels, _, _, block_bytes, bits = struct.unpack_from(f"{order}HHIIHH", sample_format)
    if tag == WAVE_EXTENSIBLE and len(sample_format) >= 26:
        (tag,) = struct.unpack_from(f"{order}H", sample_format, 24)
    if tag in SAMPLE_BITS and (bits not in SAMPLE_BITS[tag] or block_bytes != channels * bits // 8):
        raise InputError(
            f"{path}: the header is damaged: {channels} channel(s) of {bits} bits do not make blocks of "
            f"{block_bytes} bytes in format {tag}"
        )


def _check_ogg(path, contents: bytes) -> None:
    """Walks the pages: they must follow each other without a gap, and the last one must end the stream."""
    place, kind, number = 0, 0, -1
    while place + OGG_HEADER_BYTES <= len(contents) and contents[place : place + 4] == b"OggS":
        kind, num_segments = contents[place + 5], contents[place + 26]
        (next_number,) = struct.unpack_from("<I", contents, place + 18)
        if kind & OGG_START_OF_STREAM and place > 0:
            raise InputError(f"{path}: expected one stream of sound, found several; save it as one")
        if next_number != number + 1:
            raise InputError(f"{path}: the recording is damaged: page {number + 1} is missing")
        number = next_number
        table = contents[place + OGG_HEADER_BYTES : place + OGG_HEADER_BYTES + num_segments]
        place += OGG_HEADER_BYTES + num_segments + sum(table)
    if place != len(contents) or not kind & OGG_END_OF_STREAM:
        raise InputError(f"{path}: the recording is truncated or damaged: the end of the stream is missing")


def ogg_samples(contents: bytes) -> int:
    """Samples per channel that the last page of an Ogg file promises."""
    return struct.unpack_from("<q", contents, contents.rfind(b"OggS") + 6)[0]
