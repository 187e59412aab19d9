"""Keeps label values to a closed set where the outside world names things."""

from __future__ import annotations

from typing import Final

OTHER: Final = "other"


class Bounded:
    """Passes the first `limit` distinct values and calls all later ones `other`.

    A metric with a value for each of a million names would take the monitoring down with it.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._known: set[str] = set()

    def label(self, value: str) -> str:
        """Return the value, or `other` when there are too many already."""
        if value in self._known:
            return value
        if len(self._known) >= self._limit:
            return OTHER
        self._known.add(value)
        return value
