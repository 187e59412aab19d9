"""Comparisons as authors write them: `>= 0.8`, `< 30%`, `>= 2h`."""

from __future__ import annotations

import operator
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from monitor.engine.cursor import Cursor

_SHAPE: Final = re.compile(r"\s*(<=|>=|==|!=|<|>)\s*([0-9]+(?:\.[0-9]+)?|\.[0-9]+)\s*(%?)\s*\Z")
_NUMBER: Final = re.compile(r"\s*[0-9.]+\s*%?\s*\Z")
_OPERATORS: Final[Mapping[str, Callable[[float, float], bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """An operator and a number to compare with."""

    sign: str
    number: float

    def accepts(self, value: float) -> bool:
        """Return whether the value compares as asked."""
        return _OPERATORS[self.sign](value, self.number)

    def __str__(self) -> str:
        return f"{self.sign} {self.number:g}"


def read_share(cursor: Cursor) -> Comparison | None:
    """Read a comparison with a number from 0 to 1, or a percentage."""
    written = cursor.text()
    if written is None:
        return None
    found = _SHAPE.match(written)
    if found is None:
        cursor.error(f"`{written}` is no comparison", _hint(written))
        return None
    number = float(found[2]) / (100 if found[3] else 1)
    if number > 1:
        cursor.error(
            f"`{written}` compares with {found[2]}{found[3]}, but values go from 0 to 1",
            'such as ">= 0.8" or ">= 80%"',
        )
        return None
    return Comparison(found[1], number)


def _hint(written: str) -> str:
    if _NUMBER.match(written):
        return f'say how to compare: ">= {written.strip()}"'
    return 'write one of < <= > >= == != and a number, in quotes: ">= 0.8"'
