"""Comparisons as authors write them: `>= 0.8`, `< 30%`, `>= 3`, `< 2h`."""

from __future__ import annotations

import operator
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from monitor.engine.cursor import Cursor

_SHAPE: Final = re.compile(r"\s*(<=|>=|==|!=|<|>)\s*(-?[0-9]+(?:\.[0-9]+)?|\.[0-9]+)\s*(%|s|m|h|d)?\s*\Z")
_BARE: Final = re.compile(r"\s*-?[0-9.]+\s*(?:%|s|m|h|d)?\s*\Z")
_SECONDS: Final[Mapping[str, float]] = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_OPERATORS: Final[Mapping[str, Callable[[float, float], bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}


_NEVER: Final = {("<", 0.0), (">", 1.0)}
_ALWAYS: Final = {(">=", 0.0), ("<=", 1.0)}
"""What comparisons with a share come to at its ends."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """An operator and a number to compare with; `written` is how the author put it."""

    sign: str
    number: float
    written: str = ""

    def accepts(self, value: float) -> bool:
        """Return whether the value compares as asked."""
        return _OPERATORS[self.sign](value, self.number)

    def __str__(self) -> str:
        return self.written or f"{self.sign} {self.number:g}"


def read_share(cursor: Cursor) -> Comparison | None:
    """Read a comparison with a number from 0 to 1, or a percentage."""
    found = _read(cursor, ("", "%"), "0.8")
    if found is None:
        return None
    sign, number, unit = found
    share = float(number) / (100 if unit else 1)
    if not 0 <= share <= 1:
        cursor.error(
            f"`{cursor.spelled()}` compares with {number}{unit}, but values go from 0 to 1",
            'such as ">= 0.8" or ">= 80%"',
        )
        return None
    if (sign, share) in _NEVER | _ALWAYS:
        truth = "never" if (sign, share) in _NEVER else "always"
        cursor.warn(f"`{cursor.spelled()}` is {truth} true", "values go from 0 to 1")
    return Comparison(sign, share)


def read_count(cursor: Cursor) -> Comparison | None:
    """Read a comparison with a number."""
    found = _read(cursor, ("",), "3")
    return Comparison(found[0], float(found[1])) if found else None


def read_length(cursor: Cursor) -> Comparison | None:
    """Read a comparison with a length of time; it compares seconds."""
    found = _read(cursor, tuple(_SECONDS), "2h")
    if found is None:
        return None
    sign, number, unit = found
    return Comparison(sign, float(number) * _SECONDS[unit], f"{sign} {number}{unit}")


def _read(cursor: Cursor, units: tuple[str, ...], example: str) -> tuple[str, str, str] | None:
    """Return the sign, the number as it is written, and the unit."""
    written = cursor.text(
        f'a range is two conditions: all: [{{… {cursor.name}: "> 3"}}, {{… {cursor.name}: "< 9"}}]'
    )
    if written is None:
        return None
    found = _SHAPE.match(written)
    if found is None:
        cursor.error(f"`{written}` is no comparison", _hint(written, example))
        return None
    unit = found[3] or ""
    if unit not in units:
        wanted = (
            "a length of time: 30m, 2h, 3d" if "h" in units else f'a number, such as "{found[1]} {example}"'
        )
        cursor.error(f"`{written}` compares with something else", f"this is compared with {wanted}")
        return None
    return found[1], found[2], unit


def _hint(written: str, example: str) -> str:
    if _BARE.match(written):
        return f'say how to compare: ">= {written.strip()}"'
    return f'write one of < <= > >= == != and a number, in quotes: ">= {example}"'
