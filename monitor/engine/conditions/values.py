"""Conditions on one value of a comment: a number compared, a flag, one of several words.

A value that the source does not give is unknown.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Generic, TypeAlias, TypeVar

from monitor.engine.conditions import comparison
from monitor.engine.conditions.base import Condition, Truth

if TYPE_CHECKING:
    from monitor.engine.conditions.comparison import Comparison
    from monitor.engine.conditions.forms import Form, Kind
    from monitor.engine.cursor import Cursor, Fields
    from monitor.engine.subject import Subject

Value = TypeVar("Value")
Number: TypeAlias = "Callable[[Subject], float | None]"
Flag: TypeAlias = "Callable[[Subject], bool | None]"
Words: TypeAlias = "Callable[[Subject], frozenset[str] | None]"

_COMPARING: Final[Mapping[Kind, Callable[[Cursor], Comparison | None]]] = {
    "share": comparison.read_share,
    "count": comparison.read_count,
    "duration": comparison.read_length,
}


@dataclass(frozen=True, slots=True)
class OfValue(Condition, Generic[Value]):
    """What one value of the comment is asked for."""

    name: str
    look: Callable[[Subject], Value | None]

    def holds(self, subject: Subject) -> Truth:
        """Return whether the value is as asked."""
        value = self.look(subject)
        return None if value is None else self.accepts(value)

    @abstractmethod
    def accepts(self, value: Value) -> bool:
        """Return whether this value is as asked."""

    def seen(self, subject: Subject) -> str:
        """Return the value."""
        value = self.look(subject)
        return "the source does not give it" if value is None else _shown(value)


@dataclass(frozen=True, slots=True)
class Compared(OfValue[float]):
    """True when the number compares as asked."""

    comparison: Comparison

    def accepts(self, value: float) -> bool:
        """Return whether it does."""
        return self.comparison.accepts(value)

    def says(self) -> str:
        """Return the name and the comparison."""
        return f"{self.name} {self.comparison}"


@dataclass(frozen=True, slots=True)
class Flagged(OfValue[bool]):
    """True when the flag is as asked."""

    wanted: bool

    def accepts(self, value: bool) -> bool:  # noqa: FBT001 - the value itself
        """Return whether it is."""
        return value is self.wanted

    def says(self) -> str:
        """Return the name and what is wanted."""
        return f"{self.name}: {str(self.wanted).lower()}"


@dataclass(frozen=True, slots=True)
class Among(OfValue[frozenset[str]]):
    """True when the comment has one of these words there; capitals make no difference."""

    words: frozenset[str]

    def accepts(self, value: frozenset[str]) -> bool:
        """Return whether it has."""
        return not self.words.isdisjoint(value)

    def says(self) -> str:
        """Return the name and the words."""
        return f"{self.name}: {', '.join(sorted(self.words))}"


@dataclass(frozen=True, slots=True)
class Values:
    """What a group of keys looks at: how each is written, and where its value comes from."""

    forms: Mapping[str, Form]
    numbers: Mapping[str, Number]
    flags: Mapping[str, Flag]
    words: Mapping[str, Words]

    def read(self, fields: Fields, prefix: str) -> list[Condition | None]:
        """Read every key of these that was written; None for one that is wrong."""
        return [
            self._read(key, f"{prefix}{key}", cursor) for key, cursor in fields.items() if key in self.forms
        ]

    def _read(self, key: str, name: str, cursor: Cursor) -> Condition | None:
        if key in self.numbers:
            compared = _COMPARING[self.forms[key].kind](cursor)
            return Compared(name, self.numbers[key], compared) if compared else None
        if key in self.flags:
            wanted = cursor.flag()
            return None if wanted is None else Flagged(name, self.flags[key], wanted)
        words = frozenset(word.casefold() for word, _ in cursor.words())
        return Among(name, self.words[key], words) if words else None


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:g}"
    return ", ".join(sorted(value)) if isinstance(value, frozenset) else str(value)
