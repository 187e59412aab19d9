"""Words broken in pieces: `idi.ot`, `tur/nip`, `tu rn ip`.

Pieces say nothing by themselves, and ordinary text is full of them (`and/or`, `e.g.`, `as it is`). So only
words that some rule looks for are put together: of four letters or more around marks, and around white
space of five or more in three pieces at least, none of them longer than three letters.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import regex

from monitor.engine.views.edits import Edit
from monitor.engine.views.leet import LINK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_MARK: Final = r"[.,/|;:\\]"
_SUSPICIOUS: Final = re.compile(rf"{_MARK}(?<=[^\W\d_].){_MARK}{{0,2}}(?=[^\W\d_])")
_MARKED: Final = regex.compile(
    rf"(?<![\p{{L}}\p{{N}}])\p{{L}}+(?:{_MARK}{{1,3}}\p{{L}}+)+(?![\p{{L}}\p{{N}}])"
)
_SPACED: Final = regex.compile(r"(?<!\S)\p{L}{1,3}(?: {1,2}\p{L}{1,3}(?![\p{L}\p{N}'])){2,}")
_PIECE: Final = re.compile(r"[^\W\d_]+")

_FEWEST_SPACED: Final = 3
_SHORTEST_SPACED: Final = 5
_MOST_PIECES: Final = 10
"""No word of interest comes in more."""

_MOST_TRIES: Final = 300
"""As many beginnings of words are tried in one comment, which bounds the work."""


def undo(text: str, known: Callable[[str], bool]) -> list[Edit]:
    """Return which pieces are one of the words that are `known`."""
    edits: list[Edit] = []
    tries = 0
    for pieces, fewest, shortest in _broken(text):
        first = 0
        while first + fewest <= len(pieces) and tries < _MOST_TRIES:
            end, word = _word(pieces[first : first + _MOST_PIECES], fewest, shortest, known)
            if end:
                edits.append(Edit(pieces[first].start(), pieces[first + end - 1].end(), (word,)))
            first += end or 1
            tries += 1
    return sorted(edits, key=lambda edit: edit.start)


def _broken(text: str) -> Iterator[tuple[Sequence[re.Match[str]], int, int]]:
    """Yield neighbouring pieces; how many are needed at least, and of how many letters together."""
    for found in _SPACED.finditer(text):
        yield list(_PIECE.finditer(text, *found.span())), _FEWEST_SPACED, _SHORTEST_SPACED
    if _SUSPICIOUS.search(text):
        links = [link.span() for link in LINK.finditer(text)]
        for found in _MARKED.finditer(text):
            while links and links[0][1] <= found.start():
                links.pop(0)
            if not links or found.end() <= links[0][0]:
                yield list(_PIECE.finditer(text, *found.span())), 2, 1


def _word(
    pieces: Sequence[re.Match[str]], fewest: int, shortest: int, known: Callable[[str], bool]
) -> tuple[int, str]:
    """Return the longest known word that the first pieces are, and how many those are; 0 where none is."""
    for end in range(len(pieces), fewest - 1, -1):
        word = "".join(piece[0] for piece in pieces[:end])
        if len(word) >= shortest and known(word):
            return end, word
    return 0, ""
