"""`pii` and `phones`: personal data in the comment."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from monitor.engine.conditions.base import Condition, Evidence, Truth
from monitor.engine.conditions.forms import Form
from monitor.engine.personal import FINDERS
from monitor.engine.scanning import Channel
from monitor.engine.telephone import SHORTEST, numbers_in, spellings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.engine.conditions.grammar import Grammar
    from monitor.engine.cursor import Cursor
    from monitor.engine.subject import Subject
    from monitor.engine.text import Span

PII: Final = Form(
    says="personal data of one of these kinds stands in the text",
    kind="choices",
    among=tuple(FINDERS),
    example="pii: [phone, email]",
)
PHONES: Final = Form(
    says="one of these numbers stands in the text, however it is written; give them with their country codes",
    kind="texts",
    example='phones: ["+1 202 555 0142"]',
)
_WHERE: Final = Channel("text", "raw")
_WRITTEN: Final = re.compile(r"\+[\d ()./-]+\Z")


@dataclass(frozen=True, slots=True)
class Pii(Condition):
    """True when personal data of one of the kinds is found."""

    kinds: tuple[str, ...]

    def holds(self, subject: Subject) -> Truth:
        """Return whether there is any."""
        return any(subject.found(FINDERS[kind]) for kind in self.kinds)

    def evidence(self, subject: Subject) -> Iterator[Evidence]:
        """Yield where it stands."""
        for kind in self.kinds:
            if spans := subject.found(FINDERS[kind]):
                yield _WHERE, spans

    def says(self) -> str:
        """Return the kinds."""
        return f"pii: {', '.join(self.kinds)}"

    def seen(self, subject: Subject) -> str:
        """Return the kinds that are there."""
        return ", ".join(kind for kind in self.kinds if subject.found(FINDERS[kind])) or "none of these"


@dataclass(frozen=True, slots=True)
class Phones(Condition):
    """True when one of the numbers is found, however it is written."""

    numbers: frozenset[str]

    def holds(self, subject: Subject) -> Truth:
        """Return whether there is one."""
        return bool(self._places(subject))

    def evidence(self, subject: Subject) -> Iterator[Evidence]:
        """Yield where they stand."""
        if spans := self._places(subject):
            yield _WHERE, spans

    def says(self) -> str:
        """Return how many numbers are looked for."""
        return f"phones: one of {len(self.numbers)}"

    def _places(self, subject: Subject) -> list[Span]:
        return subject.once(self, lambda: list(numbers_in(subject.own_text, self._spellings())))

    def _spellings(self) -> frozenset[str]:
        return spellings(self.numbers)


def read_pii(cursor: Cursor, _grammar: Grammar) -> Condition | None:
    """Read the kinds of personal data."""
    cursors = list(cursor.items()) if cursor.is_list() else [cursor]
    kinds = [item.choice(tuple(FINDERS)) for item in cursors]
    known = tuple(kind for kind in kinds if kind is not None)
    return Pii(known) if known and len(known) == len(kinds) else None


def read_phones(cursor: Cursor, _grammar: Grammar) -> Condition | None:
    """Read telephone numbers."""
    numbers: set[str] = set()
    for written, place in cursor.words():
        digits = "".join(filter(str.isdigit, written))
        if _WRITTEN.match(written) and len(digits) >= SHORTEST:
            numbers.add(digits)
        else:
            place.error(
                f"`{written}` is no number with its country code", 'such as "+1 202 555 0142", in quotes'
            )
    return Phones(frozenset(numbers)) if numbers else None
