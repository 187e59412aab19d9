"""Texts as the model reads them: words of small letters, for a batch at once.

Undone is what hides a word from a reader's eye but not from the reader: compatibility forms,
invisible characters, letters drawn out (`sooo`), digits and signs for letters (`1d10t`), words
spelled out (`i d i o t`). Addresses and names of users are left out. All of it happens on arrays of
code points, because a regular expression takes longer than the model itself.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Hashes: TypeAlias = NDArray[np.uint32]
Flags: TypeAlias = NDArray[np.bool_]

_END: Final = "\x1e"
"""Stands behind each text. In a text it is a space."""

_SPACE: Final = np.uint32(ord(" "))
_ADDRESS: Final = re.compile(r"(?:https?://|www\.)[^\s\x1e]+|@\w+")
_KNOWN: Final = 0x20000
"""Characters beyond are of the last kind below it: none of them stands in a word we know."""

_OTHER, _LETTER, _DIGIT, _SIGN, _SYMBOL, _INVISIBLE = range(6)
_KINDS: Final = {"L": _LETTER, "M": _LETTER, "N": _DIGIT}
_SIGNS: Final = "*$@!"
"""What people put in the place of a letter. Kept inside a word only."""

_STANDS_FOR: Final = dict(zip("01345$@!", "oieassai", strict=True))
_FEWEST_SPELLED_OUT: Final = 6


@dataclass(frozen=True, slots=True)
class Symbols:
    """The texts in a row, words divided by one space each.

    `codes` are code points, `inside` says which of them belong to a word, `text` is the number of
    the text that each stands in, never falling.
    """

    codes: Hashes
    inside: Flags
    text: Hashes

    def where(self, kept: Flags) -> Symbols:
        """Return what is left of them."""
        return Symbols(self.codes[kept], self.inside[kept], self.text[kept])


def read(texts: Sequence[str]) -> Symbols:
    """Return the texts as symbols. A text's own symbols do not depend on the texts beside it."""
    codes = np.frombuffer(_joined(texts).encode("utf-32-le", "surrogatepass"), dtype="<u4")
    kinds = _kinds()[np.minimum(codes, _KNOWN - 1)]
    if (hidden := kinds == _INVISIBLE).any():
        codes, kinds = codes[~hidden], kinds[~hidden]
    ends = codes == ord(_END)
    text = np.cumsum(ends, dtype=np.uint32) - ends
    codes, inside = _without_disguise(codes, kinds)
    kept = inside.copy()
    kept[1:] |= inside[:-1]
    kept[2:] &= ~(inside[2:] & (codes[2:] == codes[1:-1]) & (codes[2:] == codes[:-2]))
    return _spelled_out(Symbols(np.where(inside, codes, _SPACE), inside, text).where(kept))


def _joined(texts: Sequence[str]) -> str:
    joined = _END.join([text.replace(_END, " ") for text in texts]) + _END
    if not joined.isascii():
        joined = unicodedata.normalize("NFKC", joined)
    joined = joined.lower()
    if "@" in joined or "://" in joined or "www." in joined:
        joined = _ADDRESS.sub(" ", joined)
    return joined


@cache
def _kinds() -> NDArray[np.uint8]:
    """Return what each character is to us."""
    kinds = np.fromiter(map(_kind, map(chr, range(_KNOWN))), dtype=np.uint8, count=_KNOWN)
    kinds[[ord(sign) for sign in _SIGNS]] = _SIGN
    return kinds


def _kind(char: str) -> int:
    category = unicodedata.category(char)
    if category == "So":
        return _SYMBOL
    return _INVISIBLE if category == "Cf" else _KINDS.get(category[0], _OTHER)


def _without_disguise(codes: Hashes, kinds: NDArray[np.uint8]) -> tuple[Hashes, Flags]:
    """Return the code points with letters for what stands for letters, and which are inside a word.

    A digit or sign stands for a letter where it is inside a word and next to a letter.
    """
    letters = kinds == _LETTER
    words = letters | (kinds == _DIGIT)
    signs = kinds == _SIGN
    both = words | signs
    surrounded = np.zeros(len(codes), dtype=np.bool_)
    surrounded[1:-1] = both[:-2] & both[2:]
    inside = words | (signs & surrounded)
    odd = np.flatnonzero(inside & ~letters & surrounded)
    odd = odd[inside[odd - 1] & inside[odd + 1] & (letters[odd - 1] | letters[odd + 1])]
    if len(odd):
        codes = codes.copy()
        for sign, letter in _STANDS_FOR.items():
            codes[odd[codes[odd] == ord(sign)]] = ord(letter)
    return codes, inside | (kinds == _SYMBOL)


def _spelled_out(symbols: Symbols) -> Symbols:
    """Return them with three or more words of one letter in a row made one word."""
    inside, text = symbols.inside, symbols.text
    if len(inside) < _FEWEST_SPELLED_OUT:
        return symbols
    alone = inside.copy()
    alone[1:] &= ~inside[:-1]
    alone[:-1] &= ~inside[1:]
    gaps = np.flatnonzero(alone[:-2] & ~inside[1:-1] & alone[2:] & (text[:-2] == text[2:])) + 1
    beside = np.diff(gaps) == 2  # noqa: PLR2004 - the next gap but one letter
    closed = np.zeros(len(gaps), dtype=np.bool_)
    closed[1:] |= beside
    closed[:-1] |= beside
    kept = np.ones(len(inside), dtype=np.bool_)
    kept[gaps[closed]] = False
    return symbols.where(kept)
