"""Where settings are written: one TOML file and the environment."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Final, Literal, Protocol

import msgspec

from monitor.domain.errors import Misconfigured
from monitor.domain.problems import Problem
from monitor.settings.positions import Path, Place, Position, locate

PREFIX: Final = "COMMENT_MONITOR_"
CONFIG_VARIABLE: Final = "COMMENT_MONITOR_CONFIG"
_DIVIDER: Final = "__"
_AT_PLACE: Final = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a value was written. `where` is the file's place, the variable's name or empty."""

    kind: Literal["default", "file", "environment"]
    where: str = ""

    def __str__(self) -> str:
        """Return it as `config show` prints it."""
        return f"environment {self.where}" if self.kind == "environment" else self.where or self.kind


_SYNTAX_HINTS: Final = {
    "Illegal character '\\n'": "is the quote missing at the end of the text?",
    "Illegal character '\\r'": "is the quote missing at the end of the text?",
    "Invalid value": 'a text stands in quotes: key = "text"',
    "Unclosed array": "is a ] missing?",
    "Expected '='": "a line reads: key = value",
    "Cannot overwrite": "this key stands above already; keep one of them",
    "Cannot declare": "this section stands above already; keep its keys together",
}

DEFAULT: Final = Origin(kind="default")


class Layer(Protocol):
    """Something that holds settings and can say where."""

    def origin(self, path: Path) -> Origin:
        """Return where the value at this path was written."""
        ...

    def problem(self, path: Path, message: str, hint: str = "", *, at_key: bool = False) -> Problem:
        """Return the problem, placed at this path."""
        ...


class Unwritten:
    """The layer of what nobody wrote."""

    def origin(self, _path: Path) -> Origin:
        """Return the default."""
        return DEFAULT

    def problem(self, _path: Path, message: str, hint: str = "", *, at_key: bool = False) -> Problem:  # noqa: ARG002 - Layer's
        """Return the problem, which stands nowhere."""
        return Problem(message=message, hint=hint)


@dataclass(frozen=True, slots=True, kw_only=True)
class TomlFile:
    """A TOML file as it was read. `hidden` are keys whose values no message may show."""

    name: str
    lines: tuple[str, ...]
    table: Mapping[str, object]
    places: Mapping[Path, Place]
    hidden: frozenset[str]

    @classmethod
    def read(cls, path: FilePath, hidden: frozenset[str]) -> TomlFile:
        """Return the file.

        Raises:
            Misconfigured: it cannot be read or is no TOML.
        """
        text = _text_of(path)
        lines = tuple(text.split("\n"))
        try:
            table = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise Misconfigured([_syntax_problem(str(error), str(path), lines, hidden)]) from None
        return cls(name=str(path), lines=lines, table=table, places=locate(text), hidden=hidden)

    def origin(self, path: Path) -> Origin:
        """Return `file:line`."""
        place = self._place(path)
        return Origin(kind="file", where=f"{self.name}:{place.key.line}" if place else self.name)

    def problem(self, path: Path, message: str, hint: str = "", *, at_key: bool = False) -> Problem:
        """Return the problem with its line and a caret under the key or the value."""
        place = self._place(path)
        if place is None:
            return Problem(message=message, hint=hint, file=self.name)
        position = place.key if at_key or path not in self.places else place.value
        shown = _shown(self.lines, position.line, self.hidden)
        if at_key and place.value.line == place.key.line and place.value != place.key:
            shown = shown[: place.value.column - 1] + "…"  # a misspelled key may be a secret's
        return _placed(message, hint, self.name, position, shown)

    def _place(self, path: Path) -> Place | None:
        """Return where this is written, or the section that it belongs to."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """One environment variable; `hidden` where its value may not be shown."""

    name: str
    value: str
    hidden: bool = False

    def origin(self, _path: Path) -> Origin:
        """Return the variable."""
        return Origin(kind="environment", where=self.name)

    def problem(self, _path: Path, message: str, hint: str = "", *, at_key: bool = False) -> Problem:
        """Return the problem with the variable as its line."""
        line = f"{self.name}=" + ("…" if self.hidden or at_key else self.value)
        column = 1 if at_key else len(self.name) + 2
        return _placed(message, hint, "environment", Position(line=0, column=column), line)

    def entries(self) -> object:
        """Return the list that the variable holds as JSON.

        Raises:
            ValueError: it holds none.
        """
        return msgspec.json.decode(self.value)


def variables(environ: Mapping[str, str]) -> dict[Path, Variable]:
    """Return the variables that set something, by the path they set. Empty ones set nothing."""
    return {
        path_of(name): Variable(name=name, value=value)
        for name, value in environ.items()
        if name.startswith(PREFIX) and name != CONFIG_VARIABLE and value
    }


def path_of(name: str) -> Path:
    """Return what a variable sets: `COMMENT_MONITOR_KAFKA__BOOTSTRAP` sets `kafka.bootstrap`."""
    return tuple(name.removeprefix(PREFIX).lower().split(_DIVIDER))


def variable_of(key: str) -> str:
    """Return the variable that sets a key such as `kafka.bootstrap`."""
    return PREFIX + key.replace(".", _DIVIDER).upper()


def _text_of(path: FilePath) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except OSError as error:
        problem = Problem(message=f"cannot be read: {error.strerror}", file=str(path))
    except UnicodeDecodeError:
        problem = Problem(message="is not written in UTF-8", file=str(path), hint="save it as UTF-8")
    raise Misconfigured([problem])


def _syntax_problem(message: str, file: str, lines: tuple[str, ...], hidden: frozenset[str]) -> Problem:
    found = _AT_PLACE.search(message)
    line, column = (int(found[1]), int(found[2])) if found and found[1] else (len(lines), len(lines[-1]) + 1)
    said = _AT_PLACE.sub("", message)
    hint = next((hint for part, hint in _SYNTAX_HINTS.items() if part in said), "")
    shown = re.sub(r"([\"']).*", r"\1…", _shown(lines, line, hidden))  # its key may be misspelled
    return _placed(f"not valid TOML: {said}", hint, file, Position(line=line, column=column), shown)


def _placed(message: str, hint: str, file: str, position: Position, line: str) -> Problem:
    return Problem(
        message=message, hint=hint, file=file, line=position.line, column=position.column, source_line=line
    )


def _shown(lines: tuple[str, ...], number: int, hidden: frozenset[str]) -> str:
    """Return the line without what stands behind a secret's key, on it or (in a list) above it."""
    line = lines[number - 1].rstrip()
    if line.lstrip()[:1] in {'"', "'", ","}:
        return ""
    return re.sub(rf"\b({'|'.join(sorted(hidden))})\b(\s*=?\s*).*", r"\1\2…", line)
