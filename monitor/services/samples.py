"""A few comments out of many, the same ones on every run."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zlib import crc32

from monitor.domain.verdicts import Match, Verdict

_AROUND: Final = 60
"""Characters shown before and after the first words found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A comment that a rule matched: its key, event time, an excerpt, and the words found."""

    comment: str
    at: datetime
    excerpt: str
    words: tuple[str, ...] = ()


class Sampler:
    """Keeps `size` comments of all that it is shown, evenly over them and without chance.

    Those with the lowest checksum of their key stay: another order or another run keeps the same.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._kept: list[tuple[int, str, Sample]] = []

    def show(self, verdict: Verdict, match: Match) -> None:
        """Look at one more matched comment."""
        key = verdict.event.comment.key
        rank = -crc32(key.encode())
        if not self._size or (len(self._kept) == self._size and (rank, key) <= self._kept[0][:2]):
            return
        if any(kept == key for _, kept, _ in self._kept):
            return
        push = heapq.heappush if len(self._kept) < self._size else heapq.heapreplace
        push(self._kept, (rank, key, _sample(verdict, match)))

    def samples(self) -> tuple[Sample, ...]:
        """Return what was kept, in order of time."""
        return tuple(sorted((kept for _, _, kept in self._kept), key=lambda each: (each.at, each.comment)))


def _sample(verdict: Verdict, match: Match) -> Sample:
    text = verdict.event.comment.text
    first, last = match.spans[0] if match.spans else (0, 0)
    start, end = max(first - _AROUND, 0), min(last + _AROUND, len(text))
    excerpt = " ".join(text[start:end].split())
    return Sample(
        comment=verdict.event.comment.key,
        at=verdict.event.time,
        excerpt=("…" if start else "") + excerpt + ("…" if end < len(text) else ""),
        words=tuple(dict.fromkeys(text[a:b] for a, b in match.spans)),
    )
