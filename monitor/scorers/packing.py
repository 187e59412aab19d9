"""Which texts go through a network together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping


def packed(lengths: Mapping[int, int], budget: int) -> Iterator[list[int]]:
    """Yield the texts' numbers in batches, sorted by length, shortest first.

    `lengths` are tokens by text's number. A batch is padded to its longest text, and the padding is
    computed too: no batch's padded area is above `budget`, unless one text alone is.
    """
    batch: list[int] = []
    for number in sorted(lengths, key=lengths.__getitem__):
        if batch and (len(batch) + 1) * lengths[number] > budget:
            yield batch
            batch = []
        batch.append(number)
    if batch:
        yield batch
