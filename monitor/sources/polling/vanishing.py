"""Finding out that comments are gone which no page says to be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import Final

from monitor.domain.errors import Retryable
from monitor.ports import Sighting
from monitor.sources.kinds import Tools
from monitor.sources.polling.judging import deletion
from monitor.sources.polling.reading import Harvest, Reading
from monitor.sources.polling.site import Deletes, Ended, Site, Standing

AT_ONCE: Final = 100
"""Deletions in one batch."""

MOST_RECHECKED: Final = 20
"""Comments that a reading asks the site for one by one."""

STUBBORN: Final = 10
"""After so many times `confirm_after` readings, what is missing is gone, however much of it there is."""

_COMPLETE: Final[frozenset[Ended]] = frozenset({"end", "window"})


async def vanished(site: Site, tools: Tools, reading: Reading) -> list[Harvest]:
    """Return the deletions that a deep reading leads to, in batches, and what to remember of the rest.

    Too many at once are believed of none until they have been missing for long: a fault of the site
    passes, and a moderator who cleared up does not come back. `reading.tally` counts the disbelieved.

    Raises:
        Retryable: the memory of sightings cannot be read now.
    """
    mode = site.policy.deletes.mode
    read = reading.plan.deep and reading.ended != "unchanged"
    if not read or mode not in {"reconcile", "status_code"}:
        return []
    if mode == "reconcile" and reading.ended not in _COMPLETE:
        return []
    expected = await _expected(site, tools, reading)
    missing = [sighting for native_id, sighting in expected.items() if native_id not in reading.seen]
    if mode == "reconcile":
        return _reconciled(site, reading, missing, len(expected))
    return await _rechecked(site, reading, missing, len(expected))


async def _expected(site: Site, tools: Tools, reading: Reading) -> dict[str, Sighting]:
    """Return the comments that the reading ought to have met, if they still stand."""
    plan = reading.plan
    since = max(plan.reach, plan.since)
    standing = await tools.sightings.standing(site.name, plan.view.thread, since)
    if site.policy.deletes.mode == "status_code":
        return dict(standing)
    bottom = _bottom(site, reading)
    undated = reading.ended == "end" and site.policy.order != "newest_first"
    return {key: each for key, each in standing.items() if _reached(each, bottom, undated=undated)}


def _bottom(site: Site, reading: Reading) -> datetime | None:
    """Return the time that comments must be younger than to be missed.

    A list of the newest comments that ends may have been cut: what is older than all it shows
    fell off its end.
    """
    cut = site.policy.order == "newest_first" and reading.ended == "end"
    return reading.oldest if cut else None


def _reached(sighting: Sighting, bottom: datetime | None, *, undated: bool) -> bool:
    if sighting.created_at is None:
        return undated
    return bottom is None or sighting.created_at > bottom


def _reconciled(site: Site, reading: Reading, missing: Sequence[Sighting], expected: int) -> list[Harvest]:
    deletes = site.policy.deletes
    believed = _believable(deletes, len(missing), expected)
    return _told(site, reading, missing, after=deletes.confirm_after if believed else None)


async def _rechecked(
    site: Site, reading: Reading, missing: Sequence[Sighting], expected: int
) -> list[Harvest]:
    """Ask for what was not met, what was seen longest ago first."""
    now = reading.plan.view.at
    gone, standing = [], []
    for sighting in sorted(missing, key=lambda each: each.seen_at)[:MOST_RECHECKED]:
        match await _ask(site, reading, sighting.native_id):
            case None:
                break
            case Standing.SPAM | Standing.DELETED:
                gone.append(sighting)
            case _:
                standing.append(replace(sighting, seen_at=now, missed=0))
    remembered = [Harvest(sightings=tuple(standing))] if standing else []
    believed = _believable(site.policy.deletes, len(gone), expected)
    return [*remembered, *_told(site, reading, gone, after=1 if believed else None)]


def _told(site: Site, reading: Reading, missing: Sequence[Sighting], *, after: int | None) -> list[Harvest]:
    """Return the deletions of what was missed `after` so many readings, None for what is disbelieved."""
    enough = after or STUBBORN * site.policy.deletes.confirm_after
    counted = [replace(each, missed=each.missed + 1) for each in missing]
    gone = [each for each in counted if each.missed >= enough]
    waiting = [each for each in counted if each.missed < enough]
    if after is None:
        reading.tally.disbelieved += len(waiting)
    remembered = [Harvest(sightings=tuple(some)) for some in _parts(waiting)]
    return [*remembered, *_deletions(site.name, gone, reading.plan.view.at)]


async def _ask(site: Site, reading: Reading, native_id: str) -> Standing | None:
    """Return what the site says of a comment; None where it does not answer."""
    request = site.recheck(native_id)
    if request is None or not await reading.rested():
        return None
    try:
        answer = await reading.ask(request)
        reading.tally.wait = max(site.rest(answer), 0.0)
        return site.rechecked(answer)
    except Retryable:
        return None


def _believable(deletes: Deletes, missing: int, expected: int) -> bool:
    return missing <= max(1.0, deletes.max_share * expected)


def _deletions(source: str, gone: Sequence[Sighting], now: datetime) -> list[Harvest]:
    return [
        Harvest(
            events=tuple(deletion(source, each, now) for each in some),
            sightings=tuple(replace(each, gone=True, seen_at=now, missed=0) for each in some),
        )
        for some in _parts(gone)
    ]


def _parts(sightings: Iterable[Sighting]) -> list[list[Sighting]]:
    rest, parts = iter(sightings), []
    while some := list(islice(rest, AT_ONCE)):
        parts.append(some)
    return parts
