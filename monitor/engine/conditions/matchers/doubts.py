"""Entries that are sound, but surely not meant so. What is told of them are warnings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from monitor.engine.conditions.matchers.entries import Starred
    from monitor.engine.cursor import Cursor

_SYNTAX: Final = re.compile(r"(?<=\w)[|?](?=\w)|\.[*+]|\\[bBdDsSwW]|\(\?|\[\w-\w\]")
_STARRED: Final = re.compile(r"\A\*(?=[^\W\d_])|(?<=[^\W\d_])\*\Z")
_SLASHES: Final = re.compile(r"/.+/[a-z]*\Z", re.DOTALL)
_CAPITALS: Final = re.compile(r"\[\^?[^\]a-z\\]*A-Z[^\]a-z\\]*\]")
_CARELESS: Final = "(?i"


def of_syntax(place: Cursor, written: str) -> None:
    """Warn of a pattern where words are written."""
    if found := _SYNTAX.search(written):
        place.warn(
            f"`{found[0]}` is looked for as it stands", "a pattern is written in `regex`", at=found.start()
        )


def of_stars(place: Cursor, written: str) -> None:
    """Warn of a star where parts of words are written: it is needless."""
    if found := _STARRED.search(written):
        place.warn(
            "`*` is the mark itself here",
            "leave it out: these characters are found inside of words too",
            at=found.start(),
        )


def of_pattern(place: Cursor, written: str, *, keeps_case: bool) -> None:
    """Warn of slashes around a pattern, and of capitals where they make no difference."""
    if _SLASHES.match(written):
        place.warn("the slashes around it are part of the pattern", "leave them out, and what follows them")
    if not keeps_case and _CARELESS not in written and (found := _CAPITALS.search(written)):
        place.warn(
            f"`{found[0]}` takes small letters too", "write `case: sensitive` beside it", at=found.start()
        )


def of_doubles(entries: Iterable[tuple[Cursor, str, Starred]]) -> None:
    """Warn of each entry that another one of the same list finds already."""
    first: dict[Starred, str] = {}
    places: dict[Starred, Cursor] = {}
    for place, written, starred in entries:
        if starred in first:
            _warn(place, written, first[starred])
        first.setdefault(starred, written)
        places.setdefault(starred, place)
    opened = [starred for starred in first if starred.opens or starred.ends]
    for starred, place in places.items():
        if (cover := _cover(starred, opened)) is not None:
            _warn(place, first[starred], first[cover])


def _cover(starred: Starred, opened: Sequence[Starred]) -> Starred | None:
    return next((each for each in opened if each != starred and each.covers(starred)), None)


def _warn(place: Cursor, written: str, other: str) -> None:
    place.warn(f"`{written}` is found by `{other}` already", "keep one of them")
