"""Words with marks in place of some letters: `f*ck`, `cr#p`, `s**t`.

A mark stands for any letters, so that much could be meant. Only words that some rule looks for
are tried, of four letters or more, whose first letter is given, and two letters at least.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING, Final

import regex

from monitor.engine.views import broken
from monitor.engine.views.edits import Edit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_MASK: Final = r"(?:[*#%&^•·\u00d7~=?@$!+]|\p{So}|[-_](?![-_])|[-_.]{2,})+"
_AFTER: Final = r"[*#%&^•·\u00d7~=?@$!+\-_.\u2190-\u2bff\U0001f000-\U0001faff](?=[^\W\d_])"
_SUSPICIOUS: Final = re.compile(_AFTER)
_SUSPICIOUS_TOO: Final = re.compile(rf"{_AFTER}|[*#%](?<=[^\W\d_].)")
"""The gates: the second one is for texts that hold such a mark at all."""

_TAIL: Final = "*#%"
"""At the end of a word these stand for exactly one letter each."""

_MASKED: Final = regex.compile(
    rf"(?<![\p{{L}}\p{{N}}])\p{{L}}+(?:(?:{_MASK}\p{{L}}+)+[{_TAIL}]*+|[{_TAIL}]++)(?![\p{{L}}\p{{N}}])"
)
_MARKS: Final = regex.compile(_MASK)
_SHORTEST: Final = 4
_FEWEST_GIVEN: Final = 2
_FEWEST_BEFORE_TAIL: Final = 3
_MOST_WORDS: Final = 30
"""As many different masked words of one comment are tried, which bounds the work."""

_MOST_READINGS: Final = 20
_PLAIN_MASKS: Final = frozenset("*#%")
"""Where two letters are given these only stand for others: `Q&A` and `R+D` are what they are."""

_WEAK: Final = frozenset("-_")
"""One of these may be an ordinary hyphen, so that it stands for exactly one letter."""


class Vocabulary:
    """The words that masked ones are compared with; `open` ones may go on (`idiot*`).

    `parts` are those that are looked for only among others, in phrases.
    """

    def __init__(self, words: Iterable[tuple[str, bool]], parts: Iterable[tuple[str, bool]] = ()) -> None:
        self._words = sorted({entry for entry in words if len(entry[0]) >= _SHORTEST})
        self._parts = sorted({entry for entry in parts if len(entry[0]) >= _SHORTEST})
        known = [*self._words, *self._parts]
        self._known = frozenset(word for word, _ in known)
        self._beginnings = frozenset(word for word, goes_on in known if goes_on)
        self._heads = frozenset(word[:length] for word in self._known for length in range(1, broken.HEAD + 1))
        self._lengths = sorted({len(word) for word in self._beginnings})

    def undo(self, text: str) -> list[Edit]:
        """Return which words that are masked or in pieces may be which words of these."""
        if not self._known:
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
            masked = found[0].rstrip("*") if _is_emphasis(text, found.start()) else found[0]
            if masked not in known and len(known) < _MOST_WORDS:
                known[masked] = self._readings(masked)
            if readings := known.get(masked):
                edits.append(Edit(found.start(), found.end(), readings))
        return edits

    def _readings(self, masked: str) -> tuple[str, ...]:
        """Return all words that it may be at once, and each one that may be part of a phrase by itself."""
        words = " ".join(_likeliest(masked, self._words))
        return tuple(dict.fromkeys([*([words] if words else []), *_likeliest(masked, self._parts)]))


def _is_emphasis(text: str, at: int) -> bool:
    """Return whether a star was opened in this line before, so that one at the end of a word closes it."""
    return text.count("*", text.rfind("\n", 0, at) + 1, at) % 2 == 1 or text.endswith("**", 0, at)


def _likeliest(masked: str, words: Sequence[tuple[str, bool]]) -> list[str]:
    """Return what it may be, first where each mark stands for one letter."""
    fitting = sorted(_fitting(masked, words), key=lambda word: len(word) != len(masked))
    return fitting[:_MOST_READINGS]


def _fitting(masked: str, words: Sequence[tuple[str, bool]]) -> Iterator[str]:
    """Yield which of these sorted words it may be, each with what it has beyond the word."""
    whole = masked.rstrip(_TAIL)
    parts, marks = _MARKS.split(whole), _MARKS.findall(whole)
    given = sum(map(len, parts))
    weak = _WEAK.intersection(marks)
    last = parts[-1] if whole == masked else ""
    for word, goes_on in _beginning_with(parts[0], words):
        if not goes_on and last and (not word.endswith(last) or (weak and len(word) != len(masked))):
            continue
        if len(whole) < len(masked) == len(word) and given >= _FEWEST_BEFORE_TAIL and _holds(word, parts):
            yield word
        elif marks and _is_enough(given, marks):
            ending = _ending(word, parts, goes_on=goes_on)
            if ending is not None and (not weak or len(whole) == len(word) + len(ending)):
                yield word + ending


def _beginning_with(first: str, words: Sequence[tuple[str, bool]]) -> Iterator[tuple[str, bool]]:
    for index in range(bisect_left(words, (first, False)), len(words)):
        if not words[index][0].startswith(first):
            return
        yield words[index]


def _is_enough(given: int, marks: Iterable[str]) -> bool:
    return given > _FEWEST_GIVEN or (given == _FEWEST_GIVEN and _PLAIN_MASKS.issuperset("".join(marks)))


def _masked(text: str) -> Iterator[regex.Match[str]]:
    """Yield the masked words, looked for only in what stands around a mark without white space."""
    done = 0
    gate = _SUSPICIOUS_TOO if any(mark in text for mark in _TAIL) else _SUSPICIOUS
    for mark in gate.finditer(text):
        if mark.start() < done:
            continue
        start = max(text.rfind(" ", 0, mark.start()) + 1, done)
        done = text.find(" ", mark.end())
        done = len(text) if done < 0 else done
        yield from _MASKED.finditer(text, start, done)


def _ending(word: str, parts: list[str], *, goes_on: bool) -> str | None:
    """Return what the masked text has beyond the word, mostly nothing; None where it cannot be the word."""
    at = _end_of(word, parts[:-1])
    last = parts[-1]
    for cut in range(len(last), 0 if goes_on else len(last) - 1, -1):
        if at is not None and word.endswith(last[:cut]) and len(word) - cut > at:
            return last[cut:]
    return None


def _holds(word: str, parts: Sequence[str]) -> bool:
    """Return whether the parts stand in the word in this order, with something between and after them."""
    end = _end_of(word, parts)
    return end is not None and end < len(word)


def _end_of(word: str, parts: Sequence[str]) -> int | None:
    """Return where the last of these parts ends in the word, which begins with the first."""
    at = len(parts[0])
    for part in parts[1:]:
        at = word.find(part, at + 1)
        if at < 0:
            return None
        at += len(part)
    return at
