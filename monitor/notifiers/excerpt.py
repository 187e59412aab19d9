"""The words that matched, in their context, made safe to show.

What a stranger wrote goes onto the terminal and into the chat of the people who look after the
site. So nothing in it may act there: no escape sequence, no control character, no letter that
turns the rest of the line around.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import regex

AROUND: Final = 60
"""Characters shown before and after what matched."""

MOST_PLACES: Final = 3
"""Places of one comment that are shown."""

_LONGEST_MATCH: Final = 160
_TO_A_WORD: Final = 16
_CUT: Final = "…"

_SPACES: Final = regex.compile(r"\s+")
_UNSEEN: Final = regex.compile(r"[\p{Cc}\p{Cf}\p{Cs}\p{Co}--[\u200C\u200D]]", regex.V1)
_PILED: Final = regex.compile(r"(\p{M}{4})\p{M}+")
_DELETE: Final = 0x7F
_CONTROL_PICTURES: Final = 0x2400

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that either matched or stands around what did."""

    text: str
    matched: bool = False


def safe(text: str) -> str:
    """Return the text on one line, with nothing in it that could act on a terminal or hide.

    Control characters become visible signs (␛), invisible ones and those that turn the writing
    direction go, and marks piled on one letter end at four. The two joiners that scripts and
    emoji need stay.
    """
    shown: str = _PILED.sub(r"\1", _UNSEEN.sub(_seen, _SPACES.sub(" ", text)))
    return shown


def excerpt(text: str, spans: Iterable[Span], *, around: int = AROUND) -> tuple[Piece, ...]:
    """Return what matched with about `around` characters of context, at most three places of it.

    Without spans (a rule that looked at no words) it is the beginning of the text.
    """
    merged = _merged(sorted((max(start, 0), min(end, len(text))) for start, end in spans))
    if not merged:
        end = _word_end(text, 2 * around)
        return _pieces([Piece(text[:end] + (_CUT if end < len(text) else ""))])
    places = _places(text, merged, around)[:MOST_PLACES]
    pieces = [Piece(_CUT if places[0][0] > 0 else "")]
    for number, place in enumerate(places):
        pieces += [Piece(f" {_CUT} ")] if number else []
        pieces += _place(text, place, [span for span in merged if place[0] <= span[0] < place[1]])
    pieces += [Piece(_CUT if places[-1][1] < len(text) else "")]
    return _pieces(pieces)


def _seen(found: regex.Match[str]) -> str:
    code = ord(found[0])
    if code < ord(" "):
        return chr(_CONTROL_PICTURES + code)
    if code == _DELETE:
        return "␡"
    return "" if regex.match(r"\p{Cf}", found[0]) else "\N{REPLACEMENT CHARACTER}"


def _merged(spans: Sequence[Span]) -> list[Span]:
    """Return sorted spans without empty ones, those that touch made one."""
    merged: list[Span] = []
    for start, end in spans:
        if start >= end:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def _places(text: str, spans: Sequence[Span], around: int) -> list[Span]:
    return _merged(
        [(_word_start(text, start - around), _word_end(text, end + around)) for start, end in spans]
    )


def _word_start(text: str, at: int) -> int:
    """Return the first word's beginning at or after `at`, if there is one near."""
    if at <= 0:
        return 0
    space = _SPACES.search(text, at - 1, at + _TO_A_WORD)
    return space.end() if space else at


def _word_end(text: str, at: int) -> int:
    """Return the last word's end at or before `at`, if there is one near."""
    if at >= len(text):
        return len(text)
    spaces = list(_SPACES.finditer(text, max(at - _TO_A_WORD, 0), at + 1))
    return spaces[-1].start() if spaces else at


def _place(text: str, place: Span, spans: Sequence[Span]) -> Iterator[Piece]:
    start, end = place
    for first, last in spans:
        yield Piece(text[start:first])
        yield Piece(_shortened(text[first:last]), matched=True)
        start = last
    yield Piece(text[start:end])


def _shortened(words: str) -> str:
    if len(words) <= _LONGEST_MATCH:
        return words
    half = _LONGEST_MATCH // 2
    return f"{words[:half]} {_CUT} {words[-half:]}"


def _pieces(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """Return what there is to show, each piece made safe."""
    clean = (Piece(safe(piece.text), piece.matched) for piece in pieces)
    return tuple(piece for piece in clean if piece.text)
