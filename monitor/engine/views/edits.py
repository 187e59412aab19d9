"""Changes to a text that can be traced back: what was read anew, and where it stood."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable

Span: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Edit:
    """What stands from `start` to `end` may be read in these ways, the likeliest first."""

    start: int
    end: int
    readings: tuple[str, ...]

    def reading(self, choice: int) -> str:
        """Return the reading of this number; the last one, where there are fewer."""
        return self.readings[min(choice, len(self.readings) - 1)]


class Layer:
    """A text after some edits, and the way back to before. Edits stand in order and never overlap."""

    __slots__ = ("_edits", "_ends", "_starts", "text")

    def __init__(self, text: str, edits: Iterable[Edit], choice: int = 0) -> None:
        self._edits: list[Edit] = []
        self._starts: list[int] = []
        self._ends: list[int] = []
        parts: list[str] = []
        done = shown = 0
        for edit in edits:
            kept, reading = text[done : edit.start], edit.reading(choice)
            parts += (kept, reading)
            self._edits.append(edit)
            self._starts.append(shown + len(kept))
            shown += len(kept) + len(reading)
            self._ends.append(shown)
            done = edit.end
        parts.append(text[done:])
        self.text = "".join(parts)

    def back(self, span: Span) -> Span:
        """Return where this part of the new text stood in the old one; the whole of what was edited."""
        return self._origin(span[0])[0], self._origin(span[1] - 1)[1]

    def _origin(self, at: int) -> Span:
        index = bisect_right(self._starts, at) - 1
        if index < 0:
            return at, at + 1
        edit = self._edits[index]
        if at < self._ends[index]:
            return edit.start, edit.end
        moved = at - self._ends[index] + edit.end
        return moved, moved + 1
