"""Sums of table rows by text, eight small numbers at a time.

A row of eight bytes is one 64-bit number. Its bytes are spread over two numbers, four 16-bit lanes
each, and up to 256 rows are added lane by lane before a lane is full: one addition does the work of
four, and nothing is rounded.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from monitor.scorers.embedded.features import Features

Bytes: TypeAlias = NDArray[np.uint8]
Rows: TypeAlias = NDArray[np.uint64]
Counts: TypeAlias = NDArray[np.int64]
Places: TypeAlias = NDArray[np.intp]

WIDTH: Final = 8
"""Bytes of one row."""

_MOST: Final = 256
"""Rows that are added before a lane of 16 bits could overflow: 256 times 255."""

_WORD_BITS: Final = 6
_WORD: Final = 1 << _WORD_BITS

_EVEN: Final = np.uint64(0x00FF00FF00FF00FF)
_LANE: Final = np.uint64(0xFFFF)


def packed(table: Bytes) -> list[Rows]:
    """Return the columns of a table, eight to a number, the first one lowest; zeros fill the last."""
    blocks = -(-table.shape[1] // WIDTH)
    padded = np.zeros((len(table), blocks * WIDTH), dtype=np.uint8)
    padded[:, : table.shape[1]] = table
    rows = padded.view("<u8")
    return [np.ascontiguousarray(rows[:, block]) for block in range(blocks)]


@dataclass(frozen=True, slots=True)
class Sparse:
    """Rows for few of many buckets, zeros for the others, without room for these.

    `words` has a bit a bucket, set where there is a row; `before` counts the rows of the words before
    each. `rows` begins with the row of zeros.
    """

    words: NDArray[np.uint64]
    before: NDArray[np.uint32]
    rows: Rows

    @classmethod
    def of(cls, known: NDArray[np.bool_], rows: Rows) -> Sparse:
        """Return it with a row for each bucket that is known, in order."""
        words = np.packbits(known, bitorder="little").view("<u8")
        counts = np.bitwise_count(words).astype(np.uint32)
        before = np.cumsum(counts, dtype=np.uint32) - counts
        return cls(words=words, before=before, rows=np.concatenate([np.zeros(1, np.uint64), rows]))

    def at(self, buckets: NDArray[np.uint32]) -> Rows:
        """Return the row of each bucket."""
        place = buckets >> np.uint32(_WORD_BITS)
        word = self.words[place]
        bit = np.uint64(1) << (buckets & np.uint32(_WORD - 1)).astype(np.uint64)
        number = self.before[place] + np.bitwise_count(word & (bit - np.uint64(1))) + np.uint32(1)
        rows: Rows = self.rows[np.where(word & bit, number, 0)]
        return rows


@dataclass(frozen=True, slots=True)
class Stretches:
    """Where features begin that are added together: a text's, at most 256 of them."""

    starts: Places
    text: Counts
    texts: int

    @classmethod
    def of(cls, found: Features, texts: int) -> Stretches:
        """Return the stretches of a batch's features."""
        lengths = np.bincount(found.text, minlength=texts)
        first = np.cumsum(lengths) - lengths
        place = np.arange(len(found.text)) - np.repeat(first, lengths)
        starts = np.flatnonzero(place % _MOST == 0)
        return cls(starts=starts, text=found.text[starts].astype(np.int64), texts=texts)

    def total(self, rows: Rows) -> Counts:
        """Return the sum of the rows by text and column."""
        sums = np.zeros((self.texts, WIDTH), dtype=np.int64)
        if not len(self.starts):
            return sums
        for odd in (0, 1):
            lanes = np.add.reduceat((rows >> np.uint64(8 * odd)) & _EVEN, self.starts)
            for lane in range(WIDTH // 2):
                part = (lanes >> np.uint64(16 * lane)) & _LANE
                sums[:, 2 * lane + odd] = np.bincount(self.text, weights=part, minlength=self.texts)
        return sums
