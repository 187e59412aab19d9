"""Where each key of a TOML file stands; the standard library's reader forgets it."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

Path = tuple[str | int, ...]
"""The way to a value: `("receivers", 0, "url")`."""

_QUOTES: Final = ('"""', "'''", '"', "'")
_BARE_ENDS: Final = ",]}#\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Line and column, from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a key and its value begin."""

    key: Position
    value: Position


def locate(text: str) -> Mapping[Path, Place]:
    """Return the place of every table, key and list item. `text` is valid TOML with plain line feeds."""
    scanner = _Scanner(text)
    scanner.scan()
    return scanner.places


class _Scanner:
    """Walks over TOML that was read before, so that everything in it is known to be valid."""

    def __init__(self, text: str) -> None:
        self.places: dict[Path, Place] = {}
        self._text = text + "\n"
        self._at = 0
        self._starts = [0, *(index + 1 for index, char in enumerate(text) if char == "\n")]
        self._entries: Counter[Path] = Counter()

    def scan(self) -> None:
        table: Path = ()
        self._skip_blank()
        while self._at < len(self._text):
            if self._text[self._at] == "[":
                table = self._header()
            else:
                self._pair(table)
            self._skip_blank()

    def _header(self) -> Path:
        start = self._position()
        double = self._text.startswith("[[", self._at)
        self._at += 2 if double else 1
        table: Path = ()
        keys = self._keys()
        for index, key in enumerate(keys):
            table = (*table, key)
            last = index == len(keys) - 1
            if double and last:
                self._entries[table] += 1
            if table in self._entries:
                self.places.setdefault(table, Place(key=start, value=start))
                table = (*table, self._entries[table] - 1)
        self._at += 2 if double else 1
        self.places[table] = Place(key=start, value=start)
        return table

    def _pair(self, table: Path) -> None:
        start = self._position()
        path = (*table, *self._keys())
        self._at += 1  # the equals sign
        self._skip_blank()
        self.places[path] = Place(key=start, value=self._position())
        self._value(path)

    def _keys(self) -> list[str]:
        keys = [self._key()]
        while self._text[self._at] == ".":
            self._at += 1
            keys.append(self._key())
        return keys

    def _key(self) -> str:
        self._skip_blank()
        start = self._at
        if self._text[start] in "\"'":
            self._string()
            key = self._text[start + 1 : self._at - 1]
        else:
            while self._text[self._at].isalnum() or self._text[self._at] in "-_":
                self._at += 1
            key = self._text[start : self._at]
        self._skip_blank()
        return key

    def _value(self, path: Path) -> None:
        char = self._text[self._at]
        if char == "[":
            self._list(path)
        elif char == "{":
            self._inline_table(path)
        elif char in "\"'":
            self._string()
        else:
            while self._text[self._at] not in _BARE_ENDS:
                self._at += 1

    def _list(self, path: Path) -> None:
        self._at += 1
        index = 0
        while self._next_of("]"):
            here = self._position()
            self.places[*path, index] = Place(key=here, value=here)
            self._value((*path, index))
            index += 1

    def _inline_table(self, path: Path) -> None:
        self._at += 1
        while self._next_of("}"):
            self._pair(path)

    def _next_of(self, end: str) -> bool:
        """Go to the next entry; return False, past the end mark, where there is none."""
        self._skip_blank()
        while self._text[self._at] == ",":
            self._at += 1
            self._skip_blank()
        if self._text[self._at] != end:
            return True
        self._at += 1
        return False

    def _string(self) -> None:
        quote = next(quote for quote in _QUOTES if self._text.startswith(quote, self._at))
        self._at += len(quote)
        while not self._text.startswith(quote, self._at):
            escaped = quote[0] == '"' and self._text[self._at] == "\\"
            self._at += 2 if escaped else 1
        self._at += len(quote)
        while len(quote) > 1 and self._text[self._at] == quote[0]:  # """quoted""""
            self._at += 1

    def _skip_blank(self) -> None:
        while self._at < len(self._text):
            if self._text[self._at] == "#":
                self._at = self._text.index("\n", self._at)
            elif self._text[self._at].isspace():
                self._at += 1
            else:
                return

    def _position(self) -> Position:
        line = bisect_right(self._starts, self._at)
        return Position(line=line, column=self._at - self._starts[line - 1] + 1)
