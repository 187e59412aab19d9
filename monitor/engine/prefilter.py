"""Tells which of many patterns may match a text, all at once and in linear time (RE2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

import re2

if TYPE_CHECKING:
    from collections.abc import Sequence

_EVERYTHING: Final = "(?s:.)"
_MOST_PATTERNS: Final = 1_000
"""In one filter. RE2 took 2,000 of usual size and refused 2,500; smaller filters cost no more."""


class Filter(Protocol):
    """Names the patterns that may match a text, in any order; never loses one that does."""

    def candidates(self, text: str, /) -> list[int]:
        """Return the numbers of the patterns that may match."""
        ...


class TooLarge(Exception):
    """RE2 does not take a pattern of this size."""


def _options() -> re2.Options:
    options = re2.Options()
    options.log_errors = False
    options.never_capture = True
    return options


class Prefilter:
    """Holds wide patterns; an empty one is always a candidate.

    RE2 refuses to look for too much at once, so that many patterns are divided among several filters.
    """

    def __init__(self, patterns: Sequence[str]) -> None:
        self._filters = [
            (start + offset, part)
            for start in range(0, len(patterns), _MOST_PATTERNS)
            for offset, part in _filters(patterns[start : start + _MOST_PATTERNS])
        ]

    def candidates(self, text: str) -> list[int]:
        """Return the numbers of the patterns that may match."""
        return [first + index for first, part in self._filters for index in part.Match(text) or ()]


def _filters(patterns: Sequence[str]) -> list[tuple[int, re2.Filter]]:
    """Return filters that together hold these patterns, each with the number of its first one.

    Raises:
        TooLarge: RE2 does not take one of them even alone.
    """
    built, options = re2.Filter(), _options()
    for pattern in patterns:
        built.Add(pattern or _EVERYTHING, options)
    try:
        built.Compile()
    except re2.error as error:
        half = len(patterns) // 2
        if not half:
            raise TooLarge(str(error)) from None
        right = [(half + first, part) for first, part in _filters(patterns[half:])]
        return [*_filters(patterns[:half]), *right]
    return [(0, built)]


def check(pattern: str) -> None:
    """Raise TooLarge where RE2 refuses this wide pattern."""
    try:
        re2.compile(pattern, _options())
    except re2.error as error:
        raise TooLarge(str(error)) from None
