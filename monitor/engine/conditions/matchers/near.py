"""`near`: two words or phrases with few words between them, in either order."""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import islice
from typing import TYPE_CHECKING, Final

from monitor.engine.conditions.forms import Form
from monitor.engine.conditions.matchers import phrases, words
from monitor.engine.scanning import MAX_SPANS, Budget, Probe

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from monitor.engine.conditions.matchers.entries import Entries
    from monitor.engine.cursor import Cursor
    from monitor.engine.text import Span

FORM: Final = Form(
    says="something of `a` and something of `b` in either order, with few words between them",
    kind="group",
    keys={
        "a": Form(says="words or phrases", kind="texts"),
        "b": Form(says="words or phrases", kind="texts"),
        "within": Form(says="so many words may stand between them", kind="number"),
    },
    needs=("a", "b", "within"),
    example="text: {near: {a: [burn, torch], b: [their house], within: 4}}",
)
_NAMED: Final = 3
"""Entries that an explanation names."""

_WORD: Final = re.compile(r"[^\W_]+")


class Near(Probe):
    """One entry, and near it one of several others."""

    __slots__ = ("_first", "_others", "_within")

    def __init__(self, first: Probe, others: Sequence[Probe], within: int) -> None:
        beside = " or ".join(other.entry for other in others[:_NAMED]) + " …" * (len(others) > _NAMED)
        super().__init__(f"{first.entry} near {beside}", first.stage, first.needle)
        self._first = first
        self._others = others
        self._within = within

    def confirm(self, text: str, places: Sequence[Span], budget: Budget) -> list[Span]:
        """Return from where to where both stand, whichever comes first."""
        firsts = list(self._firsts(text, places, budget))
        if not firsts:
            return []
        seconds = sorted(span for other in self._others for span in _places(other, text, budget))
        pairs = ((first, second) for first in firsts for second in _neighbours(seconds, first))
        near = (pair for pair in pairs if self._is_near(text, *pair))
        return [(min(one[0], two[0]), max(one[1], two[1])) for one, two in islice(near, MAX_SPANS)]

    def _firsts(self, text: str, places: Sequence[Span], budget: Budget) -> Iterable[Span]:
        """Yield every place of the first entry, however many there are."""
        for start in range(0, max(len(places), 1), MAX_SPANS):
            yield from self._first.confirm(text, places[start : start + MAX_SPANS], budget)

    def _is_near(self, text: str, one: Span, two: Span) -> bool:
        left, right = sorted((one, two))
        if left[1] > right[0]:
            return False
        between = _WORD.finditer(text, left[1], right[0])
        return all(number < self._within for number, _ in enumerate(between))


def _neighbours(spans: Sequence[Span], span: Span) -> Sequence[Span]:
    """Return the last of these in front of this one, and the first behind it."""
    at = bisect_left(spans, span)
    return spans[max(at - 1, 0) : at + 1]


def _places(probe: Probe, text: str, budget: Budget) -> list[Span]:
    """Return where a probe is found in a text that was not scanned for it."""
    if probe.stage != "text":
        return probe.confirm(text, (), budget)
    needles = [found.span() for found in re.finditer(re.escape(probe.needle), text)]
    return [
        span
        for start in range(0, len(needles), MAX_SPANS)
        for span in probe.confirm(text, needles[start : start + MAX_SPANS], budget)
    ]


def read(cursor: Cursor, entries: Entries) -> list[Probe]:
    """Read `near: {a: [entries], b: [entries], within: n}`."""
    fields = cursor.fields(FORM.keys, required=FORM.needs)
    if fields is None:
        return []
    a, b, within = fields.get("a"), fields.get("b"), fields.get("within")
    most = within.integer(least=0) if within else None
    firsts = _entries(a, entries) if a else []
    others = _entries(b, entries) if b else []
    if most is None or not others:
        return []
    return [Near(first, others, most) for first in firsts]


def _entries(cursor: Cursor, entries: Entries) -> list[Probe]:
    """Return the probes of words and phrases in one list."""
    probes: list[Probe] = []
    for written, place in cursor.words():
        starred = entries.starred(place, written)
        if starred is None:
            continue
        if len(written.split()) == 1:
            probes.append(words.probe_of(written, starred, entries))
        elif phrase := phrases.phrase(place, written, starred):
            probes.append(entries.share(phrase, starred))
    return probes
