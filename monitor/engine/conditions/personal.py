"""`pii` and `phones`: personal data in the comment."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from monitor.engine.conditions.base import Condition, Evidence, Truth
from monitor.engine.conditions.forms import Form
from monitor.engine.personal import FINDERS
from monitor.engine.scanning import Channel

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
_NUMBER: Final = re.compile(r"(?<![\w.])[+(]?[\dOolI](?:[ ()./-]{0,3}[\dOolIA-Za-z]){6,17}(?!\w)")
_ADDRESS_OF_A_MACHINE: Final = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}\Z")
_KEYPAD: Final = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "22233344455566677778889999")
_LOOKALIKES: Final = str.maketrans("OoIl", "0011")
_SHORTEST, _LONGEST_CODE = 7, 3


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
    """True when one of the numbers is found: all digits with the country code, or those behind it."""

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
        return subject.once(self, lambda: list(self._find(subject.own_text)))

    def _find(self, text: str) -> Iterator[Span]:
        for found in _NUMBER.finditer(text):
            written = found[0].strip()
            if _ADDRESS_OF_A_MACHINE.match(written):
                continue
            for digits in {_digits(written.translate(_LOOKALIKES)), _digits(written)}:
                if any(_is_same(digits, number) for number in self.numbers):
                    yield found.span()
                    break


def _digits(written: str) -> str:
    return "".join(char for char in written.upper().translate(_KEYPAD) if char.isdigit()).lstrip("0")


def _is_same(digits: str, number: str) -> bool:
    """Return whether these are the number's digits, all or all behind the country code."""
    missing = len(number) - len(digits)
    if missing < 0:
        return digits.removeprefix("11") == number  # 011 is dialled before a country code in North America
    return len(digits) >= _SHORTEST and missing <= _LONGEST_CODE and number.endswith(digits)


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
        if _WRITTEN.match(written) and len(_digits(written)) >= _SHORTEST:
            numbers.add(_digits(written))
        else:
            place.error(
                f"`{written}` is no number with its country code", 'such as "+1 202 555 0142", in quotes'
            )
    return Phones(frozenset(numbers)) if numbers else None
