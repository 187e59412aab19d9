"""Which texts are copies of one another, told by their sketches.

A sketch holds the smallest hashes of a text's runs of words (Broder 1997, "On the resemblance and
containment of documents"): of the smallest of two sketches together, the share that both hold is the
share of all their runs that both texts hold. Exact for texts of as many runs as a sketch holds, an
estimate with a standard error below 0.09 for longer ones.
"""

from __future__ import annotations

from struct import iter_unpack
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from monitor.engine.counting import Entry

SKETCH: Final = 32
"""Hashes that a sketch holds, of four bytes each."""

ALIKE: Final = 0.4
"""From this share of common runs on a text is a copy of another: of ten words one may differ, of twenty
two. Comments that quote the same sentence and go on differently have less in common."""

MOST_TEXTS: Final = 300
"""The fuse: so many different texts of one window are compared, the newest; copies cost nothing."""

_Hashes: TypeAlias = frozenset[int]


def sketch_of(hashes: Iterable[bytes]) -> bytes:
    """Return the sketch of a text with these hashes of its runs."""
    return b"".join(sorted({each[:4] for each in hashes})[:SKETCH])


def likeness(one: bytes, other: bytes) -> float:
    """Return the share of their runs that two texts have in common, from 0 to 1."""
    return 1.0 if one == other else _likeness(_hashes(one), _hashes(other))


def copies(entries: Sequence[Entry], sketch: bytes) -> tuple[Entry, ...]:
    """Return those entries whose texts are copies of this one, or copies of its copies.

    Copies of copies count, or it would depend on the order of arrival who sees whom.
    """
    newest = dict.fromkeys(entry.sketch for entry in reversed(entries))
    strangers = {each: _hashes(each) for each in list(newest)[:MOST_TEXTS] if each != sketch}
    family, fresh = {sketch}, [_hashes(sketch)]
    while fresh and strangers:
        known = fresh.pop()
        found = [each for each, hashes in strangers.items() if _likeness(known, hashes) >= ALIKE]
        family.update(found)
        fresh += [strangers.pop(each) for each in found]
    return tuple(entry for entry in entries if entry.sketch in family)


def _hashes(sketch: bytes) -> _Hashes:
    return frozenset(number for (number,) in iter_unpack(">I", sketch))


def _likeness(one: _Hashes, other: _Hashes) -> float:
    both = one & other
    if not both:
        return 0.0
    smallest = sorted(one | other)[:SKETCH]
    return sum(number in both for number in smallest) / len(smallest)
