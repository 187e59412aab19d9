"""What is wrong in a file that a person wrote, and how it is shown to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

Level = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One finding. `line` and `column` count from 1; 0 means that the problem stands nowhere."""

    message: str
    hint: str = ""
    file: str = ""
    line: int = 0
    column: int = 0
    source_line: str = ""
    level: Level = "error"

    def __str__(self) -> str:
        """Return the finding as a compiler prints it: place, message, line, caret, hint."""
        lines = [f"{self._place()}{self.level}: {self.message}"]
        if self.source_line:
            lines += [f"    {self.source_line}", "    " + self._caret()]
        if self.hint:
            lines.append(f"    hint: {self.hint}")
        return "\n".join(lines)

    def _place(self) -> str:
        if not self.file:
            return ""
        return f"{self.file}:{self.line}:{self.column}: " if self.line else f"{self.file}: "

    def _caret(self) -> str:
        before = self.source_line[: max(self.column - 1, 0)]
        return "".join("\t" if char == "\t" else " " for char in before) + "^"


def render(problems: Iterable[Problem]) -> str:
    """Return all findings as text, one after the other."""
    return "\n".join(str(problem) for problem in problems)
