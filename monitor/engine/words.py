"""Where words begin and end.

A word is letters, marks and inner apostrophes. White space, punctuation, `_`, symbols and emoji
end it; so does a digit beside a letter. Scripts that are written without spaces have no borders
inside that could be trusted, so that every place between two of their letters counts as one.
"""

from __future__ import annotations

import unicodedata
from enum import IntEnum
from typing import Final

import regex

_LETTER: Final = r"\p{L}\p{Mn}\p{Mc}"
WITHOUT_SPACES: Final = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\u30fc\uff70"
_SPACELESS: Final = regex.compile(f"[{WITHOUT_SPACES}]")

SEPARATORS: Final = rf"(?!'[{_LETTER}])[^{_LETTER}\p{{N}}]++"
"""What may stand between the words of a phrase: anything that ends a word, but no digit."""

_SPACED: Final = rf"(?:(?![{WITHOUT_SPACES}])[{_LETTER}])"
_STARTS: Final = rf"(?:(?={_SPACED})(?<!{_SPACED}'?)|(?=\p{{N}})(?<!\p{{N}})|(?!{_SPACED}|\p{{N}}))"
_ENDS: Final = (
    rf"(?:(?<={_SPACED})(?!'?{_SPACED})|(?<=\p{{N}})(?!\p{{N}})|(?<!{_SPACED}|\p{{N}}))(?![\p{{Mn}}\p{{Mc}}])"
)
_PLAIN: Final = "[A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u00ff]+"
_LETTERS_AFTER: Final = regex.compile(_PLAIN)
_LETTERS_BEFORE: Final = regex.compile(f"(?r){_PLAIN}")
"""Between two of these letters no word begins or ends, so that long words are passed at once."""

REMEMBERED: Final = 20_000
"""As many characters are kept in a table that fills itself; more than any community writes with."""


class Kind(IntEnum):
    """What a character is to a word."""

    OUTSIDE = 0
    LETTER = 1
    DIGIT = 2
    SPACELESS = 3
    MARK = 4
    SPACELESS_MARK = 5
    APOSTROPHE = 6


class _Kinds(dict[str, Kind]):
    """Kinds by character, worked out when first met; bounded, whatever texts bring."""

    def __missing__(self, char: str) -> Kind:
        kind = _kind(char)
        if len(self) < REMEMBERED:
            self[char] = kind
        return kind


def _kind(char: str) -> Kind:
    if char == "'":
        return Kind.APOSTROPHE
    category = unicodedata.category(char)
    spaceless = _SPACELESS.match(char)
    if category in {"Mn", "Mc"}:
        return Kind.SPACELESS_MARK if spaceless else Kind.MARK
    if category[0] == "N":
        return Kind.DIGIT
    if category[0] == "L":
        return Kind.SPACELESS if spaceless else Kind.LETTER
    return Kind.OUTSIDE


_KINDS: Final = _Kinds()
_MARKS: Final = (Kind.MARK, Kind.SPACELESS_MARK)
_INNER: Final = (Kind.LETTER, Kind.MARK)


def whole(pattern: str) -> str:
    """Return a pattern that matches where this one does and the borders of words stand on both sides."""
    return f"{_STARTS}(?:{pattern}){_ENDS}"


def kind(char: str) -> Kind:
    """Return what this character is to a word."""
    return _KINDS[char]


def is_border(text: str, at: int) -> bool:
    """Return whether a word may begin or end between `text[at - 1]` and `text[at]`."""
    if at <= 0 or at >= len(text):
        return True
    before, after = _KINDS[text[at - 1]], _KINDS[text[at]]
    if after in _MARKS:
        return False
    if before is Kind.OUTSIDE or after is Kind.OUTSIDE:
        return True
    if before is Kind.APOSTROPHE or after is Kind.APOSTROPHE:
        return not _is_inner(text, at if after is Kind.APOSTROPHE else at - 1)
    if after is Kind.LETTER:
        return before not in _INNER
    return after is Kind.SPACELESS or before is not Kind.DIGIT


def _is_inner(text: str, at: int) -> bool:
    """Return whether the apostrophe here stands between two letters."""
    return 0 < at < len(text) - 1 and _KINDS[text[at - 1]] in _INNER and _KINDS[text[at + 1]] in _INNER


def word_start(text: str, at: int) -> int:
    """Return where the word begins that goes on to the left of `at`."""
    while not is_border(text, at):
        run = _LETTERS_BEFORE.match(text, 0, at)
        at = run.start() if run else at - 1
    return at


def word_end(text: str, at: int) -> int:
    """Return where the word ends that goes on to the right of `at`."""
    while not is_border(text, at):
        run = _LETTERS_AFTER.match(text, at)
        at = run.end() if run else at + 1
    return at
