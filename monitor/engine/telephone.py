"""Telephone numbers in any spelling, told by their digits.

The library `phonenumbers` (Apache-2.0, 8 MB of tables) knows every country's formats, but it looks for
whatever may be a number, in one region. A moderator has the number; all that must be known of the
world is where its country code ends, which is one line of ITU-T E.164.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise, product
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from monitor.engine.text import Span

SHORTEST: Final = 7
"""Digits of a number with its country code; fewer could be anything."""

_CODES_OF_TWO: Final = re.compile(r"2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]")
_GROUP: Final = re.compile(r"[^\W_]+")
_GAP: Final = re.compile(r"(?:[^\w\n,]|_){0,3}\Z")
_AMONG_LETTERS: Final = re.compile(r"[^\W\d_]+(\d{7,})[^\W\d_]*|(\d{7,})[^\W\d_]+")
_ADDRESS_OF_A_MACHINE: Final = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}\Z")
_KEYPAD: Final = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "22233344455566677778889999")
_LOOKALIKES: Final = str.maketrans("OoIlSZBg", "00115289")
_MOST_GROUPS: Final = 15
_MOST_DIGITS: Final = 18
_MOST_READINGS: Final = 8
_MOST_STARTS: Final = 500
"""Groups of one text from which on a number is looked for, which bounds the work."""

_BEFORE: Final = re.compile(r"^(?:0+|011)")
"""What is dialled before a number: zeros, and 011 out of North America."""


@lru_cache(maxsize=256)
def spellings(numbers: frozenset[str]) -> frozenset[str]:
    """Return the digits by which these numbers, given with their country codes, may be told.

    With the code and without it; leading zeros, which may be dialled or not, are left out.
    """
    inland = {number[_code_length(number) :].lstrip("0") for number in numbers}
    return frozenset(
        {number.lstrip("0") for number in numbers} | {each for each in inland if len(each) >= SHORTEST}
    )


def _code_length(number: str) -> int:
    if number[0] in "17":
        return 1
    return 2 if _CODES_OF_TWO.match(number) else 3


def numbers_in(text: str, wanted: frozenset[str]) -> Iterator[Span]:
    """Yield where one of the wanted spellings stands.

    Groups may be divided by up to three marks or spaces. Letters that look like digits count as them
    inside a group with digits; whole words as the keys of a telephone (`1-800-FLOWERS`). Letters may touch
    a number that stands in one piece.
    """
    starts = 0
    for row in _rows(text):
        first = 0
        while first < len(row) and starts < _MOST_STARTS:
            last = 0
            if any(map(str.isdigit, row[first][0])):
                starts += 1
                last = _found(text, row[first : first + _MOST_GROUPS], wanted)
            if last:
                yield row[first].start(), row[first + last - 1].end()
            first += last or 1


def _rows(text: str) -> Iterator[list[re.Match[str]]]:
    """Yield groups that stand near one another; none of a text without a digit."""
    row: list[re.Match[str]] = []
    groups = list(_GROUP.finditer(text)) if any(map(str.isdigit, text)) else []
    for before, group in pairwise([None, *groups]):
        if group is None:
            continue
        if before is not None and not _GAP.match(text, before.end(), group.start()):
            yield row
            row = []
        row.append(group)
    if row:
        yield row


def _found(text: str, groups: Sequence[re.Match[str]], wanted: frozenset[str]) -> int:
    """Return how many of these groups, from the first, are a wanted number; 0 where none are."""
    ways = [""]
    longest = 0
    for count, group in enumerate(groups, start=1):
        ways = [way + digits for way, digits in product(ways, _readings(group[0]))]
        ways = [way for way in ways if len(way) <= _MOST_DIGITS][:_MOST_READINGS]
        if not ways:
            break
        if any(_BEFORE.sub("", way) in wanted or way.lstrip("0") in wanted for way in ways):
            longest = count
    whole = text[groups[0].start() : groups[longest - 1].end()] if longest else ""
    return 0 if _ADDRESS_OF_A_MACHINE.match(whole) else longest


def _readings(group: str) -> Sequence[str]:
    """Return the digits that a group may stand for."""
    plain = group if group.isascii() else unicodedata.normalize("NFKC", group)
    if plain.isdigit():
        return (plain,)
    read = {plain.translate(_LOOKALIKES), plain.upper().translate(_KEYPAD)}
    if among := _AMONG_LETTERS.fullmatch(plain):
        read.add(among[1] or among[2])
    return sorted(each for each in read if each.isascii() and each.isdigit())
