"""Words with marks in place of some letters: `f*ck`, `cr#p`, `s**t`.

A mark stands for any letters, so that much could be meant. Only words that some rule looks for
are tried, of four letters or more, whose first letter is given, and two letters at least.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import islice
from typing import TYPE_CHECKING, Final

import regex

from monitor.engine.views import broken
from monitor.engine.views.edits import Edit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_MASK: Final = r"(?:[*#%&^•·\u00d7~=?@$!+]|\p{So}|[-_](?![-_])|[-_.]{2,})+"
_SUSPICIOUS: Final = re.compile(r"[*#%&^•·\u00d7~=?@$!+\-_.\u2190-\u2bff\U0001f000-\U0001faff](?=[^\W\d_])")
_MASKED: Final = regex.compile(rf"(?<![\p{{L}}\p{{N}}])\p{{L}}+(?:{_MASK}\p{{L}}+)+(?![\p{{L}}\p{{N}}])")
_MARKS: Final = regex.compile(_MASK)
_SHORTEST: Final = 4
_FEWEST_GIVEN: Final = 2
_MOST_WORDS: Final = 30
"""As many different masked words of one comment are tried, which bounds the work."""

_MOST_READINGS: Final = 20
_PLAIN_MASKS: Final = frozenset("*#%")
"""Where two letters are given these only stand for others: `Q&A` and `R+D` are what they are."""

_WEAK: Final = frozenset("-_")
"""One of these may be an ordinary hyphen, so that it stands for exactly one letter."""


class Vocabulary:
    """The words that masked ones are compared with; `open` ones may go on (`idiot*`)."""

    def __init__(self, words: Iterable[tuple[str, bool]]) -> None:
        kept = sorted({(word, goes_on) for word, goes_on in words if len(word) >= _SHORTEST})
        self._words = [word for word, _ in kept]
        self._open = [goes_on for _, goes_on in kept]
        self._known = frozenset(self._words)
        self._beginnings = frozenset(word for word, goes_on in kept if goes_on)
        self._heads = frozenset(word[:length] for word in self._words for length in range(1, broken.HEAD + 1))
        self._lengths = sorted({len(word) for word in self._beginnings})

    def undo(self, text: str) -> list[Edit]:
        """Return which words that are masked or in pieces may be which words of these."""
        if not self._words:
            return []
        edits = self._unmask(text)
        taken = {at for edit in edits for at in range(edit.start, edit.end)}
        mended = [
            edit
            for edit in broken.undo(text, self._knows, self._heads)
            if taken.isdisjoint(range(edit.start, edit.end))
        ]
        return sorted([*edits, *mended], key=lambda edit: edit.start)

    def _knows(self, word: str) -> bool:
        return word in self._known or any(word[:length] in self._beginnings for length in self._lengths)

    def _unmask(self, text: str) -> list[Edit]:
        known: dict[str, tuple[str, ...]] = {}
        edits: list[Edit] = []
        for found in _masked(text):
            if found[0] not in known and len(known) < _MOST_WORDS:
                fitting = " ".join(islice(self._fitting(found[0]), _MOST_READINGS))
                known[found[0]] = (fitting,) if fitting else ()
            if readings := known.get(found[0]):
                edits.append(Edit(found.start(), found.end(), readings))
        return edits

    def _fitting(self, masked: str) -> Iterator[str]:
        parts, marks = _MARKS.split(masked), _MARKS.findall(masked)
        given = sum(map(len, parts))
        if given < _FEWEST_GIVEN or (given == _FEWEST_GIVEN and not _PLAIN_MASKS.issuperset("".join(marks))):
            return
        exact = len(masked) if _WEAK.intersection(marks) else None
        first = parts[0]
        for index in range(bisect_left(self._words, first), len(self._words)):
            word = self._words[index]
            if not word.startswith(first):
                return
            ending = _ending(word, parts, goes_on=self._open[index])
            if ending is not None and exact in {None, len(word) + len(ending)}:
                yield word + ending


def _masked(text: str) -> Iterator[regex.Match[str]]:
    """Yield the masked words, looked for only in what stands around a mark without white space."""
    done = 0
    for mark in _SUSPICIOUS.finditer(text):
        if mark.start() < done:
            continue
        start = max(text.rfind(" ", 0, mark.start()) + 1, done)
        done = text.find(" ", mark.end())
        done = len(text) if done < 0 else done
        yield from _MASKED.finditer(text, start, done)


def _ending(word: str, parts: list[str], *, goes_on: bool) -> str | None:
    """Return what the masked text has beyond the word, mostly nothing; None where it cannot be the word."""
    at = len(parts[0])
    for part in parts[1:-1]:
        at = word.find(part, at + 1)
        if at < 0:
            return None
        at += len(part)
    last = parts[-1]
    for cut in range(len(last), 0 if goes_on else len(last) - 1, -1):
        if word.endswith(last[:cut]) and len(word) - cut > at:
            return last[cut:]
    return None
