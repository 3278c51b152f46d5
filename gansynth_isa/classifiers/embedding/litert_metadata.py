"""The sample rate that a LiteRT file states, where its maker wrote metadata into it.

The metadata are a FlatBuffer within the file's FlatBuffer (TensorFlow Lite Metadata, metadata_schema.fbs). Both are
read by hand here: a table begins with the distance back to its list of fields, which says how far each field lies from
the table.
"""

import struct
from collections.abc import Iterator
from pathlib import Path

METADATA_NAME = b"TFLITE_METADATA"
AUDIO_PROPERTIES = 4  # of the union of content properties
# Places of fields in their tables.
MODEL_BUFFERS, MODEL_METADATA = 4, 6
METADATA_ENTRY_NAME, METADATA_ENTRY_BUFFER, BUFFER_DATA = 0, 1, 0
SUBGRAPHS, INPUT_TENSORS, CONTENT = 3, 2, 3
CONTENT_TYPE, CONTENT_PROPERTIES, SAMPLE_RATE = 0, 1, 0


def stated_sample_rate(path: Path) -> int | None:
    """The rate in Hz of the first input that is said to be audio; None where the file does not say it."""
    try:
        contents = path.read_bytes()
        return next((rate for part in _metadata(contents) for rate in _rates(_root(part))), None)
    except (OSError, struct.error, IndexError):
        return None


class _Table:
    """A table of a FlatBuffer.

    Args:
      data: the whole buffer.
      place: where the table begins.
    """

    def __init__(self, data: bytes, place: int):
        self.data, self._place = data, place
        self._fields = place - _number("<i", data, place)
        self._size = _number("<H", data, self._fields)

    def place(self, field: int) -> int | None:
        """Where the value of a field lies; None where it has its default."""
        offset = 4 + 2 * field
        distance = _number("<H", self.data, self._fields + offset) if offset < self._size else 0
        return self._place + distance if distance else None

    def table(self, field: int) -> "_Table | None":
        """The table that a field refers to."""
        place = self.place(field)
        return None if place is None else _Table(self.data, _follow(self.data, place))

    def tables(self, field: int) -> list["_Table"]:
        """The tables of a list."""
        place = self.place(field)
        if place is None:
            return []
        start = _follow(self.data, place)
        count = min(_number("<I", self.data, start), len(self.data) // 4)
        return [_Table(self.data, _follow(self.data, start + 4 + 4 * index)) for index in range(count)]

    def content(self, field: int) -> bytes:
        """The bytes of a text or of a list of bytes."""
        place = self.place(field)
        if place is None:
            return b""
        start = _follow(self.data, place)
        return self.data[start + 4 : start + 4 + _number("<I", self.data, start)]

    def number(self, field: int, form: str) -> int:
        """A number of a `struct` form; 0 where it has its default."""
        place = self.place(field)
        return 0 if place is None else _number(form, self.data, place)


def _metadata(contents: bytes) -> Iterator[bytes]:
    model = _root(contents)
    buffers = model.tables(MODEL_BUFFERS)
    for entry in model.tables(MODEL_METADATA):
        if entry.content(METADATA_ENTRY_NAME) == METADATA_NAME:
            yield buffers[entry.number(METADATA_ENTRY_BUFFER, "<I")].content(BUFFER_DATA)


def _rates(metadata: _Table) -> Iterator[int]:
    for subgraph in metadata.tables(SUBGRAPHS):
        for tensor in subgraph.tables(INPUT_TENSORS):
            content = tensor.table(CONTENT)
            if content is None or content.number(CONTENT_TYPE, "<B") != AUDIO_PROPERTIES:
                continue
            properties = content.table(CONTENT_PROPERTIES)
            if properties is not None and (rate := properties.number(SAMPLE_RATE, "<I")):
                yield rate


def _root(data: bytes) -> _Table:
    return _Table(data, _follow(data, 0))


def _follow(data: bytes, place: int) -> int:
    return place + _number("<I", data, place)


def _number(form: str, data: bytes, place: int) -> int:
    if place < 0:
        raise IndexError(f"place: expected one within the file, got {place}")
    return struct.unpack_from(form, data, place)[0]
