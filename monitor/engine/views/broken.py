"""Words broken in pieces: `idi.ot`, `tur/nip`, `tu rn ip`.

Pieces say nothing by themselves, and ordinary text is full of them (`and/or`, `e.g.`, `as it is`). So only
words that some rule looks for are put together: of four letters or more around marks, and around white
space of five or more in three pieces at least, none of them longer than two letters.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Final, TypeAlias

from monitor.engine.views.edits import Edit
from monitor.engine.views.leet import LINK

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Sequence

    _Broken: TypeAlias = tuple[re.Match[str], int, int]

_MARK: Final = r"[.,/|;:\\]"
_SUSPICIOUS: Final = re.compile(rf"{_MARK}(?<=[^\W\d_].){_MARK}{{0,2}}(?=[^\W\d_])")
_LETTER: Final = r"[^\W\d_]"
_MARKED: Final = re.compile(rf"(?<!\w){_LETTER}+(?:{_MARK}{{1,3}}{_LETTER}+)+(?!\w)")
_SHORT: Final = rf" {{1,2}}{_LETTER}{{1,2}}"
_SPACED: Final = re.compile(
    rf"(?<!\S){_LETTER}{{1,2}}{_SHORT}(?![\w']){_SHORT}(?![\w'])(?:{_SHORT}(?![\w']))*"
)
_PIECE: Final = re.compile(r"[^\W\d_]+")

_FEWEST_SPACED: Final = 3
_SHORTEST_SPACED: Final = 5
HEAD: Final = 4
"""Letters of a word's beginning that are looked up; no word that is looked for is shorter."""

_MOST_PIECES: Final = 10
"""No word of interest comes in more."""

_MOST_TRIES: Final = 300
"""As many beginnings of words are tried in one comment, which bounds the work."""


def undo(text: str, known: Callable[[str], bool], heads: Container[str]) -> list[Edit]:
    """Return which pieces are one of the words that are `known`.

    `heads` are the beginnings of these words, of every length up to `HEAD`, by which most pieces are
    passed over at once.
    """
    edits: list[Edit] = []
    placed: dict[int, list[re.Match[str]]] = {}
    for start, pieces, (found, fewest, shortest) in islice(_beginnings(text, heads), _MOST_TRIES):
        count, word = _word(pieces[start : start + _MOST_PIECES], fewest, shortest, known)
        if count:
            if found.start() not in placed:
                placed[found.start()] = list(_PIECE.finditer(text, *found.span()))
            places = placed[found.start()]
            edits.append(Edit(places[start].start(), places[start + count - 1].end(), (word,)))
    return _apart(edits)


def _beginnings(text: str, heads: Container[str]) -> Iterator[tuple[int, Sequence[str], _Broken]]:
    """Yield the numbers of the pieces that a word may begin with, with all pieces in a row."""
    for broken in _broken(text):
        pieces = _PIECE.findall(broken[0][0])
        for start in range(len(pieces) - broken[1] + 1):
            if f"{pieces[start]}{pieces[start + 1]}"[:HEAD] in heads:
                yield start, pieces, broken


def _broken(text: str) -> Iterator[_Broken]:
    """Yield neighbouring pieces; how many are needed at least, and of how many letters together."""
    for found in _SPACED.finditer(text):
        yield found, _FEWEST_SPACED, _SHORTEST_SPACED
    if _SUSPICIOUS.search(text):
        links = [link.span() for link in LINK.finditer(text)]
        for found in _MARKED.finditer(text):
            while links and links[0][1] <= found.start():
                links.pop(0)
            if not links or found.end() <= links[0][0]:
                yield found, 2, 1


def _word(pieces: Sequence[str], fewest: int, shortest: int, known: Callable[[str], bool]) -> tuple[int, str]:
    """Return the longest known word that the first pieces are, and how many those are; 0 where none is."""
    for end in range(len(pieces), fewest - 1, -1):
        word = "".join(pieces[:end])
        if len(word) >= shortest and known(word):
            return end, word
    return 0, ""


def _apart(edits: Iterable[Edit]) -> list[Edit]:
    """Return the edits in order, of those that overlap the first."""
    kept: list[Edit] = []
    for edit in sorted(edits, key=lambda edit: edit.start):
        if not kept or kept[-1].end <= edit.start:
            kept.append(edit)
    return kept
