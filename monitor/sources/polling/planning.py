"""What the next reading is to do, and where it leaves its bookmark: plain computations."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from msgspec import structs

from monitor.domain.comments import EventKind
from monitor.sources.polling.bookmarks import WHOLE, Bookmark
from monitor.sources.polling.judging import View
from monitor.sources.polling.reading import Harvest, Plan, Reading
from monitor.sources.polling.schedule import Arrivals, Pace, Turn, paced, turn
from monitor.sources.polling.site import Policy, Poll, Site, Thread, Why
from monitor.sources.web.freshness import fresh_for
from monitor.sources.web.message import NO_VALIDATORS, Validators

MOST_DOUBLINGS: Final = 4
"""How often `max_pages` is doubled for a reading that does not reach its end."""

_HOUR: Final = 3_600.0
_DAY: Final = 86_400.0

_BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)


def plan(policy: Policy, key: str, bookmark: Bookmark, began: float, now: datetime) -> Plan:
    """Return what the next reading of this thread is to do; `began` is when the source was first read."""
    at = now.timestamp()
    due = bookmark.behind or bookmark.leaving or at - bookmark.deep_at >= policy.deep_every
    resume, since = (
        _beginning(policy, bookmark, at) if due else (bookmark.resume, at if bookmark.resume else 0.0)
    )
    return Plan(
        thread=None if key == WHOLE else Thread(id=key, url=bookmark.url),
        deep=due or policy.order != "newest_first" or not policy.stop_at_known,
        due=due,
        resume=resume,
        since=_time(since),
        validators=NO_VALIDATORS if due else _validators(policy, bookmark),
        pages=policy.max_pages << bookmark.depth,
        reach=_time(_reach(policy, bookmark, at)),
        view=View(
            at=now,
            thread=key or None,
            news_since=_time(_news_since(policy, bookmark, began, at)),
            refresh=timedelta(seconds=max(policy.late_window / 4, _HOUR)),
        ),
    )


def forget_before(policy: Policy, deep: list[float], now: float) -> datetime:
    """Return before when a comment must have been seen last for its sighting to be dropped.

    `deep` holds when each thread was last read back to the late window. What is dropped is older
    than anything that a reading would tell as new, so it never comes back as news.
    """
    kept = policy.late_window + 2 * _DAY
    return _time(max(min(deep, default=now) - kept, now - 4 * kept))


def advanced(policy: Policy, bookmark: Bookmark, reading: Reading, harvest: Harvest) -> Bookmark:
    """Return the bookmark after one page, while its reading goes on.

    Where the site's own cursor follows the pages, reading goes on from there; elsewhere a reading
    that is cut off must be made up for by a deep one.
    """
    if _follows(policy, bookmark, reading.plan) and harvest.resume:
        moved = structs.replace(bookmark, resume=harvest.resume)
        return structs.replace(moved, anchors=_anchors(policy, moved, reading.plan, harvest))
    return structs.replace(bookmark, behind=bookmark.behind or not reading.ended)


def settled(
    site: Site, before: Bookmark, bookmark: Bookmark, reading: Reading, chance: float
) -> tuple[Bookmark, Poll]:
    """Return the bookmark after a reading that came to its end, and what is told of it.

    `before` is the bookmark that it was planned by, `bookmark` what its pages made of that.
    """
    policy, at = site.policy, reading.plan.view.at.timestamp()
    drifted, moved = _drifted(before, reading), _moved(policy, before, bookmark, reading)
    cut = reading.ended == "limit" and (moved or before.depth < MOST_DOUBLINGS)
    whole = not cut and not drifted and reading.ended != "asked"
    pace, why = _paced(policy, before, reading, usual=whole)
    next_turn = Turn(seconds=0.0, why="full_page") if cut else _turn(site, pace, why, reading, chance)
    poll = _poll(reading, next_turn, gap=_gap(policy, before, reading), drifted=drifted)
    after = structs.replace(
        bookmark,
        next_at=at + next_turn.seconds,
        interval=pace.interval,
        rate=pace.rate,
        read_at=at if whole else before.read_at,
        deep_at=at if whole and _from_afar(reading) else before.deep_at,
        news_at=at if poll.created else before.news_at,
        most=reading.tally.found or before.most,
        behind=not (whole or moved or drifted),
        depth=_depth(policy, before, reading),
        failures=0,
        last=poll,
    )
    return _for_next(policy, after, reading, whole=whole), poll


def counted(poll: Poll, reading: Reading) -> Poll:
    """Return what is told of a reading with what it counted."""
    tally = reading.tally
    return structs.replace(
        poll,
        thread=reading.plan.view.thread,
        requests=tally.requests,
        answers=dict(tally.answers),
        found=tally.found,
        known=tally.known,
        old=tally.old,
        created=tally.events[EventKind.CREATED],
        edited=tally.events[EventKind.EDITED],
        deleted=tally.events[EventKind.DELETED],
        restored=tally.events[EventKind.RESTORED],
        unreadable=tally.unreadable,
        disbelieved=tally.disbelieved,
        reworded=tally.reworded,
        missing_fields=dict(tally.missing_fields),
    )


def _validators(policy: Policy, bookmark: Bookmark) -> Validators:
    lies = bookmark.conditional + 1 >= policy.full_every
    fits = bookmark.validated == bookmark.resume
    return bookmark.validators if policy.conditional and fits and not lies else NO_VALIDATORS


def _beginning(policy: Policy, bookmark: Bookmark, at: float) -> tuple[str, float]:
    """Return the site's cursor that a deep reading begins at, and what it covers from when on.

    The first one goes on where it was cut off.
    """
    if policy.order != "oldest_first":
        return "", 0.0
    if not bookmark.deep_at:
        return _going_on(bookmark, at)
    since, resume = bookmark.anchors[0] if bookmark.anchors else (0.0, "")
    return resume, min(since, at)


def _going_on(bookmark: Bookmark, at: float) -> tuple[str, float]:
    return bookmark.resume, at if bookmark.resume else 0.0


def _reach(policy: Policy, bookmark: Bookmark, at: float) -> float:
    back = policy.late_window + _HOUR
    if bookmark.deep_at:
        return bookmark.deep_at - back
    return at - max(back, policy.backfill or 0.0)


def _news_since(policy: Policy, bookmark: Bookmark, began: float, at: float) -> float:
    """Return when a comment must have been written to be told if it is unknown.

    After the first reading the limit counts from the last complete one, however long ago that was:
    what came while nobody read is news.
    """
    if bookmark.deep_at:
        return bookmark.deep_at - policy.late_window - _DAY
    backfill = policy.late_window if policy.backfill is None else policy.backfill
    return max(at - max(backfill, policy.late_window), began - backfill)


def _follows(policy: Policy, bookmark: Bookmark, plan: Plan) -> bool:
    """Return whether a reading moves the site's own cursor page by page."""
    return policy.order == "oldest_first" and plan.resume == bookmark.resume


def _anchors(
    policy: Policy, bookmark: Bookmark, plan: Plan, harvest: Harvest
) -> tuple[tuple[float, str], ...]:
    at, window = plan.view.at.timestamp(), policy.late_window
    if harvest.newest and harvest.newest < plan.reach:
        return ((harvest.newest.timestamp(), harvest.resume),)
    anchors = bookmark.anchors or ((0.0, ""),)
    if at - anchors[-1][0] >= window / 8:
        anchors = (*anchors, (at, harvest.resume))
    while len(anchors) > 1 and anchors[1][0] <= at - window - _HOUR:
        anchors = anchors[1:]
    return anchors


def _moved(policy: Policy, before: Bookmark, bookmark: Bookmark, reading: Reading) -> bool:
    """Return whether the site's own cursor moved with the pages: the next reading goes on from there."""
    return _follows(policy, before, reading.plan) and bookmark.resume != before.resume


def _depth(policy: Policy, bookmark: Bookmark, reading: Reading) -> int:
    if reading.ended == "limit":
        return bookmark.depth + (bookmark.depth < MOST_DOUBLINGS)
    return 0 if reading.tally.pages <= policy.max_pages and reading.plan.due else bookmark.depth


def _from_afar(reading: Reading) -> bool:
    """Return whether the reading showed everything that a deep one must."""
    read = reading.plan
    return reading.ended != "unchanged" and read.deep and (read.due or not read.resume)


def _drifted(bookmark: Bookmark, reading: Reading) -> bool:
    """Return whether there used to be comments and now there are none. One alone may be deleted."""
    nothing = not reading.tally.found and reading.ended != "unchanged" and not reading.plan.resume
    return nothing and bookmark.most > 1


def _gap(policy: Policy, bookmark: Bookmark, reading: Reading) -> bool:
    """Return whether what is known was not met, so that something between may have been missed."""
    tally = reading.tally
    if not bookmark.read_at or reading.plan.resume or not tally.unknown:
        return False
    if reading.ended == "limit":
        return True
    return (
        policy.order == "newest_first" and reading.ended == "end" and bool(bookmark.most) and not tally.known
    )


def _paced(policy: Policy, bookmark: Bookmark, reading: Reading, *, usual: bool) -> tuple[Pace, Why]:
    tally = reading.tally
    usual = usual and bool(bookmark.read_at) and not bookmark.behind
    seen = Arrivals(
        new=tally.events[EventKind.CREATED],
        elapsed=max(reading.plan.view.at.timestamp() - bookmark.read_at, 0.0) if usual else 0.0,
        page=tally.largest,
        full=tally.full > 0 and (tally.pages > 1 or bookmark.most > 0),
    )
    return paced(policy, Pace(interval=bookmark.interval, rate=bookmark.rate), seen)


def _turn(site: Site, pace: Pace, why: Why, reading: Reading, chance: float) -> Turn:
    asked = reading.tally.rest
    if site.manners.respect_cache and reading.first:
        asked = max(asked, min(fresh_for(reading.first), site.policy.ceiling))
    return turn(site.policy, pace.interval, why, chance, asked=asked)


def _poll(reading: Reading, next_turn: Turn, *, gap: bool, drifted: bool) -> Poll:
    unchanged = reading.ended == "unchanged"
    poll = Poll(
        outcome="drifted" if drifted else "unchanged" if unchanged else "read",
        at=reading.plan.view.at,
        gap=gap,
        deep=_from_afar(reading),
        ended=reading.ended,
        next_in=next_turn.seconds,
        why=next_turn.why,
    )
    return counted(poll, reading)


def _for_next(policy: Policy, bookmark: Bookmark, reading: Reading, *, whole: bool) -> Bookmark:
    """Return the bookmark with what the next request may be made with."""
    if reading.ended == "unchanged":
        return structs.replace(bookmark, conditional=bookmark.conditional + 1)
    resume = reading.resumes[0 if policy.order == "newest_first" else -1] if reading.resumes else ""
    return structs.replace(
        bookmark,
        resume=resume if resume and whole else bookmark.resume,
        validators=reading.first.validators if whole and reading.first else NO_VALIDATORS,
        validated=reading.plan.resume,
        conditional=0,
    )


def _time(seconds: float) -> datetime:
    """Return the moment; what lies before 1970 is 1970, so that "without limit" is a moment too."""
    return _BEGINNING if seconds <= 0 else datetime.fromtimestamp(seconds, UTC)
