"""Words broken in pieces: `idi.ot`, `tur/nip`, `tu rn ip`.

Pieces say nothing by themselves, and ordinary text is full of them (`and/or`, `e.g.`, `as it is`). So only
words that some rule looks for are put together: of four letters or more around marks, and around white
space of five or more in three pieces at least, none of them longer than three letters.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from monitor.engine.views.edits import Edit
from monitor.engine.views.leet import LINK

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Sequence

_MARK: Final = r"[.,/|;:\\]"
_SUSPICIOUS: Final = re.compile(rf"{_MARK}(?<=[^\W\d_].){_MARK}{{0,2}}(?=[^\W\d_])")
_LETTER: Final = r"[^\W\d_]"
_MARKED: Final = re.compile(rf"(?<!\w){_LETTER}+(?:{_MARK}{{1,3}}{_LETTER}+)+(?!\w)")
_SHORT: Final = rf" {{1,2}}{_LETTER}{{1,3}}"
_SPACED: Final = re.compile(
    rf"(?<!\S){_LETTER}{{1,3}}{_SHORT}(?![\w']){_SHORT}(?![\w'])(?:{_SHORT}(?![\w']))*"
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
    tries = 0
    for found, fewest, shortest in _broken(text):
        pieces = _PIECE.findall(found[0])
        for first in range(len(pieces) - fewest + 1):
            if tries < _MOST_TRIES and f"{pieces[first]}{pieces[first + 1]}"[:HEAD] in heads:
                tries += 1
                end, word = _word(pieces[first : first + _MOST_PIECES], fewest, shortest, known)
                if end:
                    edits.append(_edit(found, first, first + end - 1, word))
    return _apart(edits)


def _broken(text: str) -> Iterator[tuple[re.Match[str], int, int]]:
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


def _edit(found: re.Match[str], first: int, last: int, word: str) -> Edit:
    places = list(_PIECE.finditer(found.string, found.start(), found.end()))
    return Edit(places[first].start(), places[last].end(), (word,))


def _apart(edits: Iterable[Edit]) -> list[Edit]:
    """Return the edits in order, of those that overlap the first."""
    kept: list[Edit] = []
    for edit in sorted(edits, key=lambda edit: edit.start):
        if not kept or kept[-1].end <= edit.start:
            kept.append(edit)
    return kept
