"""What is counted in a text: runs of 3, 4 and 5 characters, words, and pairs of words.

Each is known by a hash alone, so that no dictionary is kept or looked into, and all texts of a batch
are hashed together. The hash of a word is taken from sums over the whole batch: with S[i] the
sum of c[j]·m^j for j < i, a word from s to e has (S[e] - S[s])·m^-s, wherever it stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from monitor.scorers.embedded.reading import Flags, Hashes, Symbols, read

BITS: Final = 20
"""Buckets that features fall into, as a power of two."""

MOST_TEXTS: Final = 1 << (32 - BITS)
"""Texts of one batch: number and bucket share 32 bits, which sort twice as fast as 64."""

_RUNS: Final = (3, 4, 5)
_FACTOR: Final = np.uint32(0x9E3779B1)
_INVERSE: Final = np.uint32(pow(0x9E3779B1, -1, 1 << 32))
_BUCKET: Final = np.uint32((1 << BITS) - 1)
_WORD, _PAIR = 101, 102


@dataclass(frozen=True, slots=True)
class Features:
    """Each feature once a text: its text's number, never falling, and its bucket."""

    text: Hashes
    bucket: Hashes


def features(texts: Sequence[str]) -> Features:
    """Return the features of at most `MOST_TEXTS` texts, by text and then by bucket."""
    with np.errstate(over="ignore"):
        found = _keys(read(texts))
    _sort_within(found, len(texts))
    first = np.ones(len(found), dtype=np.bool_)
    np.not_equal(found[1:], found[:-1], out=first[1:])
    found = found[first]
    return Features(text=found >> np.uint32(BITS), bucket=found & _BUCKET)


def _sort_within(found: Hashes, count: int) -> None:
    """Sort each text's keys in place: together, they take up to five times as long."""
    starts = np.arange(1, count, dtype=np.uint32) << np.uint32(BITS)
    bounds = [0, *np.searchsorted(found >> np.uint32(BITS) << np.uint32(BITS), starts).tolist(), len(found)]
    for start, end in pairwise(bounds):
        found[start:end].sort()


def _keys(symbols: Symbols) -> Hashes:
    """Return the keys of all features, by the place where each begins: texts stay together."""
    keys = np.zeros((len(symbols.codes), len(_RUNS) + 2), dtype=np.uint32)
    there = np.zeros(keys.shape, dtype=np.bool_)
    codes = symbols.codes + np.uint32(1)
    _runs(codes, symbols.text, keys, there)
    _words(codes, symbols, keys, there)
    return keys[there]


def _runs(codes: Hashes, text: Hashes, keys: Hashes, there: Flags) -> None:
    """Fill in the keys of the runs of characters that lie within one text."""
    hashes, factor = codes, np.ones(1, dtype=np.uint32)
    for length in range(2, min(max(_RUNS), len(codes)) + 1):
        factor = factor * _FACTOR
        hashes = hashes[:-1] + codes[length - 1 :] * factor
        if length in _RUNS:
            column, count = _RUNS.index(length), len(hashes)
            keys[:count, column] = _key(hashes, text[:count], length)
            there[:count, column] = text[:count] == text[length - 1 :]


def _words(codes: Hashes, symbols: Symbols, keys: Hashes, there: Flags) -> None:
    """Fill in the keys of the words, and of the pairs that follow one another in one text."""
    edges = np.flatnonzero(np.diff(symbols.inside, prepend=False, append=False))
    starts, ends = edges[::2], edges[1::2]
    sums = np.zeros(len(codes) + 1, dtype=np.uint32)
    np.cumsum(codes * _powers(_FACTOR, len(codes)), dtype=np.uint32, out=sums[1:])
    words = (sums[ends] - sums[starts]) * _powers(_INVERSE, len(codes))[starts]
    words ^= words >> np.uint32(16)
    words *= np.uint32(0x45D9F3B)
    text = symbols.text[starts]
    keys[starts, -2], there[starts, -2] = _key(words, text, _WORD), True
    keys[starts[:-1], -1] = _key(words[:-1] * _FACTOR + words[1:], text[:-1], _PAIR)
    there[starts[:-1], -1] = text[1:] == text[:-1]


def _powers(factor: np.uint32, count: int) -> Hashes:
    powers = np.full(count, factor, dtype=np.uint32)
    powers[:1] = 1
    return np.multiply.accumulate(powers, dtype=np.uint32)


def _key(hashes: Hashes, text: Hashes, kind: int) -> Hashes:
    """Return number and bucket as one; the hashes of each kind of feature are stirred differently."""
    hashes = hashes + np.uint32((kind * 0x9E3779B1) & 0xFFFFFFFF)
    hashes ^= hashes >> np.uint32(15)
    hashes *= np.uint32(0x2C1B3C6D)
    hashes ^= hashes >> np.uint32(13)
    hashes *= np.uint32(0x297A2D39)
    buckets: Hashes = hashes >> np.uint32(32 - BITS)
    return buckets | (text << np.uint32(BITS))
