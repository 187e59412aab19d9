"""`text`, `author.name`, `url` and their kin: looks for entries in one field of the comment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from monitor.engine.conditions.base import Condition, Evidence, Look, Truth
from monitor.engine.conditions.composition import All, Not
from monitor.engine.conditions.explaining import Found
from monitor.engine.conditions.forms import Form
from monitor.engine.conditions.matchers import MATCHERS, Entries
from monitor.engine.conditions.seeing import SIGHT, Sight, read_sight
from monitor.engine.scanning import Channel, Probe

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from monitor.engine.conditions.grammar import Grammar
    from monitor.engine.cursor import Cursor, Fields
    from monitor.engine.scanning import Reading, TextField
    from monitor.engine.subject import Subject
    from monitor.engine.text import Span

ANY_TEXT: Final = "any_text"
_ANY: Final[tuple[TextField, ...]] = ("text", "author.name", "url")
_SAYS: Final[Mapping[str, str]] = {
    "text": "something is found in the comment's text",
    "unquoted": "in the text without quoted lines (`> …`) and quoted blocks",
    "quoted": "in the quoted lines and blocks only",
    "author.name": "in the author's name",
    "url": "in the comment's link",
    "thread": "in the thread's id",
    "parent.text": "in the comment that this one answers",
    "parent.author.name": "in the name of who wrote that one",
    "thread.title": "in the title of the article or thread",
    "thread.url": "in the thread's address",
    "thread.section": "in the section that the thread stands in",
    ANY_TEXT: "in the text, the author's name or the comment's link, as far as they are given",
}
MODIFIERS: Final[Mapping[str, Form]] = {
    **SIGHT,
    "at_least": Form(says="so many different entries must be found", kind="number"),
}
PLAIN: Final = frozenset({"raw", "folded"})
_SHOWN: Final = 5
"""Entries named in an explanation; the others are counted."""


@dataclass(frozen=True, slots=True)
class TextMatches(Condition):
    """True when `least` different entries are found in the field; unknown where it is not given.

    `looked` are the views that it is read in, the plainest first, each with what is looked for in it.
    """

    looked: tuple[Look, ...]
    least: int = 1

    def holds(self, subject: Subject) -> Truth:
        """Return whether enough entries are there."""
        return self._holds(subject, self.looked)

    def is_disguised(self, subject: Subject) -> Truth:
        """Return whether it is true, and would not be if no disguise were undone."""
        held = self.holds(subject)
        if not held:
            return held
        plainly = self._holds(subject, tuple(look for look in self.looked if look[0].view in PLAIN))
        return None if plainly is None else not plainly

    def looks(self) -> Iterator[Look]:
        """Yield the channels and what is looked for in each."""
        yield from self.looked

    def triggers(self) -> frozenset[Probe] | None:
        """Return all entries: one at least must be there."""
        return frozenset[Probe]().union(*(probes for _, probes in self.looked))

    def evidence(self, subject: Subject) -> Iterator[Evidence]:
        """Yield where the entries are."""
        for reading, probes in self._read(subject):
            for probe in probes:
                yield reading.channel, reading.original_spans(probe)

    def says(self) -> str:
        """Return the field, the views and the first entries."""
        entries = sorted({probe.entry for _, probes in self.looked for probe in probes})
        shown = ", ".join(f"“{entry}”" for entry in entries[:_SHOWN])
        more = f" and {len(entries) - _SHOWN} more" if len(entries) > _SHOWN else ""
        least = f"at least {self.least} of " if self.least > 1 else ""
        views = " or ".join(dict.fromkeys(channel.view for channel, _ in self.looked))
        return f"{self._field}, {views}: {least}{shown}{more}"

    def seen(self, subject: Subject) -> str:
        """Return why nothing was found, where that is not plain."""
        if all(subject.reading(channel) is None for channel, _ in self.looked):
            return f"the source gives no {self._field}"
        late = any(
            reading.confirm(probe) is None for reading, probes in self._read(subject) for probe in probes
        )
        return "a pattern took too long and was stopped" if late else ""

    def found(self, subject: Subject) -> Iterator[Found]:
        """Yield the entries that are there, in the order of the text, by the plainest view that has them."""
        there: dict[tuple[str, tuple[Span, ...]], Found] = {}
        for reading, probes in self._read(subject):
            for probe in probes:
                spans = tuple(reading.original_spans(probe))
                if not spans:
                    continue
                words = tuple(reading.original[start:end] for start, end in spans)
                found = Found(
                    entry=probe.entry,
                    field=reading.channel.field,
                    view=reading.channel.view,
                    spans=spans,
                    words=words,
                )
                there.setdefault((probe.entry, spans), found)
        yield from sorted(there.values(), key=lambda each: (each.spans, each.entry))

    @property
    def _field(self) -> str:
        return ", ".join(dict.fromkeys(channel.field for channel, _ in self.looked))

    def _read(self, subject: Subject) -> Iterator[tuple[Reading, frozenset[Probe]]]:
        """Yield every reading with the entries that may be in it."""
        for channel, probes in self.looked:
            for reading in subject.reading(channel) or ():
                yield reading, _candidates(reading, probes)

    def _holds(self, subject: Subject, looked: tuple[Look, ...]) -> Truth:
        found: set[str] = set()
        cut: set[str] = set()
        given = False
        for channel, probes in looked:
            readings = subject.reading(channel)
            given = given or readings is not None
            for reading in readings or ():
                _tell(reading, probes, found, cut)
                if len(found) >= self.least:
                    return True
        if not given and looked:
            return None
        if len(found | cut) < self.least and not any(subject.is_cut(channel) for channel, _ in looked):
            return False
        subject.undecided = True
        return None


def _tell(reading: Reading, probes: frozenset[Probe], found: set[str], cut: set[str]) -> None:
    """Add the entries that are in this reading, and those that could not be told in time."""
    for probe in _candidates(reading, probes):
        places = reading.confirm(probe)
        if places is None:
            cut.add(probe.entry)
        elif places:
            found.add(probe.entry)


def _candidates(reading: Reading, probes: frozenset[Probe]) -> frozenset[Probe]:
    return probes & reading.candidates.keys()


def form(field: str) -> Form:
    """Return how a clause of this field is written."""
    matchers = {key: matcher.form for key, matcher in MATCHERS.items()}
    ruled_out = Form(says="what makes the clause false where it is found, too", kind="group", keys=matchers)
    return Form(
        says=_SAYS[field],
        kind="group",
        keys={**matchers, **MODIFIERS, "not": ruled_out},
        shared="text_field",
        example=f"{field}: {{words: [idiot], view: any}}" if field == "text" else "",
    )


def read(cursor: Cursor, grammar: Grammar) -> Condition | None:
    """Read a clause of a text field, which the key names."""
    if cursor.name == ANY_TEXT:
        return _read(cursor, _ANY, grammar)
    return read_field(cursor, cast("TextField", cursor.name), grammar)


def read_field(cursor: Cursor, field: TextField, grammar: Grammar) -> Condition | None:
    """Read `{matcher: [entries], view: …, case: sensitive, at_least: n, not: {matcher: [entries]}}`."""
    return _read(cursor, (field,), grammar)


def _read(cursor: Cursor, where: tuple[TextField, ...], grammar: Grammar) -> Condition | None:
    fields = cursor.fields(
        (*MATCHERS, *MODIFIERS, "not"),
        hint=f"say how to look for it, such as `{cursor.name}: {{words: [idiot]}}`",
    )
    if fields is None:
        return None
    sight = read_sight(fields)
    looked = _looked(fields, where, sight, grammar)
    if not fields.refused and not _matchers(fields):
        cursor.error(f"`{cursor.name}` looks for nothing", "add a matcher: " + ", ".join(MATCHERS))
    if not any(probes for _, probes in looked):
        return None
    entries = {probe.entry for _, probes in looked for probe in probes}
    matches = TextMatches(looked, _read_least(fields, len(entries)))
    grammar.texts.append(matches)
    return _without(fields, where, sight, grammar, matches)


def _without(
    fields: Fields, where: tuple[TextField, ...], sight: Sight, grammar: Grammar, matches: TextMatches
) -> Condition | None:
    """Return the clause with what its `not` rules out."""
    cursor = fields.get("not")
    if cursor is None:
        return matches
    ruled_out = cursor.fields(tuple(MATCHERS), hint="such as `not: {phrases: [killing time]}`")
    looked = _looked(ruled_out, where, sight, grammar) if ruled_out else ()
    return All((matches, Not(TextMatches(looked)))) if any(probes for _, probes in looked) else None


def _looked(fields: Fields, where: tuple[TextField, ...], sight: Sight, grammar: Grammar) -> tuple[Look, ...]:
    """Return what is looked for in each view; entries are read anew where a view reads them otherwise."""
    looked = []
    for view, readers in sight.views:
        probes: set[Probe] = set()
        exact = view == "squeezed" and True in readers
        channels = [Channel(field, view, keeps_case=sight.keeps_case, exact=exact) for field in where]
        for accents in readers:
            entries = Entries(
                channels[0].lens,
                grammar.lists,
                grammar.probes,
                grammar.listed,
                accents=accents,
                inside=view == "joined",
            )
            probes |= {
                probe for key, value in _matchers(fields) for probe in MATCHERS[key].read(value, entries)
            }
        looked += [(channel, frozenset(probes)) for channel in channels]
    return tuple(looked)


def _matchers(fields: Fields) -> list[tuple[str, Cursor]]:
    return [(key, value) for key, value in fields.items() if key in MATCHERS]


def _read_least(fields: Fields, entries: int) -> int:
    cursor = fields.get("at_least")
    least = cursor.integer(least=1) if cursor else None
    if cursor and least and least > entries:
        cursor.error(f"{least} of {entries} entries can never be found", "lower `at_least` or add entries")
    return least or 1
