"""Tables of a FlatBuffer, the form of LiteRT files, read by hand.

A table begins with the distance back to its list of fields, which says how far each field lies from the table.
"""

import struct


class Table:
    """A table of a FlatBuffer. What is asked for may raise struct.error or IndexError where the file is damaged.

    Args:
      data: the whole buffer.
      place: where the table begins.
    """

    def __init__(self, data: bytes, place: int):
        self.data, self._place = data, place
        self._fields = place - _number("<i", data, place)
        self._size = _number("<H", data, self._fields)

    @classmethod
    def root(cls, data: bytes) -> "Table":
        """The table that a buffer begins with."""
        return cls(data, _follow(data, 0))

    def place(self, field: int) -> int | None:
        """Where the value of a field lies; None where it has its default."""
        offset = 4 + 2 * field
        distance = _number("<H", self.data, self._fields + offset) if offset < self._size else 0
        return self._place + distance if distance else None

    def table(self, field: int) -> "Table | None":
        """The table that a field refers to."""
        place = self.place(field)
        return None if place is None else Table(self.data, _follow(self.data, place))

    def tables(self, field: int) -> list["Table"]:
        """The tables of a list."""
        place = self.place(field)
        if place is None:
            return []
        start = _follow(self.data, place)
        count = min(_number("<I", self.data, start), len(self.data) // 4)
        return [Table(self.data, _follow(self.data, start + 4 + 4 * index)) for index in range(count)]

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


def _follow(data: bytes, place: int) -> int:
    return place + _number("<I", data, place)


def _number(form: str, data: bytes, place: int) -> int:
    if place < 0:
        raise IndexError(f"place: expected one within the file, got {place}")
    return struct.unpack_from(form, data, place)[0]
