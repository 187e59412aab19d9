"""Which conditions there are. A new one is a file of its own and a line in `KINDS`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from monitor.engine.conditions import author, composition, language, text, toxicity
from monitor.engine.conditions.composition import All
from monitor.engine.subject import TEXT_FIELDS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from monitor.engine.conditions.base import Condition
    from monitor.engine.cursor import Cursor

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
}

LATER: Final = frozenset(
    {
        "unquoted", "quoted", "parent.text", "thread.title", "thread.url", "thread.section", "any_text",
        "evasion", "reports", "votes", "shape", "links", "pii", "campaign", "reply", "matched", "points",
        "use", "present", "absent", "same", "parent.author.name",
    }
)  # fmt: skip


class Grammar:
    """Reads clauses by the conditions that are registered."""

    def __init__(self, kinds: Mapping[str, Reader] = KINDS) -> None:
        self._kinds = kinds

    def clause(self, cursor: Cursor) -> Condition | None:
        """Read one clause; several keys in it must all be true. None where it is wrong, which is reported."""
        fields = cursor.fields(self._kinds, later=LATER)
        if fields is None:
            return None
        parts = [self._kinds[key](value, self) for key in fields if (value := fields.get(key))]
        read = [part for part in parts if part is not None]
        if len(read) < len(parts) or not read:
            if not parts and not fields.refused:
                cursor.error(f"`{cursor.name}` says nothing", "write at least one condition")
            return None
        return read[0] if len(read) == 1 else All(tuple(read))

    def clauses(self, cursor: Cursor) -> tuple[Condition, ...]:
        """Read a list of clauses; empty where one of them is wrong."""
        read = [self.clause(item) for item in cursor.items()]
        parts = tuple(part for part in read if part is not None)
        return parts if len(parts) == len(read) else ()
