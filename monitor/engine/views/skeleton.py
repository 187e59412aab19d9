"""Letters in disguise: look-alikes of other scripts, letters in boxes, flags that spell, upside-down text.

Foreign scripts are left alone: a word is read as Latin only where it mixes scripts, or consists of
look-alikes altogether and stands in a comment that is mostly Latin, or is in a script that hardly anybody
writes comments in.
"""

from __future__ import annotations

import re
from itertools import product
from typing import Final

from monitor.engine.views.edits import Edit
from monitor.engine.views.lookalikes import BADGES, PLAINLY_TURNED, READINGS, TO_CYRILLIC, TURNED

_LAST_OF_BMP: Final = "\uffff"
_LATIN: Final = re.compile("[a-z]")
_LATIN_LETTER: Final = re.compile("[a-z\u00df-\u024f\u1e00-\u1eff\u2c60-\u2c7f]")
_FOREIGN: Final = re.compile(f"[{''.join(READINGS)}]")
_SUSPICIOUS: Final = re.compile(f"[{''.join(char for char in READINGS if char <= _LAST_OF_BMP)}]")
_SUSPICIOUS_BEYOND: Final = re.compile("[\U00010280-\U00016fff\U0001f150-\U0001f1ff]")
"""Two classes, because the engine is quick with small ones and with those of the Basic Multilingual Plane."""

_HARDLY_WRITTEN: Final = (
    r"\u0250-\u02af\u13a0-\u16ff\u1d00-\u1dbf\u2c80-\u2cff\u2d30-\u2d7f\ua4d0-\ua4ff\uab30-\uabbf"
    r"\U00010280-\U00016fff"
)
_RARE: Final = re.compile(f"[{_HARDLY_WRITTEN}]")
_ALL_RARE: Final = re.compile(f"[0-9{_HARDLY_WRITTEN}]+")
"""Phonetic letters, and scripts that comments are hardly ever written in, such as Lisu and Cherokee."""

_PART: Final = re.compile(rf"[{''.join(BADGES)}]+|[^\W_]+")
_CYRILLIC: Final = re.compile("[\u0400-\u04ff]")
_UPRIGHT: Final = f"[{''.join(TURNED)}]"
_UPSIDE_DOWN: Final = re.compile(rf"(?<![^\W_]){_UPRIGHT}+(?:[ ,.!?'˙]{{1,3}}{_UPRIGHT}+)*(?![^\W_])")

_FEWEST_TURNED: Final = 2
_MOST_AMBIGUOUS: Final = 3
"""Letters of one word that are tried in both of their readings: eight readings of the word."""

_MAJORITY: Final = 2
"""Latin letters for each foreign one from which on a comment counts as Latin."""


def undo(text: str) -> list[Edit]:
    """Return what may be read as other letters."""
    if text.isascii() or not (_SUSPICIOUS.search(text) or _SUSPICIOUS_BEYOND.search(text)):
        return []
    if not (_LATIN.search(text) or _SUSPICIOUS_BEYOND.search(text) or _RARE.search(text)):
        return _turned(text)
    turned = _turned(text)
    if turned:
        return turned
    mostly_latin = len(_LATIN.findall(text)) > _MAJORITY * len(_FOREIGN.findall(text))
    edits: list[Edit] = []
    for part in _PART.finditer(text):
        if part[0][0] in BADGES:
            edits.append(Edit(part.start(), part.end(), ("".join(map(BADGES.__getitem__, part[0])),)))
        elif not part[0].isascii() and (readings := _readings(part[0], mostly_latin=mostly_latin)):
            edits.append(Edit(part.start(), part.end(), readings))
    return edits


def _readings(word: str, *, mostly_latin: bool) -> tuple[str, ...]:
    """Return how one word may be read; nothing where it is what it looks like."""
    foreign = sum(char in READINGS for char in word)
    latin = len(_LATIN_LETTER.findall(word))
    if not foreign or not (latin or mostly_latin or _ALL_RARE.fullmatch(word)):
        return ()
    if latin < foreign and _CYRILLIC.search(word) and (cyrillic := _as_cyrillic(word)):
        return (cyrillic,)
    return _as_latin(word) if latin or foreign == sum(map(str.isalpha, word)) else ()


def _as_latin(word: str) -> tuple[str, ...]:
    """Return the word in Latin letters; letters that look like two of them are tried as both."""
    ambiguous = [char for char in dict.fromkeys(word) if len(READINGS.get(char, ())) > 1][:_MOST_AMBIGUOUS]
    read = "".join(char if char in ambiguous else READINGS.get(char, char)[0] for char in word)
    choices = product(*(READINGS[char] for char in ambiguous))
    tables = (str.maketrans(dict(zip(ambiguous, choice, strict=True))) for choice in choices)
    return tuple(map(read.translate, tables))


def _as_cyrillic(word: str) -> str | None:
    """Return a word of mixed letters in Cyrillic ones, where there is one for each."""
    read = "".join(TO_CYRILLIC.get(char, char) for char in word)
    return None if read == word or _LATIN.search(read) else read


def _turned(text: str) -> list[Edit]:
    """Return what is written upside down, and so from its end to its beginning."""
    return [
        Edit(found.start(), found.end(), ("".join(TURNED.get(char, char) for char in reversed(found[0])),))
        for found in _UPSIDE_DOWN.finditer(text)
        if sum(char in PLAINLY_TURNED for char in found[0]) >= _FEWEST_TURNED
    ]
