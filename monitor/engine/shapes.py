"""Measures of a text: what `shape` compares. Each is linear in the text, and 0 where there is nothing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from itertools import groupby
from typing import Final, TypeAlias

import regex

from monitor.engine.words import WITHOUT_SPACES

Measure: TypeAlias = Callable[[str], float]

LINK: Final = re.compile(r"(?:https?://|www\.)[^\s<>\"\])]+", re.IGNORECASE)
"""A link as it stands in plain text."""

_LINKS: Final = re.compile(
    r"\[[^\[\]\n]{1,300}\]\(https?://[^\s()]{1,2000}\)"
    r"|<a\s[^<>]{0,300}?href\s*=\s*[\"']?https?://[^<>]{1,2300}>[^<>]{1,300}</a>"
    rf"|{LINK.pattern}",
    re.IGNORECASE,
)
"""The same, and links of Markdown and HTML with the text that they show, which may be an address itself."""

MENTION: Final = re.compile(r"(?<![\w@./])@[\w.-]*\w")
"""Somebody mentioned by name: `@ann`."""

_WORD: Final = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|\d+")
_WORD_OR_LETTER: Final = regex.compile(
    rf"[{WITHOUT_SPACES}]|(?:(?![{WITHOUT_SPACES}])[^\W\d_])+(?:'[^\W\d_]+)*|\d+"
)
_PICTURE: Final = "[\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]"
_EMOJI: Final = re.compile(
    "[\U0001f1e6-\U0001f1ff]{2}|[0-9#*]\ufe0f?\u20e3"
    rf"|{_PICTURE}[\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]*"
    rf"(?:\u200d{_PICTURE}[\ufe0f\U0001f3fb-\U0001f3ff]*)*"
)
"""One emoji: a flag, a key, or pictures that are joined, each with its form and the colour of its skin."""


def length(text: str) -> float:
    """Return the number of characters without outer white space."""
    return float(len(text.strip()))


def words(text: str) -> float:
    """Return the number of words; in scripts without spaces, of letters."""
    return float(len(_WORD.findall(text) if text.isascii() else _WORD_OR_LETTER.findall(text)))


def lines(text: str) -> float:
    """Return the number of lines that are not empty."""
    return float(sum(bool(line.strip()) for line in text.splitlines()))


def capitals(text: str) -> float:
    """Return the share of capitals among letters that come in both sizes."""
    lower = sum(map(str.islower, text))
    upper = sum(map(str.isupper, text))
    return upper / (upper + lower) if upper else 0.0


def emoji(text: str) -> float:
    """Return the share of emoji among characters that are no white space; what one sees as one is one."""
    found = len(_EMOJI.findall(text))
    return _share(found, _EMOJI.sub("x", text))


def punctuation(text: str) -> float:
    """Return the share of punctuation among characters that are no white space."""
    return _share(sum(unicodedata.category(char)[0] == "P" for char in text), text)


def distinct(text: str) -> float:
    """Return the share of different characters among all that are no white space."""
    return _share(len(set("".join(text.split()))), text)


def repeated_characters(text: str) -> float:
    """Return how often a character that is no white space follows itself at most."""
    return float(max((len(list(run)) for char, run in groupby(text) if not char.isspace()), default=0))


def repeated_words(text: str) -> float:
    """Return how often a word follows itself at most, whatever its capitals."""
    return float(
        max(
            (len(list(run)) for _, run in groupby(word.casefold() for word in _WORD.findall(text))), default=0
        )
    )


def longest_word(text: str) -> float:
    """Return the most characters without white space in a row."""
    return float(max(map(len, text.split()), default=0))


def links(text: str) -> float:
    """Return the number of links; one that shows an address is one."""
    return float(len(_LINKS.findall(text)))


def mentions(text: str) -> float:
    """Return the number of mentions."""
    return float(len(MENTION.findall(text)))


def digits_only(text: str) -> float:
    """Return 1 where there is a digit and no letter."""
    return float(any(map(str.isdigit, text)) and not any(map(str.isalpha, text)))


def link_first(text: str) -> float:
    """Return 1 where the text begins with a link."""
    return float(LINK.match(text.lstrip()) is not None)


def link_last(text: str) -> float:
    """Return 1 where the text ends with a link."""
    last = text.split()[-1:]
    return float(bool(last) and LINK.match(last[0]) is not None)


def link_only(text: str) -> float:
    """Return 1 where there is a link and nothing else but white space."""
    return float(LINK.search(text) is not None and not LINK.sub("", text).strip())


def _share(part: int, text: str) -> float:
    whole = len("".join(text.split()))
    return part / whole if whole else 0.0
