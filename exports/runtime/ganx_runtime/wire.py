"""The wire format of protocol buffers, read without any of its messages being built.

Described at https://protobuf.dev/programming-guides/encoding/.
"""

from collections.abc import Iterator
from typing import NamedTuple

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
_LONGEST_VARINT = 10
_LONGEST_TAG = 5
_FIXED = {FIXED64: 8, FIXED32: 4}


class WireError(Exception):
    """The bytes are no message, or end too early."""


class Field(NamedTuple):
    """One field of a message: its number and type, and its value or where its bytes lie."""

    number: int
    wire: int
    value: int
    start: int
    end: int


def fields(data: memoryview, start: int, end: int) -> Iterator[Field]:
    """Yield the fields of the message between two places; raises ``WireError``."""
    place = start
    while place < end:
        tag, place = _varint(data, place, end, _LONGEST_TAG)
        number, wire = tag >> 3, tag & 7
        if number == 0 or number >= 1 << 29:
            raise WireError(f"a field has the number {number}")
        value, begin = 0, place
        if wire == VARINT:
            value, place = _varint(data, place, end, _LONGEST_VARINT)
        elif wire == BYTES:
            length, begin = _varint(data, place, end, _LONGEST_VARINT)
            place = begin + length
        elif wire in _FIXED:
            place += _FIXED[wire]
        else:
            raise WireError(f"a field has the type {wire}")
        if place > end:
            raise WireError("it ends in the middle of a field")
        yield Field(number, wire, value, begin, place)


def _varint(data: memoryview, place: int, end: int, longest: int) -> tuple[int, int]:
    """Read a number of seven bits a byte; returns it and the place after it."""
    value = 0
    for count in range(longest):
        if place + count >= end:
            raise WireError("it ends in the middle of a number")
        byte = data[place + count]
        value |= (byte & 0x7F) << 7 * count
        if byte < 0x80:  # noqa: PLR2004 - the high bit says that more bytes follow
            return value, place + count + 1
    raise WireError("a number is too long")
