"""What tells copies of a text from other texts, though each was edited a little.

One min-wise hash (Broder 1997): of the hashes of all runs of four words, the smallest. Two texts that
share a part s of their runs have the same fingerprint with probability s, so that of copies with one word
in twenty changed about two in three keep it, and nearly all texts that are not copies do not.
"""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import Final

from monitor.engine.shapes import LINK
from monitor.engine.text import lens
from monitor.engine.views import prepare

_WORD: Final = re.compile(r"[^\W\d_]+")
_RUN: Final = 4
_FEWEST_RUNS: Final = 4
"""Shorter texts are compared as a whole."""

_MOST_CHARACTERS: Final = 5_000


def fingerprint(text: str) -> str:
    """Return the fingerprint of a text; empty where it holds no word.

    Capitals, marks, digits, links and letters in disguise make no difference.
    """
    folded = lens("folded", keeps_case=False).read(LINK.sub(" ", text[:_MOST_CHARACTERS]))
    words = _WORD.findall(prepare(folded)[0].text)
    runs = [" ".join(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1)]
    if len(runs) < _FEWEST_RUNS:
        return _hash(" ".join(words)) if words else ""
    return min(map(_hash, runs))


def _hash(words: str) -> str:
    return blake2b(words.encode(errors="replace"), digest_size=8).hexdigest()
