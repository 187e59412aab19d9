"""Which conditions there are. A new one is a file of its own and a line in `KINDS`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from monitor.engine.conditions import author, composition, evasion, language, text, toxicity
from monitor.engine.conditions.composition import All
from monitor.engine.conditions.matchers import MATCHERS
from monitor.engine.subject import TEXT_FIELDS

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping

    from monitor.engine.conditions.base import Condition
    from monitor.engine.conditions.text import TextMatches
    from monitor.engine.cursor import Cursor, Fields
    from monitor.engine.lists import WordList
    from monitor.engine.scanning import Probe

    Reader: TypeAlias = "Callable[[Cursor, Grammar], Condition | None]"

KINDS: Final[Mapping[str, Reader]] = {
    "all": composition.read_all,
    "any": composition.read_any,
    "not": composition.read_not,
    "at_least": composition.read_at_least,
    **dict.fromkeys(TEXT_FIELDS, text.read),
    "toxicity": toxicity.read,
    "language": language.read,
    "author": author.read,
    "evasion": evasion.read,
}

_LATER: Final = (
    *("unquoted", "quoted", "parent.text", "thread.title", "thread.url", "thread.section", "any_text"),
    *("reports", "votes", "shape", "links", "pii", "campaign", "reply", "matched", "points"),
    *("use", "present", "absent", "same", "parent.author.name"),
)
_HINTS: Final = {
    **{name: f"look in a field: `text: {{{name}: […]}}`" for name in MATCHERS},
    **dict.fromkeys(("and", "AND"), "did you mean `all`?"),
    **dict.fromkeys(("or", "OR"), "did you mean `any`?"),
}


class Grammar:
    """Reads clauses by the conditions in `KINDS`.

    `lists` are the word lists by name; `probes` are what the rules of one book look for, so that
    two rules that look for the same share it. `texts` are the text clauses of the rule under reading.
    """

    def __init__(self, lists: Mapping[str, WordList]) -> None:
        self.lists = lists
        self.probes: dict[Hashable, Probe] = {}
        self.texts: list[TextMatches] = []

    def when(self, cursor: Cursor) -> Condition | None:
        """Read the whole condition of a rule."""
        self.texts = []
        return self.clause(cursor)

    def excluded(self, cursor: Cursor) -> Condition | None:
        """Read a clause that must not be true: what it finds is no reason and no disguise."""
        before = len(self.texts)
        clause = self.clause(cursor)
        del self.texts[before:]
        return clause

    def clause(self, cursor: Cursor) -> Condition | None:
        """Read one clause; several keys in it must all be true. None where it is wrong, which is reported."""
        if cursor.is_list():
            cursor.wrong("one clause", f"write `all:` or `any:` between `{cursor.name}:` and the list")
            return None
        fields = cursor.fields(KINDS, later=_LATER, hints=_HINTS)
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

    def _parts(self, fields: Fields) -> tuple[Condition, ...] | None:
        read = [KINDS[key](value, self) for key, value in fields.items()]
        parts = tuple(part for part in read if part is not None)
        return None if fields.refused or len(parts) < len(read) else parts
