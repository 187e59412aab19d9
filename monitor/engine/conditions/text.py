"""`text`, `author.name`, `url`, `thread`: looks for entries in one field of the comment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from monitor.engine.conditions.base import Condition, Evidence, Look, Truth
from monitor.engine.conditions.explaining import Found
from monitor.engine.conditions.matchers import MATCHERS, Entries
from monitor.engine.scanning import Channel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.engine.conditions.grammar import Grammar
    from monitor.engine.cursor import Cursor, Fields
    from monitor.engine.scanning import Probe, Reading, TextField
    from monitor.engine.subject import Subject
    from monitor.engine.text import View

_VIEWS: Final = ("raw", "folded")
_LATER_VIEWS: Final = ("skeleton", "leet", "squeezed", "masked", "joined")
_LATER: Final = ("near", "not")
_SHOWN: Final = 5
"""Entries named in an explanation; the others are counted."""


@dataclass(frozen=True, slots=True)
class TextMatches(Condition):
    """True when `least` different entries are found in the field; unknown where it is not given."""

    channel: Channel
    probes: frozenset[Probe]
    least: int = 1

    def holds(self, subject: Subject) -> Truth:
        """Return whether enough entries are there."""
        reading = subject.reading(self.channel)
        if reading is None:
            return None
        found = cut = 0
        for probe in self._candidates(reading):
            places = reading.confirm(probe)
            if places is None:
                cut += 1
            elif places:
                found += 1
                if found >= self.least:
                    return True
        if found + cut < self.least:
            return False
        subject.undecided = True
        return None

    def looks(self) -> Iterator[Look]:
        """Yield the channel and what is looked for in it."""
        yield self.channel, self.probes

    def triggers(self) -> frozenset[Probe] | None:
        """Return all entries: one at least must be there."""
        return self.probes

    def evidence(self, subject: Subject) -> Iterator[Evidence]:
        """Yield where the entries are."""
        reading = subject.reading(self.channel)
        if reading is None:
            return
        for probe in self._candidates(reading):
            yield self.channel, reading.original_spans(probe)

    def says(self) -> str:
        """Return the field, the view and the first entries."""
        entries = sorted({probe.entry for probe in self.probes})
        shown = ", ".join(f"“{entry}”" for entry in entries[:_SHOWN])
        more = f" and {len(entries) - _SHOWN} more" if len(entries) > _SHOWN else ""
        least = f"at least {self.least} of " if self.least > 1 else ""
        return f"{self.channel.field}, {self.channel.view}: {least}{shown}{more}"

    def seen(self, subject: Subject) -> str:
        """Return why nothing was found, where that is not plain."""
        reading = subject.reading(self.channel)
        if reading is None:
            return f"the source gives no {self.channel.field}"
        late = any(reading.confirm(probe) is None for probe in self._candidates(reading))
        return "a pattern took too long and was stopped" if late else ""

    def found(self, subject: Subject) -> Iterator[Found]:
        """Yield the entries that are there, in the order of the text."""
        reading = subject.reading(self.channel)
        if reading is None:
            return
        there = [
            Found(
                entry=probe.entry,
                field=self.channel.field,
                view=self.channel.view,
                spans=tuple(spans),
                words=tuple(reading.original[start:end] for start, end in spans),
            )
            for probe in self._candidates(reading)
            if (spans := reading.original_spans(probe))
        ]
        yield from sorted(there, key=lambda each: (each.spans, each.entry))

    def _candidates(self, reading: Reading) -> frozenset[Probe]:
        return self.probes & reading.candidates.keys()


def read(cursor: Cursor, grammar: Grammar) -> Condition | None:
    """Read a clause of a text field, which the key names."""
    return read_field(cursor, cast("TextField", cursor.name), grammar)


def read_field(cursor: Cursor, field: TextField, grammar: Grammar) -> Condition | None:
    """Read `{matcher: [entries], view: …, case: sensitive, at_least: n}`."""
    fields = cursor.fields(
        (*MATCHERS, "view", "case", "at_least"),
        later=_LATER,
        hint=f"say how to look for it, such as `{cursor.name}: {{words: [idiot]}}`",
    )
    if fields is None:
        return None
    channel = Channel(field, _read_view(fields), keeps_case=_read_case(fields))
    entries = Entries(channel.lens, grammar.lists, grammar.probes)
    probes = {
        probe for key, value in fields.items() if key in MATCHERS for probe in MATCHERS[key](value, entries)
    }
    if not fields.refused and not any(key in MATCHERS for key, _ in fields.items()):
        cursor.error(f"`{cursor.name}` looks for nothing", "add a matcher: " + ", ".join(MATCHERS))
    if not probes:
        return None
    return TextMatches(channel, frozenset(probes), _read_least(fields, len(probes)))


def _read_view(fields: Fields) -> View:
    cursor = fields.get("view")
    if cursor is None:
        return "folded"
    if cursor.spelled() in _LATER_VIEWS:
        cursor.error(
            f"the view `{cursor.spelled()}` is not supported yet",
            "use `folded`, or `raw` for the text as it is",
        )
        return "folded"
    return "raw" if cursor.choice(_VIEWS) == "raw" else "folded"


def _read_case(fields: Fields) -> bool:
    cursor = fields.get("case")
    return cursor is not None and cursor.choice(("sensitive", "insensitive")) == "sensitive"


def _read_least(fields: Fields, entries: int) -> int:
    cursor = fields.get("at_least")
    least = cursor.integer(least=1) if cursor else None
    if cursor and least and least > entries:
        cursor.error(f"{least} of {entries} entries can never be found", "lower `at_least` or add entries")
    return least or 1
