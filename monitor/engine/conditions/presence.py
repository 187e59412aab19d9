"""`present`, `absent` and `same`: which fields a source gave, and whether two of them say the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from monitor.engine.conditions.base import Condition, Truth
from monitor.engine.conditions.forms import Form
from monitor.engine.subject import NAMES_OF_FIELDS
from monitor.engine.text import lens

if TYPE_CHECKING:
    from monitor.engine.conditions.grammar import Grammar
    from monitor.engine.cursor import Cursor
    from monitor.engine.scanning import TextField
    from monitor.engine.subject import Subject

PRESENT: Final = Form(
    says="the source gives every one of these fields", kind="choices", among=NAMES_OF_FIELDS,
    example="present: thread.title",
)  # fmt: skip
ABSENT: Final = Form(
    says="the source gives none of these fields", kind="choices", among=NAMES_OF_FIELDS,
    example="absent: [parent.text]",
)  # fmt: skip
SAME: Final = Form(
    says="these two fields say the same, whatever their capitals; unknown where one is not given",
    kind="choices", among=NAMES_OF_FIELDS, example="same: [author.name, parent.author.name]",
)  # fmt: skip
_TWO: Final = 2


@dataclass(frozen=True, slots=True)
class Given(Condition):
    """True when all fields are given, or none, as asked. Empty text is not given."""

    fields: tuple[TextField, ...]
    wanted: bool

    def holds(self, subject: Subject) -> Truth:
        """Return whether the fields are as asked."""
        return all(bool((subject.field(field) or "").strip()) is self.wanted for field in self.fields)

    def says(self) -> str:
        """Return which fields."""
        return f"{'present' if self.wanted else 'absent'}: {', '.join(self.fields)}"


@dataclass(frozen=True, slots=True)
class Same(Condition):
    """True when two fields fold to the same text."""

    first: TextField
    second: TextField

    def holds(self, subject: Subject) -> Truth:
        """Return whether they do."""
        glass = lens("folded", keeps_case=False)
        one, two = subject.field(self.first), subject.field(self.second)
        return None if one is None or two is None else glass.read(one.strip()) == glass.read(two.strip())

    def says(self) -> str:
        """Return which fields."""
        return f"{self.first} says the same as {self.second}"


def read_present(cursor: Cursor, _grammar: Grammar) -> Condition | None:
    """Read the names of fields that must be given."""
    fields = _fields(cursor)
    return Given(fields, wanted=True) if fields else None


def read_absent(cursor: Cursor, _grammar: Grammar) -> Condition | None:
    """Read the names of fields that must not be given."""
    fields = _fields(cursor)
    return Given(fields, wanted=False) if fields else None


def read_same(cursor: Cursor, _grammar: Grammar) -> Condition | None:
    """Read the names of two fields."""
    fields = _fields(cursor)
    if len(fields) == _TWO and fields[0] == fields[1]:
        cursor.error(f"`{fields[0]}` always says the same as itself", "name two fields")
        return None
    if len(fields) == _TWO:
        return Same(*fields)
    if fields:
        cursor.error("`same` compares two fields", f"such as `{SAME.example}`")
    return None


def _fields(cursor: Cursor) -> tuple[TextField, ...]:
    cursors = list(cursor.items()) if cursor.is_list() else [cursor]
    names = [item.choice(NAMES_OF_FIELDS) for item in cursors]
    known = tuple(cast("TextField", name) for name in names if name is not None)
    return known if len(known) == len(names) else ()
