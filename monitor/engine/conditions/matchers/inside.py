"""Entries among letters only, where no borders of words are left (the view `joined`)."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from monitor.engine.scanning import MAX_SPANS, Budget, Probe

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.engine.text import Span


class Inside(Probe):
    """Letters anywhere, except as a part of certain words."""

    __slots__ = ("_around",)

    def __init__(self, entry: str, literal: str, exceptions: frozenset[str]) -> None:
        super().__init__(entry, "text", literal)
        self._around = tuple(
            (word, at)
            for word in sorted(exceptions)
            for at in range(len(word) - len(literal) + 1)
            if word.startswith(literal, at)
        )

    def confirm(self, text: str, places: Sequence[Span], budget: Budget) -> list[Span]:
        """Return the places that are no part of an excepted word."""
        del budget  # comparing places takes no time
        kept = (
            (start, end)
            for start, end in places
            if not any(start >= at and text.startswith(word, start - at) for word, at in self._around)
        )
        return list(islice(kept, MAX_SPANS))
