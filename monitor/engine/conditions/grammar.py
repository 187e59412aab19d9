"""Which conditions there are. A new one is a file of its own and a line in `KINDS`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from monitor.engine.conditions import (
    author,
    composition,
    counts,
    defined,
    evasion,
    language,
    links,
    matched,
    personal,
    points,
    presence,
    shape,
    text,
    toxicity,
)
from monitor.engine.conditions.composition import All
from monitor.engine.conditions.forms import Form
from monitor.engine.conditions.matchers import MATCHERS
from monitor.engine.subject import NAMES_OF_FIELDS

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping

    from monitor.engine.conditions.base import Condition
    from monitor.engine.conditions.text import TextMatches
    from monitor.engine.cursor import Cursor, Fields
    from monitor.engine.lists import WordList
    from monitor.engine.scanning import Probe

    Reader: TypeAlias = "Callable[[Cursor, Grammar], Condition | None]"


@dataclass(frozen=True, slots=True)
class Kind:
    """A condition: how it is written, and who reads it."""

    form: Form
    read: Reader


KINDS: Final[Mapping[str, Kind]] = {
    "all": Kind(composition.ALL, composition.read_all),
    "any": Kind(composition.ANY, composition.read_any),
    "not": Kind(composition.NOT, composition.read_not),
    "at_least": Kind(composition.AT_LEAST, composition.read_at_least),
    "points": Kind(points.FORM, points.read),
    "use": Kind(defined.FORM, defined.read),
    "matched": Kind(matched.FORM, matched.read),
    **{field: Kind(text.form(field), text.read) for field in (*NAMES_OF_FIELDS, text.ANY_TEXT)},
    "evasion": Kind(evasion.FORM, evasion.read),
    "toxicity": Kind(toxicity.FORM, toxicity.read),
    "language": Kind(language.FORM, language.read),
    "author": Kind(author.FORM, author.read),
    "shape": Kind(shape.FORM, shape.read),
    "links": Kind(links.FORM, links.read),
    "pii": Kind(personal.PII, personal.read_pii),
    "phones": Kind(personal.PHONES, personal.read_phones),
    "reports": Kind(counts.REPORTS, counts.read),
    "votes": Kind(counts.VOTES, counts.read),
    "present": Kind(presence.PRESENT, presence.read_present),
    "absent": Kind(presence.ABSENT, presence.read_absent),
    "same": Kind(presence.SAME, presence.read_same),
}

_HINTS: Final = {
    **{name: f"look in a field: `text: {{{name}: […]}}`" for name in MATCHERS},
    **dict.fromkeys(("and", "AND"), "did you mean `all`?"),
    **dict.fromkeys(("or", "OR"), "did you mean `any`?"),
    "campaign": "copies of a text are counted: `escalate: {by: campaign, distinct: author, …}` beside `when`",
    "reply": "answers to one person are counted: `escalate: {by: target, distinct: author, …}` beside `when`",
}


class Grammar:
    """Reads clauses by the conditions in `KINDS`.

    `lists` are the word lists by name; `probes` and `listed` are what the rules of one book look for,
    so that two rules that look for the same share it. Of the rule under reading, `texts` are the text
    clauses, `defined` what it names under `define`, and `links` the rules that it builds on.
    """

    def __init__(self, lists: Mapping[str, WordList]) -> None:
        self.lists = lists
        self.probes: dict[Hashable, Probe] = {}
        self.listed: dict[Hashable, tuple[Probe, ...]] = {}
        self.texts: list[TextMatches] = []
        self.defined: dict[str, Cursor] = {}
        self.used: set[str] = set()
        self.links: list[matched.Link] = []
        self._opened: list[str] = []

    def begin(self, defined: Mapping[str, Cursor]) -> None:
        """Forget the rule before; these are the conditions that the next one names."""
        self.texts = []
        self.links = []
        self.used = set()
        self.defined = dict(defined)

    def clause(self, cursor: Cursor) -> Condition | None:
        """Read one clause; several keys in it must all be true. None where it is wrong, which is reported."""
        if cursor.is_list():
            cursor.wrong("one clause", f"write `all:` or `any:` between `{cursor.name}:` and the list")
            return None
        fields = cursor.fields(KINDS, hints=_HINTS)
        if fields is None:
            return None
        parts = self._parts(fields)
        if parts is None:
            return None
        if not parts:
            cursor.error(f"`{cursor.name}` says nothing", "write at least one condition")
            return None
        return parts[0] if len(parts) == 1 else All(parts)

    def clauses(self, cursor: Cursor) -> tuple[Condition, ...]:
        """Read a list of clauses; empty where one of them is wrong."""
        read = [self.clause(item) for item in cursor.items()]
        parts = tuple(part for part in read if part is not None)
        return parts if len(parts) == len(read) else ()

    def excluded(self, cursor: Cursor) -> Condition | None:
        """Read a clause that must not be true: what it finds is no reason and no disguise."""
        before = len(self.texts)
        clause = self.clause(cursor)
        del self.texts[before:]
        return clause

    def definition(self, name: str, place: Cursor) -> Condition | None:
        """Read the condition that the rule has named so, for one of the places that use it."""
        self.used.add(name)
        if name in self._opened:
            place.error(f"`{name}` is made of itself", "name something else here")
            return None
        self._opened.append(name)
        clause = self.clause(self.defined[name])
        self._opened.pop()
        return clause

    def link(self, rule_id: str, cursor: Cursor) -> matched.Link:
        """Note that the rule under reading builds on this one."""
        link = matched.Link(rule_id, cursor)
        self.links.append(link)
        return link

    def _parts(self, fields: Fields) -> tuple[Condition, ...] | None:
        read = [KINDS[key].read(value, self) for key, value in fields.items()]
        parts = tuple(part for part in read if part is not None)
        return None if fields.refused or len(parts) < len(read) else parts
