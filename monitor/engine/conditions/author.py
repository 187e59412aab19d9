"""`author`: who wrote the comment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from monitor.engine.conditions import text
from monitor.engine.conditions.base import Condition, Truth
from monitor.engine.conditions.composition import All

if TYPE_CHECKING:
    from monitor.engine.conditions.grammar import Grammar
    from monitor.engine.cursor import Cursor
    from monitor.engine.subject import Subject

_LATER: Final = (
    *("trusted", "account_age", "first_seen", "comments", "confirmed_alerts"),
    *("karma", "badges", "roles", "banned", "is_thread_author"),
)


@dataclass(frozen=True, slots=True)
class Known(Condition):
    """True when the source says who wrote the comment (or does not, as asked)."""

    wanted: bool

    def holds(self, subject: Subject) -> Truth:
        """Return whether an author is given."""
        return (subject.event.comment.author.key is not None) is self.wanted

    def says(self) -> str:
        """Return what it asks."""
        return f"author: known is {str(self.wanted).lower()}"

    def seen(self, subject: Subject) -> str:
        """Return whether the source names the author."""
        return "the author is given" if subject.event.comment.author.key else "no author is given"


def read(cursor: Cursor, grammar: Grammar) -> Condition | None:
    """Read `author: {name: {matchers}, known: true|false}`."""
    fields = cursor.fields(("name", "known"), later=_LATER, hint="such as `author: {name: {words: [bot]}}`")
    if fields is None:
        return None
    parts: list[Condition] = []
    if name := fields.get("name"):
        matcher = text.read_field(name, "author.name", grammar)
        parts += [matcher] if matcher else []
    if known := fields.get("known"):
        wanted = known.flag()
        parts += [Known(wanted)] if wanted is not None else []
    if len(parts) < len(list(fields.items())) or fields.refused:
        return None
    if not parts:
        cursor.error("`author` asks for nothing", "write `name` or `known`")
        return None
    return parts[0] if len(parts) == 1 else All(tuple(parts))
