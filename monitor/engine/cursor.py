"""A typed way through a YAML tree: every wrong turn is reported, none stops the reading."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeVar

from monitor.engine.nodes import ListNode, MapNode, Node, Place, Scalar, Sheet

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from enum import StrEnum

_INTEGER: Final = re.compile(r"[+-]?[0-9]+\Z")
_LEADING: Final = re.compile(r"[0-9]+")
_MEANT: Final = {
    **dict.fromkeys(("yes", "on", "y", "1", "true"), "true"),
    **dict.fromkeys(("no", "off", "n", "0", "false"), "false"),
}
_MOST_DIGITS: Final = 12
_DECIMAL: Final = re.compile(r"(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)\Z")
_DURATION: Final = re.compile(r"([0-9]+(?:\.[0-9]+)?)(s|m|h|d)\Z")
_SECONDS: Final = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}

_CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
"""Characters that stand in a text by accident: an escape in double quotes."""

Chosen = TypeVar("Chosen", bound="StrEnum")


class Cursor:
    """Stands on one node. A method that cannot give what was asked reports why and returns None."""

    __slots__ = ("name", "node", "sheet")

    def __init__(self, node: Node, sheet: Sheet, name: str) -> None:
        self.node = node
        self.sheet = sheet
        self.name = name

    @property
    def place(self) -> Place:
        """Return where this node begins."""
        return self.node.place

    def error(self, message: str, hint: str = "", *, at: int | None = None) -> None:
        """Report an error at this node, or at a character of the value that stands here."""
        self.sheet.report(message, self._place_of(at), hint=hint)

    def warn(self, message: str, hint: str = "", *, at: int | None = None) -> None:
        """Report a warning in the same way."""
        self.sheet.report(message, self._place_of(at), hint=hint, warning=True)

    def is_mapping(self) -> bool:
        """Return whether `key: value` pairs stand here."""
        return isinstance(self.node, MapNode)

    def is_list(self) -> bool:
        """Return whether a list stands here."""
        return isinstance(self.node, ListNode)

    def text(self, hint: str = "") -> str | None:
        """Return the single value here as it is spelled; the hint is for who wrote a list or a group."""
        if not isinstance(self.node, Scalar):
            self.wrong("a text", hint)
            return None
        if not self.node.value.strip():
            self.error(f"`{self.name}` is empty", "write a value or remove the key")
            return None
        return self.node.value

    def spelled(self) -> str | None:
        """Return the single value here, empty too."""
        if isinstance(self.node, Scalar):
            return self.node.value
        self.wrong("a text")
        return None

    def integer(self, *, least: int) -> int | None:
        """Return the whole number here."""
        if not isinstance(self.node, Scalar) or not self.node.plain or not _INTEGER.match(self.node.value):
            alone = _LEADING.match(self.node.value) if isinstance(self.node, Scalar) else None
            self.wrong("a whole number", f"write the number alone: {alone[0]}" if alone else "")
            return None
        number = min(int(self.node.value[:_MOST_DIGITS]), 10**9)
        if number < least:
            self.error(f"`{self.name}` must be {least} or more, not {number}")
            return None
        return number

    def share(self) -> float | None:
        """Return the number from 0 to 1 here."""
        if not isinstance(self.node, Scalar) or not _DECIMAL.match(self.node.value):
            self.wrong("a number from 0 to 1")
            return None
        number = float(self.node.value)
        if number > 1:
            self.wrong("a number from 0 to 1")
            return None
        return number

    def flag(self) -> bool | None:
        """Return true or false."""
        if isinstance(self.node, Scalar) and self.node.plain and self.node.value in {"true", "false"}:
            return self.node.value == "true"
        meant = _MEANT.get(self.node.value.lower()) if isinstance(self.node, Scalar) else None
        self.wrong("true or false", f"write {meant}, without quotes" if meant else "")
        return None

    def duration(self) -> float | None:
        """Return seconds from a spelling such as `30s`, `10m`, `2h` or `3d`."""
        value = self.spelled()
        if value is None:
            return None
        found = _DURATION.match(value)
        if found is None:
            self.error(f"`{value}` is no duration", "write a number and its unit: 30s, 10m, 2h, 3d")
            return None
        return float(found[1]) * _SECONDS[found[2]]

    def choice(self, allowed: Collection[str]) -> str | None:
        """Return one of the allowed words."""
        value = self.text()
        if value is None or value in allowed:
            return value
        self.error(f"`{self.name}` cannot be `{value}`", suggestion(value, allowed))
        return None

    def member(self, kind: type[Chosen]) -> Chosen | None:
        """Return the member of a closed set that is spelled here."""
        value = self.choice([member.value for member in kind])
        return kind(value) if value is not None else None

    def items(self, name: str = "") -> Iterator[Cursor]:
        """Yield the entries of the list here; messages call each of them `name`."""
        if not isinstance(self.node, ListNode):
            self.wrong("a list", "put `- ` before each entry" if self.is_mapping() else "")
            return
        if not self.node.items:
            self.error(f"`{self.name}` is an empty list", "add an entry or remove the key")
        for item in self.node.items:
            yield Cursor(item, self.sheet, name or self.name)

    def words(self) -> list[tuple[str, Cursor]]:
        """Return every entry of the list as it is spelled (`no`, `010`, `null` are words), with its place.

        A single value stands for a list of one.
        """
        cursors = [self] if isinstance(self.node, Scalar) else list(self.items())
        entries = ((cursor.entry(), cursor) for cursor in cursors)
        return [(entry, cursor) for entry, cursor in entries if entry is not None]

    def entry(self) -> str | None:
        """Return the entry of a word list here."""
        if not isinstance(self.node, Scalar):
            self.error(
                f"an entry of `{self.name}` must be a text", "a text with a colon or a bracket needs quotes"
            )
            return None
        if not self.node.value.strip():
            self.error(
                f"an entry of `{self.name}` is empty",
                "write a text or remove the entry; a text that starts with # needs quotes",
            )
            return None
        if control := _CONTROL.search(self.node.value):
            self.error(
                f"an entry of `{self.name}` holds a character that nobody can type (U+{ord(control[0]):04X})",
                r"in double quotes \b is a backspace: use single quotes where a text holds \ ".strip(),
            )
            return None
        return self.node.value

    def named(self) -> Iterator[tuple[str, Cursor]]:
        """Yield the pairs of a group whose keys are names of the author's own."""
        if not isinstance(self.node, MapNode):
            self.wrong("a group of `name: …` lines")
            return
        seen: set[str] = set()
        for key, value in self.node.pairs:
            place = Cursor(key, self.sheet, "name")
            name = place.text()
            if name in seen:
                place.error(f"`{name}` stands here twice", "keep one of them")
            elif name is not None:
                seen.add(name)
                yield name, Cursor(value, self.sheet, name)

    def fields(
        self,
        known: Iterable[str],
        *,
        required: Iterable[str] = (),
        hint: str = "",
        hints: Mapping[str, str] = MappingProxyType({}),
    ) -> Fields | None:
        """Return the mapping here, its keys checked; None where no mapping stands here.

        `hint` is for an author who wrote something else than a mapping, `hints` for those who wrote a
        certain wrong key.
        """
        if not isinstance(self.node, MapNode):
            self.wrong("a group of `key: value` lines", hint)
            return None
        return Fields(self, self.node, _Keys(tuple(known), tuple(required), hints))

    def wrong(self, wanted: str, hint: str = "") -> None:
        """Report that something of another kind stands here."""
        self.error(f"`{self.name}` must be {wanted}, not {_kind(self.node)}", hint)

    def _place_of(self, at: int | None) -> Place:
        """Return where this character of a one-line value stands; where the value begins if it is longer."""
        if at is None or not isinstance(self.node, Scalar):
            return self.place
        line = self.sheet.line(self.place.line)
        quote = 0 if self.node.plain else 1
        begin = self.place.column - 1 + quote
        if not line.startswith(self.node.value, begin):
            return self.place
        return Place(self.place.line, begin + at + 1)


@dataclass(frozen=True, slots=True)
class _Keys:
    known: tuple[str, ...]
    required: tuple[str, ...]
    hints: Mapping[str, str]


class Fields:
    """A mapping whose keys were checked: doubled, unknown and missing ones are reported.

    `refused` tells that some were.
    """

    def __init__(self, cursor: Cursor, node: MapNode, keys: _Keys) -> None:
        self.cursor = cursor
        self.refused = False
        self._values: dict[str, Cursor] = {}
        self._misspelled: set[str] = set()
        for key, value in node.pairs:
            self._add(Cursor(key, cursor.sheet, "key"), value, keys)
        for name in keys.required:
            if name not in self._values and name not in self._misspelled:
                self.refused = True
                cursor.error(f"`{cursor.name}` needs `{name}`", f"add a line `{name}: …`")

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def get(self, key: str) -> Cursor | None:
        """Return the value's cursor, if the key was written."""
        return self._values.get(key)

    def items(self) -> Iterator[tuple[str, Cursor]]:
        """Yield the keys that were written and are known, with the cursors of their values."""
        yield from self._values.items()

    def text(self, key: str) -> str:
        """Return the text of this key; empty where it was not written or is wrong."""
        cursor = self.get(key)
        return (cursor.text() or "").strip() if cursor else ""

    def words(self, key: str) -> tuple[str, ...]:
        """Return the entries of this key's list."""
        cursor = self.get(key)
        return tuple(entry for entry, _ in cursor.words()) if cursor else ()

    def _add(self, key: Cursor, value: Node, keys: _Keys) -> None:
        name = key.spelled()
        if name in keys.known and name not in self._values:
            self._values[name] = Cursor(value, key.sheet, name)
            return
        self.refused = True
        if name is None:
            return
        if name in self._values:
            key.error(f"`{name}` stands here twice", "keep one of them")
        elif name == "<<":
            key.error("merge keys are not taken here", "write the lines out")
        else:
            self._misspelled.update(_close(name, keys.known))
            hint = keys.hints.get(name) or suggestion(name, keys.known)
            key.error(f"unknown key `{name}` in `{self.cursor.name}`", hint)


def suggestion(word: str, allowed: Collection[str]) -> str:
    """Return "did you mean …?" where something close exists, else everything that is allowed."""
    close = _close(word, allowed)
    return f"did you mean `{close[0]}`?" if close else "one of: " + ", ".join(allowed)


def _close(word: str, allowed: Collection[str]) -> list[str]:
    return difflib.get_close_matches(word.lower(), allowed, n=1, cutoff=0.6)


def _kind(node: Node) -> str:
    if isinstance(node, MapNode):
        return "a group of `key: value` lines"
    if isinstance(node, ListNode):
        return "a list"
    if not node.value:
        return "empty"
    return f"`{node.value}`" if node.plain else f'the text "{node.value}"'
