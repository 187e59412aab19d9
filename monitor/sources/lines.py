"""Cuts bytes into lines, in bounded memory however long a line is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from monitor.domain.errors import Rejected
from monitor.sources.reading import Position

MAX_LINE: Final = 1_000_000
"""Bytes of the longest line that is read. A comment is a thousand times shorter."""

KEPT: Final = 65_536
"""Bytes that are kept of a longer line, to recognise it by."""

BOM: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line without its end, or the first `KEPT` bytes of one that is too large.

    `number` counts from 1; `size` is the line's own, its end included.
    """

    payload: bytes
    offset: int
    number: int
    size: int
    too_large: bool = False

    def end(self, state: str = "") -> Position:
        """Return the position after the line."""
        return Position(offset=self.offset + self.size, line=self.number, state=state)

    def fault(self) -> Rejected:
        """Return why a line that is too large is not read."""
        return Rejected(
            "too_large",
            f"the line has {self.size:,} bytes, and {MAX_LINE:,} are read; the first {KEPT:,} are kept here",
        )


class Lines:
    """Cuts the bytes that follow `position` into lines.

    Lines end with LF or CRLF. The byte order mark that Windows programs put at the very beginning
    is left out.
    """

    def __init__(self, position: Position) -> None:
        self._offset = position.offset
        self._number = position.line
        self._held = bytearray()
        self._held_size = 0

    def feed(self, chunk: bytes) -> Iterator[Line]:
        """Yield the lines that end in this chunk."""
        start = 0
        while (end := chunk.find(b"\n", start)) >= 0:
            self._hold(chunk[start:end])
            yield self._line(ending=1)
            start = end + 1
        self._hold(chunk[start:])

    def finish(self) -> Iterator[Line]:
        """Yield the last line, if it has no end of its own."""
        if self._held_size:
            yield self._line(ending=0)

    def _hold(self, part: bytes) -> None:
        self._held_size += len(part)
        if self._held_size <= MAX_LINE:
            self._held += part
        else:
            self._held += part[:KEPT]
            del self._held[KEPT:]

    def _line(self, *, ending: int) -> Line:
        payload = bytes(self._held)
        if self._offset == 0:
            payload = payload.removeprefix(BOM)
        self._number += 1
        line = Line(
            payload=payload.removesuffix(b"\r"),
            offset=self._offset,
            number=self._number,
            size=self._held_size + ending,
            too_large=self._held_size > MAX_LINE,
        )
        self._offset += line.size
        self._held.clear()
        self._held_size = 0
        return line
