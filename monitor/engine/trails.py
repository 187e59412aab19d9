"""Where a comment has counted, version by version, and so what an edit or its deletion undoes.

A match stands in its window while every later version of the comment counts there too. Only what was
observed is compared, never what arrived when, so that any order of arrival, with any repeats, undoes
the same matches.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from monitor.domain.observations import Whereabouts, Withdrawal
from monitor.engine.counting import length_of, microseconds, moment_of
from monitor.engine.windows import LATENESS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MOST_VERSIONS: Final = 50
"""The fuse: as many versions of one comment are remembered; the oldest go, withdrawn as they are."""


class Version(msgspec.Struct, frozen=True, order=True, array_like=True, gc=False):
    """A comment as it was observed at this time (microseconds): the windows that it counted in.

    Of the rules `untold` nothing is known then.
    """

    observed: int
    windows: tuple[str, ...]
    untold: tuple[str, ...] = ()


class Trail(msgspec.Struct, frozen=True, array_like=True):
    """All versions of one comment that can matter. `until` is the observed time after which none does."""

    until: int = 0
    versions: tuple[Version, ...] = ()


def follow(
    trail: Trail, whereabouts: Whereabouts, *, lateness: float = LATENESS
) -> tuple[Trail, tuple[Withdrawal, ...]]:
    """Return the trail with this version, and the withdrawals that follow from it."""
    observed = microseconds(whereabouts.observed_at)
    until = max(trail.until, observed + length_of(whereabouts.keep + lateness))
    version = Version(observed, tuple(sorted(whereabouts.windows)), tuple(sorted(whereabouts.untold)))
    if version in trail.versions:
        return trail, ()
    versions = tuple(sorted((*trail.versions, version)))
    before, after = _undone(trail.versions), _undone(versions)
    withdrawals = tuple(
        Withdrawal(
            window=window,
            comment=whereabouts.comment,
            observed_at=moment_of(time),
            keep=whereabouts.keep,
        )
        for window, time in after.items()
        if before.get(window) != time
    )
    return Trail(until, versions[-MOST_VERSIONS:]), withdrawals


def _undone(versions: Iterable[Version]) -> Mapping[str, int]:
    """Return by window when it was last observed that the comment, which counted there, did so no more."""
    counted: set[str] = set()
    undone: dict[str, int] = {}
    for version in versions:
        gone = {
            window for window in counted.difference(version.windows) if not _is_of(window, version.untold)
        }
        undone |= dict.fromkeys(sorted(gone), version.observed)
        counted.update(version.windows)
    return undone


def _is_of(window: str, rules: tuple[str, ...]) -> bool:
    return window.partition("|")[0] in rules
