"""Letters pulled apart or repeated, and accents: `i d i o t`, `i.d.i.o.t`, `idiooot`, `ïdïöt`."""

from __future__ import annotations

import re
import unicodedata
from itertools import islice, product
from statistics import mode
from typing import TYPE_CHECKING, Final

import regex

from monitor.engine.views.edits import Edit
from monitor.engine.views.lookalikes import by_name
from monitor.engine.words import REMEMBERED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_SIGN: Final = r"[^\W_]"
_SYMBOL: Final = r"[\w@$€!|+¢£]"
_SPACED: Final = re.compile(r"\s\S\s{1,3}\S(?!\S)")
_PARTED: Final = re.compile(
    r"[!-/:-@\[-`{-~\u00a0-\u00bf\u2000-\u2bff\u3000-\u303f\U0001f000-\U0001faff]\s{0,2}[^\W_](?:[^\w\s]|_)"
)
"""The gates: signs that stand alone between white space, or between marks. Each begins with what is rare."""

_APART: Final = re.compile(
    rf"(?P<symbols>(?<!\S){_SYMBOL}(?:\s{{1,2}}{_SYMBOL}(?![^\s.,;:?!'])){{2,}})"
    rf"|(?<!{_SIGN}){_SIGN}(?:(?:\W|_){{1,3}}{_SIGN}(?!{_SIGN})){{2,}}"
)
_SPACE: Final = re.compile(r"\s+")
_GAP: Final = re.compile(r"[\W_]+")
_ARTICLES: Final = frozenset("aeiouyàéл")
_FEWEST_LETTERS: Final = 2
_WITH_ARTICLE: Final = 4

_MARKS: Final = r"*~|•·^_\-\u2190-\u2bff\u3030\u303d\U0001f000-\U0001faff"
_WEDGE: Final = re.compile(rf"[{_MARKS}](?:(?<=[^\W\d_].)[{_MARKS}]*(?=[^\W\d_]))")

_TRIPLED: Final = re.compile(r"(\w)\1\1")
_DOUBLED: Final = re.compile(r"(.)\1(.)\2(.)\3")
"""The gates: a letter three times, or three letters that are each doubled."""

_WORD: Final = re.compile(r"[^\W\d_]+")
_LONGEST_WORD: Final = 100
_RUN: Final = re.compile(r"(.)\1{2,}")
_ALL_REPEATED: Final = re.compile(r"(?:(.)\1++){3,}+")
_LETTERS: Final = re.compile(r"(.)\1*")
_MOST_RUNS: Final = 2
_MOST_DOUBLED: Final = 5

_WITH_MARKS: Final = re.compile(
    "[\u00c0-\u024f\u1e00-\u1fff\u0370-\u03ff\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u064b-\u0652\u0670"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u2c60-\u2c7f\ufe20-\ufe2f]"
)


def _is_mark_of_another_script(char: str) -> bool:
    return unicodedata.category(char)[0] == "M" and not _WITH_MARKS.match(char)


_STROKES: Final = {**by_name((*range(0x100, 0x250), *range(0x2C60, 0x2C80))), "ø": "o", "æ": "ae", "œ": "oe"}
_MARK: Final = regex.compile(
    "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
    "\u064b-\u0652\u0670\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7]"
)
"""Marks without which the word can still be read: of Latin and Greek, the vowel signs of Arabic and Hebrew.

Those of other scripts are letters to their readers; й and ё are composed before and stay.
"""
_OTHER_MARKS: Final = re.compile(
    f"[{''.join(char for char in map(chr, range(0x0300, 0x1D00)) if _is_mark_of_another_script(char))}]+"
)
"""Where these stand on a Latin letter they only disfigure it."""

_LATIN: Final = re.compile("[a-z]")
_ACCENTED: Final = regex.compile(r"[\p{Latin}\p{Greek}]\p{M}+")


def join(text: str) -> list[Edit]:
    """Return which letters that stand apart may be one word."""
    if not (_SPACED.search(text) or _PARTED.search(text)):
        return []
    return [
        edit
        for found in _APART.finditer(text)
        if sum(map(str.isalpha, found[0])) >= _FEWEST_LETTERS
        for edit in _words(found[0], found.start(), _SPACE if found["symbols"] else _GAP)
    ]


def _words(apart: str, start: int, between: re.Pattern[str]) -> Iterator[Edit]:
    """Yield the words that letters apart are; gaps that are wider than usual part them."""
    gaps = list(between.finditer(apart))
    usual = mode(gap[0] for gap in gaps)
    wide = [gap.span() for gap in gaps if len(gap[0]) > len(usual) and _SPACE.search(gap[0])]
    done = 0
    for end, after in [*wide, (len(apart), 0)]:
        if readings := _joined(apart[done:end], between, by_space=_SPACE.search(usual) is not None):
            yield Edit(start + done, start + end, readings)
        done = after


def _joined(apart: str, between: re.Pattern[str], *, by_space: bool) -> tuple[str, ...]:
    """Return the letters without what parts them; white space among other marks may part words.

    A first letter that may be a word of its own gives two readings, one after the other.
    """
    gaps = between.findall(apart)
    if not gaps:
        return ()
    letters = between.split(apart)
    spaced = letters[0] + "".join(
        f" {letter}" if not by_space and _SPACE.search(gap) else letter
        for gap, letter in zip(gaps, letters[1:], strict=True)
    )
    alone = letters[0] in _ARTICLES and gaps[0][:1].isspace()
    return tuple(
        f"{word} {word[1:]}" if alone and len(word) > _WITH_ARTICLE else word
        for word in dict.fromkeys((spaced, "".join(letters)))
    )


def unwedge(text: str) -> list[Edit]:
    """Return the marks and emoji between letters."""
    return [Edit(found.start(), found.end(), ("",)) for found in _WEDGE.finditer(text)]


def calm(text: str) -> list[Edit]:
    """Return which words with repeated letters may be shorter ones."""
    if not (_TRIPLED.search(text) or _DOUBLED.search(text)):
        return []
    return [
        Edit(word.start(), word.end(), readings)
        for word in _WORD.finditer(text)
        if len(word[0]) <= _LONGEST_WORD and (readings := tuple(dict.fromkeys(_shorter(word[0]))))
    ]


def _shorter(word: str) -> Iterator[str]:
    """Yield how the word reads with fewer letters: as often each as all are, or runs cut to one or two."""
    if _ALL_REPEATED.fullmatch(word):
        lengths = [len(run[0]) for run in _LETTERS.finditer(word)]
        yield _with_runs(_LETTERS, word, (min(length // min(lengths), 2) for length in lengths))
    runs = _RUN.findall(word)
    if not runs:
        return
    for lengths_of_runs in _choices(len(runs)):
        yield _with_runs(_RUN, word, lengths_of_runs)


def _choices(runs: int) -> Iterable[Sequence[int]]:
    """Return how long the runs of a word may be; of many all alike, or one of them twice the others."""
    if runs <= _MOST_RUNS:
        return product((1, 2), repeat=runs)
    doubled = ([2 if at == double else 1 for at in range(runs)] for double in reversed(range(runs)))
    return ([1] * runs, [2] * runs, *islice(doubled, _MOST_DOUBLED))


def _with_runs(runs: re.Pattern[str], word: str, lengths: Iterable[int]) -> str:
    """Return the word with its runs of letters cut to these lengths."""
    left = iter(lengths)
    return runs.sub(lambda run: run[1] * next(left), word)


class _Plain(dict[str, str]):
    """Characters without their accents, worked out when first met; bounded, whatever texts bring."""

    def __missing__(self, char: str) -> str:
        plain = _STROKES.get(char) or _without_marks(char)
        if len(self) < REMEMBERED:
            self[char] = plain
        return plain


def _without_marks(char: str) -> str:
    parts = unicodedata.normalize("NFD", char)
    if len(parts) == 1 or _ACCENTED.fullmatch(parts):
        return str(_MARK.sub("", parts))
    return char


_PLAIN: Final = _Plain()


def unaccent(text: str) -> list[Edit]:
    """Return the accents."""
    return sorted(_accents(text), key=lambda edit: edit.start)


def _accents(text: str) -> Iterator[Edit]:
    if text.isascii():
        return
    for found in _WITH_MARKS.finditer(text):
        plain = _PLAIN[found[0]]
        if plain != found[0]:
            yield Edit(found.start(), found.end(), (plain,))
    for found in _OTHER_MARKS.finditer(text):
        if _LATIN.match(_PLAIN[text[found.start() - 1]]):
            yield Edit(found.start(), found.end(), ("",))


def without_accents(text: str) -> str:
    """Return an entry as it is looked for where accents do not count."""
    return text if text.isascii() else "".join(map(_PLAIN.__getitem__, text))
