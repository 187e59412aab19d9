"""What a window remembers, and the best count around one moment."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import Final

import msgspec

MOST_ENTRIES: Final = 10_000
"""The fuse: a window remembers no more matches than this; the oldest go."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_TIME: Final = attrgetter("time")
_COMMENT: Final = attrgetter("comment")
_VALUE: Final = attrgetter("value")


class Entry(msgspec.Struct, frozen=True, order=True, array_like=True, gc=False):
    """One counted match: event time in microseconds, the comment's key, and its distinct value if any.

    `lag` is the microseconds from then to when it was observed; `sketch` is what the text of a copy
    is compared by.
    """

    time: int
    comment: str
    value: str = ""
    lag: int = 0
    sketch: bytes = b""

    @property
    def observed(self) -> int:
        """Return when it was observed, in microseconds."""
        return self.time + self.lag


class Best(msgspec.Struct, frozen=True, gc=False):
    """The fullest window around a moment: its last entry's time and what it counts."""

    last: int
    count: int


def microseconds(moment: datetime) -> int:
    """Return the moment as whole microseconds since 1970, exactly (a float of seconds is not)."""
    return (moment - _EPOCH) // _MICROSECOND


def moment_of(time: int) -> datetime:
    """Return the moment, in UTC."""
    return _EPOCH + timedelta(microseconds=time)


def length_of(seconds: float) -> int:
    """Return a length of time in microseconds."""
    return round(seconds * 1_000_000)


def same(entries: tuple[Entry, ...], entry: Entry) -> Entry | None:
    """Return the entry of this comment at this time with this value, whenever it was observed."""
    for known in between(entries, entry.time, entry.time):
        if (known.comment, known.value) == (entry.comment, entry.value):
            return known
    return None


def between(entries: tuple[Entry, ...], first: int, last: int) -> tuple[Entry, ...]:
    """Return the entries from `first` to `last`, both included."""
    return entries[bisect_left(entries, first, key=_TIME) : bisect_right(entries, last, key=_TIME)]


def remember(entries: tuple[Entry, ...], entry: Entry, keep: int) -> tuple[Entry, ...]:
    """Return the entries, in order of time, with this one and without those that no longer matter.

    What stands within `keep` microseconds of the latest or of this entry stays: so a thread that
    is read from its newest comment backwards is counted as exactly as one that is read forwards.
    """
    at = bisect_left(entries, entry)
    grown = (*entries[:at], entry, *entries[at:])
    around = (
        bisect_left(grown, entry.time - keep, key=_TIME),
        bisect_right(grown, entry.time + keep, key=_TIME),
    )
    recent = bisect_left(grown, grown[-1].time - keep, key=_TIME)
    kept = grown[around[0] : around[1]] + grown[max(around[1], recent) :]
    return kept[-MOST_ENTRIES:]


def best_window(
    near: tuple[Entry, ...], time: int, within: int, least: int, *, distinct: bool
) -> Best | None:
    """Return the fullest window of length `within` that contains `time`, the earliest of equals.

    Counts comments, or with `distinct` their values. A window holds its two ends: matches exactly
    `within` apart count together. None where no window can reach `least`. `near` are the entries
    at most `within` from `time`; the cost is linear in them, and little where, as nearly always,
    none is later.
    """
    if len(near) < least:
        return None
    counted = _VALUE if distinct else _COMMENT
    later = bisect_right(near, time, key=_TIME)
    inside = Counter(map(counted, near[:later]))
    best = Best(last=time, count=len(inside))
    first = 0
    for entry in near[later:]:
        inside[counted(entry)] += 1
        while near[first].time < entry.time - within:
            _leave(inside, counted(near[first]))
            first += 1
        if len(inside) > best.count:
            best = Best(last=entry.time, count=len(inside))
    return best if best.count >= least else None


def _leave(inside: Counter[str], value: str) -> None:
    inside[value] -= 1
    if not inside[value]:
        del inside[value]
