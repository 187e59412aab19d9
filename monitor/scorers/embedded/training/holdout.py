"""Which rows are never trained on, decided by what the texts say.

Near duplicates stand on one side. Two texts belong together when they are equal but for case,
digits and punctuation, or when most of their runs of three words are the same, which minimum hashes
tell (Broder 1997): eight bands of four find nine pairs in ten at a Jaccard index of 0.7. The side is
the hash of the group's first text in alphabetical order, so that it is the same wherever rows
stand in the file.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Hashable, Iterable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

PARTS: Final = 8
"""One part in so many is never learned from."""

FOLDS: Final = 4
"""What is learned from is fitted and judged in so many turns."""

_BANDS: Final = 8
_ROWS: Final = 4
_RUN: Final = 3
_NOISE: Final = re.compile(r"[\W\d_]+")
_PRIME: Final = (1 << 61) - 1


def sides(texts: Sequence[str], count: int) -> NDArray[np.int64]:
    """Return a number from 0 to `count` - 1 for each text, the same for near duplicates."""
    plain = [_NOISE.sub(" ", text.lower()).strip() for text in texts]
    groups = _Groups(len(texts))
    groups.join(plain)
    signed = [_signature(text) for text in plain]
    for band in range(_BANDS):
        groups.join([None if each is None else each[band] for each in signed])
    first: dict[int, str] = {}
    for number, text in enumerate(plain):
        group = groups.of(number)
        first[group] = min(text, first.get(group, text))
    side = {group: _hash(text) % count for group, text in first.items()}
    return np.asarray([side[groups.of(number)] for number in range(len(texts))], dtype=np.int64)


class _Groups:
    """Texts that belong together, each group known by its first text (union-find)."""

    def __init__(self, count: int) -> None:
        self._parents = list(range(count))

    def of(self, number: int) -> int:
        """Return the first text of this one's group."""
        while (parent := self._parents[number]) != number:
            self._parents[number] = self._parents[parent]
            number = parent
        return number

    def join(self, marks: Iterable[Hashable | None]) -> None:
        """Put texts together that bear the same mark; None is no mark."""
        seen: dict[Hashable, int] = {}
        for number, mark in enumerate(marks):
            if mark is None:
                continue
            one, other = self.of(seen.setdefault(mark, number)), self.of(number)
            self._parents[max(one, other)] = min(one, other)


def _signature(text: str) -> list[bytes] | None:
    """Return the bands of the text's minimum hashes; None where it has fewer than three words."""
    words = text.split()
    if len(words) < _RUN:
        return None
    runs = {" ".join(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1)}
    hashes = np.asarray([_hash(run) >> 4 for run in runs], dtype=np.uint64)
    smallest = (hashes[:, None] * _multipliers() >> np.uint64(16)).min(axis=0)
    return [smallest[band * _ROWS : (band + 1) * _ROWS].tobytes() for band in range(_BANDS)]


def _multipliers() -> NDArray[np.uint64]:
    """Return odd numbers, one a hash function."""
    drawn = np.random.default_rng(1).integers(0, 1 << 62, _BANDS * _ROWS, dtype=np.uint64)
    return drawn * np.uint64(2) + np.uint64(1)


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(errors="replace"), digest_size=8).digest(), "big")
