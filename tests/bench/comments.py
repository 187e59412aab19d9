"""Comments as long as people's, of English words: which words does not change the time."""

from __future__ import annotations

from math import log
from random import Random
from typing import Final

from tests.bench.vocabulary import WORDS

MEDIAN, SPREAD, LONGEST = 31, 1.09, 340
"""Words of a comment, as in 256 comments of Jigsaw's test set (median 31, mean 56, p90 118)."""

_WORDS: Final = WORDS["en"]


def comments(count: int, seed: int = 1) -> list[str]:
    """Return so many comments, the same for the same seed."""
    random = Random(seed)
    lengths = [min(max(int(random.lognormvariate(log(MEDIAN), SPREAD)), 1), LONGEST) for _ in range(count)]
    return [" ".join(random.choices(_WORDS, k=length)) for length in lengths]
