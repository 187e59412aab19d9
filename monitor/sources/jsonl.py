"""JSON Lines: one JSON object a line (https://jsonlines.org)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from monitor.domain.errors import Rejected
from monitor.sources.lines import Line, Lines
from monitor.sources.reading import Position, Record

MAX_DEPTH: Final = 32
"""Levels of nesting that are read. Deeper JSON could be decoded here and then break whoever encodes it."""

_ESCAPE: Final = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)"
)


class JsonLines:
    """Decodes lines of JSON from `position` on. Blank lines are no records."""

    def __init__(self, position: Position) -> None:
        self._lines = Lines(position)

    def feed(self, chunk: bytes) -> Iterator[Record]:
        """Yield the records that are complete with this chunk."""
        return _records(self._lines.feed(chunk))

    def finish(self) -> Iterator[Record]:
        """Yield the last record, if its line has no end."""
        return _records(self._lines.finish())


def _records(lines: Iterable[Line]) -> Iterator[Record]:
    for line in lines:
        if line.payload.strip():
            yield Record(
                payload=line.payload,
                offset=line.offset,
                line=line.number,
                end=line.end(),
                content=line.fault() if line.too_large else _content(line.payload),
            )


def _content(payload: bytes) -> dict[str, object] | Rejected:
    try:
        value = _decode(payload)
    except UnicodeDecodeError:
        return Rejected("malformed", "the line is not UTF-8")
    except RecursionError:
        return Rejected("malformed", "the JSON is nested too deep")
    except msgspec.DecodeError as error:
        return Rejected("malformed", f"the line is no JSON: {_place(error)}")
    if not isinstance(value, dict):
        return Rejected("schema", "the line is JSON, but no object in curly brackets")
    if payload.count(b"{") + payload.count(b"[") > MAX_DEPTH and _too_deep(value, MAX_DEPTH):
        return Rejected("malformed", "the JSON is nested too deep")
    return value


def _decode(payload: bytes) -> object:
    try:
        return msgspec.json.decode(payload)
    except msgspec.DecodeError:
        repaired = _ESCAPE.sub(_whole, payload)
        if repaired == payload:
            raise
    return msgspec.json.decode(repaired)


def _too_deep(value: object, levels: int) -> bool:
    if isinstance(value, dict):
        value = list(value.values())
    return isinstance(value, list) and (not levels or any(_too_deep(item, levels - 1) for item in value))


def _whole(escape: re.Match[bytes]) -> bytes:
    r"""Return the escape, or U+FFFD for half a character.

    Scrapers that cut texts by UTF-16 units leave such halves (`\ud83d`) behind. Refusing them
    would let anyone hide a comment from judgement by putting one in.
    """
    return rb"\ufffd" if escape[1] else escape[0]


def _place(error: msgspec.DecodeError) -> str:
    """Return what msgspec says of the fault; it names bytes by number and quotes none."""
    return str(error).removeprefix("JSON is malformed: ")
