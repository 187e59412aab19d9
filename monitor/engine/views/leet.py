"""Digits and symbols in place of letters. Ordinary numbers, codes, links and addresses stay as they are."""

from __future__ import annotations

import re
from itertools import islice, product
from typing import TYPE_CHECKING, Final

from monitor.engine.views.edits import Edit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_READINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "0": ("o",), "1": ("i", "l"), "2": ("z",), "3": ("e",), "4": ("a",), "5": ("s",), "6": ("g", "b"),
    "7": ("t",), "8": ("b",), "9": ("g",), "@": ("a",), "$": ("s",), "!": ("i", "l"), "|": ("i", "l"),
    "+": ("t",), "€": ("e",), "£": ("l",), "¢": ("c",), "¥": ("y",), "§": ("s",), "©": ("c",), "®": ("r",),
    "¡": ("i",), "(": ("c", "("), "#": ("h", "#"),
}  # fmt: skip
_TIMID: Final = "(#"
"""These stand for letters among letters only, and before other signs."""

_SYMBOLS: Final = re.escape("".join(char for char in _READINGS if not char.isdigit() and char not in _TIMID))
_SIGN: Final = rf"[0-9{_SYMBOLS}]"
_LETTER: Final = r"[^\W\d_]"
_SUSPICIOUS: Final = re.compile(rf"[0-9@$€£¢¥§©®](?:(?={_LETTER})|(?<={_LETTER}.))")
_SUSPICIOUS_MARK: Final = re.compile(rf"[!|+¡](?={_LETTER})")
_SUSPICIOUS_TIMID: Final = re.compile(rf"[{_TIMID}](?:(?={_SIGN})|(?<=[\w{_SYMBOLS}].)(?={_LETTER}))")
"""Gates begin with what is rare, which the engine finds quickly."""

_AMONG: Final = (
    rf"[{_TIMID}](?:(?=[0-9{_SYMBOLS}{_TIMID}])|(?<=[^\W_].)(?={_LETTER})|(?<=[{_SYMBOLS}].)(?={_LETTER}))"
    rf"|#(?<=[0-9{_SYMBOLS}(].)"
)
_PART: Final = re.compile(rf"(?:{_LETTER}|{_SIGN}|{_AMONG})+")
_EDGE: Final = "!¡"
"""At the end of a word these are what they look like."""

LINK: Final = re.compile(r"(?:https?://|www\.)\S+|[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]+")
_UNIT: Final = (
    "er re e ème eme ers mal fach k m mm cm km kg g mg h min s sec am pm x d p px gb mb tb kb hz "
    "ghz w kw kwh v a y yo yr yrs bn mio mrd mph kph ft lb lbs oz l ml c f t pt pts"
)
_ORDINARY: Final = re.compile(
    rf"[0-9]+(?:{'|'.join(_UNIT.split())}|[a-z])|[0-9]+(?:x[0-9]+)+|us\$|[a-z]{{2}}[$€]|[0-9]+[$€£+]*[a-z]?"
    r"|[0-9]{1,4}(?:st|nd|rd|th)|[0-9]*(?:1st|2nd|3rd|[04-9]th|1[123]th)"
    r"|(?=.{1,4}\Z)(?:[a-z]{1,2}[0-9]+|[a-z]{3}[0-9]|[0-9]+[a-z]{1,2}[0-9]+)"
)
"""Numbers with their units, prices, sizes (`4x4`), and short codes (`f16`, `mp3`, `2k26`)."""

_MENTION: Final = re.compile(r"@[a-z]{4,}|@.{10,}")
"""Somebody's name, though it may be meant for a word: names are far more frequent."""

_AMBIGUOUS: Final = re.compile(
    rf"([{re.escape(''.join(char for char, letters in _READINGS.items() if len(letters) > 1))}])\1*"
)
_PAIR: Final = 2
_MOST_AMBIGUOUS: Final = 3
_MOST_WORDS: Final = 8
"""Signs of one word that are tried in their readings, and readings of the word."""

_MOST_TRIED: Final = 100
"""After so many edits of one text a word is read in its likeliest way only, which bounds the work."""


def undo(text: str) -> list[Edit]:
    """Return which digits and symbols may be read as letters."""
    if not (_SUSPICIOUS.search(text) or _SUSPICIOUS_MARK.search(text) or _SUSPICIOUS_TIMID.search(text)):
        return []
    edits: list[Edit] = []
    links = [found.span() for found in LINK.finditer(text)]
    for part in _PART.finditer(text):
        while links and links[0][1] <= part.start():
            links.pop(0)
        if not links or part.end() <= links[0][0]:
            edits += _word(part[0], part.start(), _MOST_WORDS if len(edits) < _MOST_TRIED else 1)
    return edits


def _word(word: str, start: int, most: int) -> Iterator[Edit]:
    inner = word.rstrip(_EDGE)
    if inner.isalpha() or not any(map(str.isalpha, inner)):
        return
    if _ORDINARY.fullmatch(inner.lstrip(_TIMID)) or _MENTION.fullmatch(inner):
        return
    ambiguous = list(_AMBIGUOUS.finditer(inner))
    if sum(len(run[0]) for run in ambiguous) > 1:
        yield Edit(start, start + len(inner), tuple(_words(inner, ambiguous[:_MOST_AMBIGUOUS], most)))
        return
    for at, char in enumerate(inner, start):
        if readings := _READINGS.get(char):
            yield Edit(at, at + 1, readings)


def _words(word: str, ambiguous: Sequence[re.Match[str]], most: int) -> Iterator[str]:
    """Yield the word with its ambiguous signs in so many of their readings."""
    letters = [_READINGS.get(char, char)[0] for char in word]
    for choice in islice(product(*(_readings(run[0]) for run in ambiguous)), most):
        for run, read in zip(ambiguous, choice, strict=True):
            letters[run.start() : run.end()] = read
        yield "".join(letters)


def _readings(run: str) -> Sequence[str]:
    """Return how a sign may be read; of several in a row as the same letter first; no word has ii."""
    if len(run) == 1:
        return _READINGS[run]
    if len(run) > _PAIR:
        return [letter * len(run) for letter in _READINGS[run[0]]]
    pairs = ("".join(pair) for pair in product(_READINGS[run[0]], repeat=2))
    return sorted((pair for pair in pairs if pair != "ii"), key=lambda pair: pair[0] != pair[1])
