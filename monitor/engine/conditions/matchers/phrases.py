"""`phrases`: words in order, whatever stands between them that is no word."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

import regex

from monitor.engine.conditions.forms import Form
from monitor.engine.conditions.matchers import doubts
from monitor.engine.conditions.matchers.inside import Inside
from monitor.engine.scanning import MAX_SPANS, Budget, Probe, spoken
from monitor.engine.words import SEPARATORS, Kind, is_border, kind, word_end, word_start

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.engine.conditions.matchers.entries import Entries, Starred
    from monitor.engine.cursor import Cursor
    from monitor.engine.text import Span

_WORD: Final = regex.compile(r"[\p{L}\p{Mn}\p{Mc}\p{N}]+(?:'[\p{L}\p{Mn}\p{Mc}]+)*")


FORM: Final = Form(
    says="words in this order, with anything between them that is no word",
    kind="texts",
    example="text: {phrases: [we know where you live]}",
)


class Phrase(Probe):
    """Words with at least one white space, line break, punctuation mark or symbol between them.

    In scripts without spaces nothing need stand between. The pattern is made when the first
    candidate turns up: most phrases of a large book never have one.
    """

    __slots__ = ("_ends", "_opens", "_pattern", "_words")

    def __init__(self, entry: str, words: Sequence[str], starred: Starred) -> None:
        super().__init__(entry, "spoken", _needle(words))
        self._opens = starred.opens
        self._ends = starred.ends
        self._words = words
        self.parts = _parts(words, starred)
        self._pattern: regex.Pattern[str] | None = None

    def confirm(self, text: str, places: Sequence[Span], budget: Budget) -> list[Span]:
        """Return where the words follow one another."""
        del places, budget  # another reading's; and each word is looked at a few times at most
        if self._pattern is None:
            self._pattern = regex.compile(_pattern(self._words))
        found: list[Span] = []
        for match in self._pattern.finditer(text, overlapped=True):
            start, end = match.span()
            if (self._opens or is_border(text, start)) and (self._ends or is_border(text, end)):
                first = word_start(text, start) if self._opens else start
                found.append((first, word_end(text, end) if self._ends else end))
                if len(found) == MAX_SPANS:
                    break
        return found


def read(cursor: Cursor, entries: Entries) -> list[Probe]:
    """Read a list of phrases."""
    probes: list[Probe] = []
    known: list[tuple[Cursor, str, Starred]] = []
    for written, place in cursor.words():
        starred = entries.starred(place, written)
        known += [(place, written, starred)] if starred else []
        if starred and entries.inside:
            probes.append(entries.share(Inside(written, starred.text, frozenset())))
        elif starred and (probe := phrase(place, written, starred)):
            probes.append(entries.share(probe, starred))
    if entries.is_plain:
        doubts.of_doubles(known)
    return probes


def phrase(cursor: Cursor, written: str, starred: Starred) -> Phrase | None:
    """Return the probe of one phrase; None where it holds no word, which is reported."""
    words = [found[0] for found in _WORD.finditer(starred.text)]
    if not words:
        cursor.error(f"`{written}` holds no word", "use `contains` for marks")
        return None
    return Phrase(written, words, starred)


def _parts(words: Sequence[str], starred: Starred) -> tuple[tuple[str, bool], ...]:
    """Return the words of which the beginning is known, each with whether it may go on."""
    last = len(words) - 1
    return tuple(
        (word, starred.ends and at == last) for at, word in enumerate(words) if at or not starred.opens
    )


def _touching(left: str, right: str) -> bool:
    """Return whether these words may stand side by side in their script."""
    return kind(left[-1]) is Kind.SPACELESS and kind(right[0]) is Kind.SPACELESS


def _pattern(words: Sequence[str]) -> str:
    pattern: str = regex.escape(words[0])
    for left, right in pairwise(words):
        between = f"(?:{SEPARATORS})?" if _touching(left, right) else SEPARATORS
        pattern += between + regex.escape(right)
    return pattern


def _needle(words: Sequence[str]) -> str:
    """Return the longest run of words that always have something between them."""
    runs = [words[0]]
    for left, right in pairwise(words):
        if _touching(left, right):
            runs.append(right)
        else:
            runs[-1] += " " + right
    return spoken(max(runs, key=len))
