"""Which texts go through a network together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

CALL: Final = 64
"""What a batch costs beside its area, in tokens (measured for BERT-base: 30 in single precision, 100 in
bfloat16)."""


def packed(lengths: Mapping[int, int], budget: int) -> list[list[int]]:
    """Return the texts' numbers in batches, sorted by length, shortest first.

    `lengths` are tokens by text's number. A batch is padded to its longest text, and the padding is
    computed too: of all ways to divide the sorted texts this is the cheapest one in which no batch's
    padded area is above `budget`, unless one text alone is.
    """
    order = sorted(lengths, key=lengths.__getitem__)
    starts = _cheapest([lengths[number] for number in order], budget)
    batches = []
    end = len(order)
    while end:
        batches.append(order[starts[end] : end])
        end = starts[end]
    return batches[::-1]


def _cheapest(lengths: Sequence[int], budget: int) -> list[int]:
    """Return where the last batch begins if only the first so many texts are divided."""
    costs, starts = [0], [0]
    for end, longest in enumerate(lengths, 1):
        most = max(budget // longest, 1)
        cost, start = min(
            (costs[start] + (end - start) * longest, start) for start in range(max(end - most, 0), end)
        )
        costs.append(cost + CALL)
        starts.append(start)
    return starts
