"""`contains`, `starts_with`, `ends_with`, `full`: literal text, wherever words begin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.engine.scanning import MAX_SPANS, Budget, Probe

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.engine.conditions.matchers.entries import Entries
    from monitor.engine.cursor import Cursor
    from monitor.engine.text import Span


class Part(Probe):
    """A literal anywhere, or only where the text begins or ends; outer white space does not count."""

    __slots__ = ("_at_end", "_at_start")

    def __init__(self, entry: str, literal: str, *, at_start: bool = False, at_end: bool = False) -> None:
        super().__init__(entry, "text", literal)
        self._at_start = at_start
        self._at_end = at_end

    def confirm(self, text: str, places: Sequence[Span], budget: Budget) -> list[Span]:
        """Return the places that stand where they must."""
        del budget  # comparing places takes no time
        first = len(text) - len(text.lstrip()) if self._at_start else None
        last = len(text.rstrip()) if self._at_end else None
        kept = ((a, b) for a, b in places if first in (None, a) and last in (None, b))
        return [span for span, _ in zip(kept, range(MAX_SPANS), strict=False)]


def _read(cursor: Cursor, entries: Entries, *, at_start: bool = False, at_end: bool = False) -> list[Probe]:
    probes: list[Probe] = []
    for written, place in cursor.words():
        trimmed = written.strip() if at_start or at_end else written
        literal = entries.literal(place, trimmed)
        if literal:
            probes.append(Part(written, literal, at_start=at_start, at_end=at_end))
    return probes


def read_contains(cursor: Cursor, entries: Entries) -> list[Probe]:
    """Read entries that may stand anywhere."""
    return _read(cursor, entries)


def read_starts_with(cursor: Cursor, entries: Entries) -> list[Probe]:
    """Read entries that the text must begin with."""
    return _read(cursor, entries, at_start=True)


def read_ends_with(cursor: Cursor, entries: Entries) -> list[Probe]:
    """Read entries that the text must end with."""
    return _read(cursor, entries, at_end=True)


def read_full(cursor: Cursor, entries: Entries) -> list[Probe]:
    """Read entries that must be the whole text."""
    return _read(cursor, entries, at_start=True, at_end=True)
