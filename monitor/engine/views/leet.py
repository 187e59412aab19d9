"""Digits and symbols in place of letters. Ordinary numbers, codes, links and addresses stay as they are."""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING, Final

from monitor.engine.views.edits import Edit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_READINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "0": ("o",), "1": ("i", "l"), "2": ("z",), "3": ("e",), "4": ("a",), "5": ("s",), "6": ("g", "b"),
    "7": ("t",), "8": ("b",), "9": ("g",), "@": ("a",), "$": ("s",), "!": ("i", "l"), "|": ("i", "l"),
    "+": ("t",), "€": ("e",), "£": ("l",), "¢": ("c",), "¥": ("y",), "§": ("s",), "©": ("c",), "®": ("r",),
    "¡": ("i",),
}  # fmt: skip
_SYMBOLS: Final = re.escape("".join(char for char in _READINGS if not char.isdigit()))
_SIGN: Final = rf"[0-9{_SYMBOLS}]"
_LETTER: Final = r"[^\W\d_]"
_SUSPICIOUS: Final = re.compile(rf"[0-9@$€£¢¥§©®](?:(?={_LETTER})|(?<={_LETTER}.))")
_SUSPICIOUS_MARK: Final = re.compile(rf"[!|+¡](?={_LETTER})")
"""Gates begin with what is rare, which the engine finds quickly."""

_PART: Final = re.compile(rf"(?:{_LETTER}|{_SIGN})+")
_EDGE: Final = "!¡"
"""At the end of a word these are what they look like."""

LINK: Final = re.compile(r"(?:https?://|www\.)\S+|[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]+")
_UNIT: Final = (
    "st nd rd th er re e ème eme ers mal fach k m mm cm km kg g mg h min s sec am pm x d p px gb mb tb kb hz "
    "ghz w kw kwh v a y yo yr yrs bn mio mrd mph kph ft lb lbs oz l ml c f t pt pts"
)
_ORDINARY: Final = re.compile(
    rf"[0-9]+(?:{'|'.join(_UNIT.split())}|[a-z])|[0-9]+(?:x[0-9]+)+|us\$|[a-z]{{2}}[$€]|[0-9]+[$€£+]*[a-z]?"
    r"|(?=.{1,4}\Z)(?:[a-z]{1,2}[0-9]+|[a-z]{3}[0-9]|[0-9]+[a-z]{1,2}[0-9]+)"
)
"""Numbers with their units, prices, sizes (`4x4`), and short codes (`f16`, `mp3`, `2k26`)."""

_MENTION: Final = re.compile(r"@[a-z]{4,}|@.{10,}")
"""Somebody's name, though it may be meant for a word: names are far more frequent."""

_MOST_AMBIGUOUS: Final = 3
"""Signs of one word that are tried in both of their readings: eight readings of the word."""


def undo(text: str) -> list[Edit]:
    """Return which digits and symbols may be read as letters."""
    if not (_SUSPICIOUS.search(text) or _SUSPICIOUS_MARK.search(text)):
        return []
    edits: list[Edit] = []
    links = [found.span() for found in LINK.finditer(text)]
    for part in _PART.finditer(text):
        while links and links[0][1] <= part.start():
            links.pop(0)
        if not links or part.end() <= links[0][0]:
            edits += _word(part[0], part.start())
    return edits


def _word(word: str, start: int) -> Iterator[Edit]:
    inner = word.rstrip(_EDGE)
    if inner.isalpha() or _ORDINARY.fullmatch(inner) or not any(map(str.isalpha, inner)):
        return
    if _MENTION.fullmatch(inner):
        return
    ambiguous = [at for at, char in enumerate(inner) if len(_READINGS.get(char, "")) > 1]
    if len(ambiguous) > 1:
        yield Edit(start, start + len(inner), tuple(_words(inner, ambiguous[:_MOST_AMBIGUOUS])))
        return
    for at, char in enumerate(inner, start):
        if readings := _READINGS.get(char):
            yield Edit(at, at + 1, readings)


def _words(word: str, ambiguous: Sequence[int]) -> Iterator[str]:
    """Yield the word with its ambiguous signs in all their readings."""
    letters = [_READINGS.get(char, char)[0] for char in word]
    for choice in product(*(_READINGS[word[at]] for at in ambiguous)):
        for at, letter in zip(ambiguous, choice, strict=True):
            letters[at] = letter
        yield "".join(letters)
