"""Tells which of many patterns may match a text, all at once and in linear time (RE2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import re2

if TYPE_CHECKING:
    from collections.abc import Sequence

_EVERYTHING: Final = "(?s:.)"


class TooLarge(Exception):
    """RE2 does not take a pattern of this size."""


def _options() -> re2.Options:
    options = re2.Options()
    options.log_errors = False
    options.never_capture = True
    return options


class Prefilter:
    """Holds wide patterns; an empty one is always a candidate."""

    def __init__(self, patterns: Sequence[str]) -> None:
        self._filter = re2.Filter()
        self._empty = not patterns
        options = _options()
        for pattern in patterns:
            self._filter.Add(pattern or _EVERYTHING, options)
        if patterns:
            self._filter.Compile()

    def candidates(self, text: str) -> list[int]:
        """Return the numbers of the patterns that may match."""
        if self._empty:
            return []
        return self._filter.Match(text) or []


def check(pattern: str) -> None:
    """Raise TooLarge where RE2 refuses this wide pattern."""
    try:
        re2.compile(pattern, _options())
    except re2.error as error:
        raise TooLarge(str(error)) from None
