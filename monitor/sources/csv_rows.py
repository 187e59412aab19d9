"""CSV with a heading, as spreadsheets and databases export it (RFC 4180).

Read are commas, semicolons (what Excel writes where the comma is the decimal sign) and tabs, told
from the heading; the byte order mark; quoted cells with line breaks in them. A row is refused
rather than guessed at: one cell too many is most often a text with a comma that nobody quoted.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from monitor.domain.errors import Misconfigured, Rejected
from monitor.sources.fields import NAMES, plain
from monitor.sources.lines import MAX_LINE, Line, Lines
from monitor.sources.reading import Position, Record

_DELIMITERS: Final = ",;\t"
_QUOTE: Final = b'"'
_CLOSING: Final = re.compile(rb'(?:[^"]++|"")*+"')
_NO_UTF8: Final = "the row is not UTF-8; in Excel, save the file as `CSV UTF-8`"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """The first row: the columns' names and the character between cells."""

    text: str
    delimiter: str
    columns: tuple[str, ...]

    @classmethod
    def read(cls, text: str) -> Heading:
        """Return the heading that `text` is.

        Raises:
            Misconfigured: it names no column for the id or the text.
        """
        heading = cls.guess(text)
        missing = [field for field in ("id", "text") if not heading.names(field)]
        if missing:
            raise Misconfigured.plain(
                f"the first row names no column `{'` and no column `'.join(missing)}`",
                hint="; ".join(f"`{field}` may be called {', '.join(NAMES[field])}" for field in missing),
            )
        return heading

    @classmethod
    def guess(cls, text: str) -> Heading:
        """Return what `text` would be as a heading."""
        delimiter = max(_DELIMITERS, key=text.count)
        try:
            columns = next(csv.reader([text], delimiter=delimiter), [])
        except csv.Error:
            columns = []
        return cls(text=text, delimiter=delimiter, columns=tuple(column.strip() for column in columns))

    def names(self, field: str) -> bool:
        """Return whether a column holds this field."""
        return any(plain(column) in NAMES[field] for column in self.columns)


class CsvRows:
    """Decodes rows from `position` on, whose state is the heading."""

    def __init__(self, position: Position) -> None:
        self._lines = Lines(position)
        self._heading = Heading.read(position.state) if position.state else None
        self._open: list[Line] = []
        self._open_size = 0
        self._quoted = False

    def feed(self, chunk: bytes) -> Iterator[Record]:
        """Yield the rows that are complete with this chunk.

        Raises:
            Misconfigured: the first row is no heading.
        """
        for line in self._lines.feed(chunk):
            yield from self._take(line)

    def finish(self) -> Iterator[Record]:
        """Yield the last row, if it has no end, and what stands after a quote that never closed."""
        for line in self._lines.finish():
            yield from self._take(line)
        while self._heading and self._open:
            first, *rest = self._clear()
            yield _unclosed(self._heading, first)
            yield from self._take(*rest)

    def _take(self, *lines: Line) -> Iterator[Record]:
        queue = deque(lines)
        while queue:
            line = queue.popleft()
            if self._heading is None:
                self._heading = _heading(line)
                continue
            self._quoted = _ends_quoted(line.payload, self._heading.delimiter.encode(), quoted=self._quoted)
            self._open.append(line)
            self._open_size += line.size
            if self._open_size > MAX_LINE and len(self._open) > 1:
                first, *rest = self._clear()
                queue.extendleft(reversed(rest))
                yield _unclosed(self._heading, first)
            elif line.too_large or not self._quoted:
                yield from _row(self._heading, self._clear())

    def _clear(self) -> list[Line]:
        lines, self._open, self._open_size, self._quoted = self._open, [], 0, False
        return lines


def _heading(line: Line) -> Heading | None:
    """Return the heading, or None for a blank line before it."""
    try:
        text = line.payload.decode()
    except UnicodeDecodeError:
        raise Misconfigured.plain(
            "the first row is not UTF-8", hint="in Excel, save it as `CSV UTF-8`"
        ) from None
    return Heading.read(text) if text.strip() else None


def _row(heading: Heading, lines: list[Line]) -> Iterator[Record]:
    """Yield the row that these lines are, unless it is all blank."""
    payload = b"\n".join(line.payload for line in lines)
    content = lines[0].fault() if lines[0].too_large else _content(heading, payload)
    if content:
        yield _record(heading, lines, payload, content)


def _unclosed(heading: Heading, line: Line) -> Record:
    fault = Rejected("malformed", "a quotation mark opens a cell and never closes")
    return _record(heading, [line], line.payload, fault)


def _record(
    heading: Heading, lines: list[Line], payload: bytes, content: dict[str, object] | Rejected
) -> Record:
    return Record(
        payload=heading.text.encode() + b"\n" + payload,
        offset=lines[0].offset,
        line=lines[0].number,
        end=lines[-1].end(heading.text),
        content=content,
    )


def _content(heading: Heading, payload: bytes) -> dict[str, object] | Rejected:
    """Return the row's cells by column; nothing for a row that is all blank."""
    try:
        cells = next(csv.reader([payload.decode()], delimiter=heading.delimiter), [])
    except UnicodeDecodeError:
        return Rejected("malformed", _NO_UTF8)
    except csv.Error as error:
        return Rejected("malformed", f"the row is no CSV: {error}")
    if not any(cell.strip() for cell in cells):
        return {}
    if len(cells) != len(heading.columns):
        return Rejected("malformed", f"the row has {len(cells)} cells, the heading {len(heading.columns)}")
    return dict(zip(heading.columns, cells, strict=True))


def _ends_quoted(line: bytes, delimiter: bytes, *, quoted: bool) -> bool:
    """Return whether the row goes on after this line, because the line ends within quotes.

    A quotation mark opens only where a cell begins, and a doubled one stands for itself, as
    Python's `csv` reads them.
    """
    at = 0
    while True:
        if quoted:
            closing = _CLOSING.match(line, at)
            if not closing:
                return True
            at = closing.end()
        elif line.startswith(_QUOTE, at):
            quoted, at = True, at + 1
            continue
        quoted = False
        end_of_cell = line.find(delimiter, at)
        if end_of_cell < 0:
            return False
        at = end_of_cell + 1


def is_heading(lines: Iterable[str]) -> bool:
    """Return whether the first of these lines names the columns that a comment needs."""
    first = next((line for line in lines if line.strip()), "")
    heading = Heading.guess(first)
    return len(heading.columns) > 1 and heading.names("id") and heading.names("text")
