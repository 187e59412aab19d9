"""`use`: conditions that the rule has named under `define`."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

from monitor.engine.conditions.composition import All, AtLeast
from monitor.engine.conditions.forms import Form
from monitor.engine.cursor import suggestion

if TYPE_CHECKING:
    from monitor.engine.conditions.base import Condition
    from monitor.engine.conditions.grammar import Grammar
    from monitor.engine.cursor import Cursor

_NAMES: Final = Form(says="names; a star stands for any letters", kind="texts")
FORM: Final = Form(
    says="a condition that the rule names under `define`; `use: spam_*` is true when one of those is",
    kind="texts",
    otherwise=Form(
        says="`any`: one of them, `all`: every one",
        kind="group",
        keys={"any": _NAMES, "all": _NAMES},
    ),
    example="use: {all: spam_*}",
)


def read(cursor: Cursor, grammar: Grammar) -> Condition | None:
    """Read `use: name`, `use: [names]`, `use: {any: names}` or `use: {all: names}`."""
    if not cursor.is_mapping():
        return _any(_named(cursor, grammar))
    fields = cursor.fields(("any", "all"))
    if fields is None or not list(fields.items()):
        return None
    one, every = fields.get("any"), fields.get("all")
    parts = [_any(_named(one, grammar))] if one else []
    parts += [_all(_named(every, grammar))] if every else []
    sound = tuple(part for part in parts if part is not None)
    return All(sound) if sound and len(sound) == len(parts) else None


def _any(parts: tuple[Condition, ...]) -> Condition | None:
    return AtLeast(1, parts) if len(parts) > 1 else next(iter(parts), None)


def _all(parts: tuple[Condition, ...]) -> Condition | None:
    return All(parts) if parts else None


def _named(cursor: Cursor, grammar: Grammar) -> tuple[Condition, ...]:
    """Return the conditions of these names; empty where one of them is wrong."""
    read: list[Condition | None] = []
    for pattern, place in cursor.words():
        names = [name for name in grammar.defined if fnmatchcase(name, pattern)]
        if not names:
            known = (
                suggestion(pattern, list(grammar.defined)) if grammar.defined else "add `define:` to the rule"
            )
            place.error(f"the rule defines no `{pattern}`", known)
            return ()
        read += [grammar.definition(name, place) for name in names]
    parts = tuple(part for part in read if part is not None)
    return parts if len(parts) == len(read) else ()
