"""`contains`, `starts_with`, `ends_with`, `full`: literal text, wherever words begin."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from monitor.engine.conditions.forms import Form
from monitor.engine.conditions.matchers import doubts
from monitor.engine.scanning import MAX_SPANS, Budget, Probe
from monitor.engine.words import Kind, kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.engine.conditions.matchers.entries import Entries
    from monitor.engine.cursor import Cursor
    from monitor.engine.text import Span


CONTAINS: Final = Form(says="these characters anywhere, inside of words too", kind="texts")
STARTS_WITH: Final = Form(says="these characters where the text begins", kind="texts")
ENDS_WITH: Final = Form(says="these characters where the text ends", kind="texts")
FULL: Final = Form(
    says="the whole text, outer white space left out",
    kind="texts",
    otherwise=Form(
        says="with outer punctuation left out as well",
        kind="group",
        keys={
            "text": Form(says="the entries", kind="texts"),
            "ignore_marks": Form(says="outer punctuation does not count", kind="flag"),
        },
        needs=("text",),
    ),
    example="text: {full: {text: [first], ignore_marks: true}}",
)


class Contained(Probe):
    """A literal anywhere in the text."""

    __slots__ = ()

    def __init__(self, entry: str, literal: str) -> None:
        super().__init__(entry, "text", literal)

    def confirm(self, text: str, places: Sequence[Span], budget: Budget) -> list[Span]:
        """Return the places: nothing more is asked."""
        del text, budget  # the scan has told
        return list(places[:MAX_SPANS])


class AtEdge(Probe):
    """A literal where the text begins or ends; outer white space does not count, nor outer marks if told."""

    __slots__ = ("_first", "_ignores_marks", "_last")

    def __init__(
        self,
        entry: str,
        literal: str,
        *,
        first: bool = False,
        last: bool = False,
        ignores_marks: bool = False,
    ) -> None:
        super().__init__(entry, "text", literal)
        self._first = first
        self._last = last
        self._ignores_marks = ignores_marks

    def confirm(self, text: str, places: Sequence[Span], budget: Budget) -> list[Span]:
        """Return the places that stand where they must."""
        del budget  # comparing places takes no time
        start, end = _inner(text) if self._ignores_marks else _trimmed(text)
        kept = ((a, b) for a, b in places if (not self._first or a == start) and (not self._last or b == end))
        return list(islice(kept, MAX_SPANS))


def _trimmed(text: str) -> Span:
    return len(text) - len(text.lstrip()), len(text.rstrip())


def _inner(text: str) -> Span:
    """Return where the first and after the last letter, mark or digit stands."""
    start, end = 0, len(text)
    while start < end and kind(text[start]) in {Kind.OUTSIDE, Kind.APOSTROPHE}:
        start += 1
    while start < end and kind(text[end - 1]) in {Kind.OUTSIDE, Kind.APOSTROPHE}:
        end -= 1
    return start, end


def read_contains(cursor: Cursor, entries: Entries) -> list[Probe]:
    """Read entries that may stand anywhere."""
    for written, place in cursor.words():
        doubts.of_stars(place, written)
    return [entries.share(Contained(*literal)) for literal in entries.literals(cursor, trim=False)]


def read_starts_with(cursor: Cursor, entries: Entries) -> list[Probe]:
    """Read entries that the text must begin with."""
    literals = entries.literals(cursor, trim=True)
    return [entries.share(AtEdge(*literal, first=True), "first") for literal in literals]


def read_ends_with(cursor: Cursor, entries: Entries) -> list[Probe]:
    """Read entries that the text must end with."""
    literals = entries.literals(cursor, trim=True)
    return [entries.share(AtEdge(*literal, last=True), "last") for literal in literals]


def read_full(cursor: Cursor, entries: Entries) -> list[Probe]:
    """Read entries that must be the whole text, or `{text: [entries], ignore_marks: true}`."""
    texts, ignores = cursor, False
    if cursor.is_mapping():
        fields = cursor.fields(("text", "ignore_marks"), required=("text",))
        inner = fields.get("text") if fields else None
        if fields is None or inner is None:
            return []
        flag = fields.get("ignore_marks")
        texts, ignores = inner, bool(flag.flag()) if flag else False
    literals = entries.literals(texts, trim=True)
    return [
        entries.share(AtEdge(*literal, first=True, last=True, ignores_marks=ignores), "full", ignores)
        for literal in literals
    ]
