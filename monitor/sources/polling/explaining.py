"""When a polled site is read next, why then, and why nothing came: for a person, out of its cursor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from monitor.sources.polling.bookmarks import Bookmark, Bookmarks
from monitor.sources.polling.site import Ended, Poll, Why

OVERDUE: Final = 60.0
"""Seconds after which a reading that did not come is worth a word."""

REASONS: Final[Mapping[Why, str]] = {
    "every": "that is the interval of the source file",
    "arrivals": "at the rate of arrival, a reading then brings a few new comments",
    "idle": "nothing new came, so the interval is doubled",
    "floor": "comments come fast, and the source file allows no shorter interval (`poll.min`)",
    "ceiling": "little comes, and the source file allows no longer interval (`poll.max`)",
    "asked": "the site asked for that long a pause, or it makes the site's quota last",
    "backoff": "the last reading failed; the pauses grow until one succeeds",
    "full_page": "a page was full of unknown comments, so it is read sooner and deeper",
}

REFUSED: Final = (
    "the site, or its address, is refused: a person must change something first, so it is asked seldom"
)

ENDS: Final[Mapping[Ended, str]] = {
    "": "it failed",
    "end": "there was no further page",
    "window": "the late window was read",
    "known": "a page held nothing new",
    "loop": "the pages repeated themselves",
    "empty": "several pages in a row were empty",
    "limit": "`paginate.max_pages` were read",
    "asked": "the site asked for a long pause",
    "unchanged": "the site said that nothing had changed",
}


class Explanation(Struct, frozen=True, kw_only=True):
    """How a site, or one thread of it, stands. `next_in` seconds may be below 0: it is overdue.

    Times are seconds since 1970, 0 for never. `nothing` says why the last reading brought nothing
    new, empty where it brought something. `cursor` is the site's own, empty where it has none.
    """

    thread: str
    state: str
    next_at: float
    next_in: float
    because: str
    nothing: str
    interval: float
    a_minute: float
    read_at: float
    deep_at: float
    news_at: float
    failures: int
    cursor: str
    last: Poll | None


def explain(bookmarks: Bookmarks, now: float) -> tuple[Explanation, ...]:
    """Return how the site's threads stand, who is read next first; one for a site read as a whole."""
    found = [_of(key, each, bookmarks.paused_until, now) for key, each in bookmarks.threads.items()]
    return tuple(sorted(found, key=lambda each: each.next_at))


def _of(key: str, bookmark: Bookmark, paused_until: float, now: float) -> Explanation:
    last, next_at = bookmark.last, max(bookmark.next_at, paused_until)
    paused = paused_until > bookmark.next_at
    return Explanation(
        thread=key,
        state=_state(bookmark),
        next_at=next_at,
        next_in=next_at - now,
        because=_because(last, paused=paused, overdue=now - next_at),
        nothing=_nothing(last),
        interval=bookmark.interval,
        a_minute=bookmark.rate * 60.0,
        read_at=bookmark.read_at,
        deep_at=bookmark.deep_at,
        news_at=bookmark.news_at,
        failures=bookmark.failures,
        cursor=bookmark.resume,
        last=last,
    )


def _state(bookmark: Bookmark) -> str:
    if bookmark.last is None:
        return "never read"
    if bookmark.leaving:
        return "no longer listed; read once more, then left"
    return "well" if bookmark.last.outcome in {"read", "unchanged"} else bookmark.last.outcome


def _because(last: Poll | None, *, paused: bool, overdue: float) -> str:
    if overdue > OVERDUE:
        return "it is overdue: is `comment-monitor run ingest` running?"
    if last is None:
        return "it was not read yet"
    asked = paused or last.why == "asked"
    if asked and last.outcome == "refused":
        return REFUSED
    return REASONS["asked" if asked else last.why]


def _nothing(last: Poll | None) -> str:
    if last is None:
        return "it was not read yet"
    if last.created:
        return ""
    match last.outcome:
        case "failed" | "refused":
            return last.trouble
        case "unchanged":
            return ENDS["unchanged"]
        case "drifted":
            return "the pages show no comment where they used to: `sources try` shows what is found"
        case _:
            return _read_nothing(last)


def _read_nothing(last: Poll) -> str:
    if not last.found:
        return "the pages hold no comment"
    parts = [f"{last.known} known"] if last.known else []
    if last.old:
        parts.append(f"{last.old} older than what is told as new (`incremental.late_window`)")
    if (others := last.found - last.known - last.old) > 0:
        parts.append(f"{others} left out, not public, or not to be read: `sources try` shows which")
    if last.reworded:
        parts.append(f"{last.reworded} worded anew, too many at once to be edits")
    if last.edited or last.deleted or last.restored:
        parts.append(f"{last.edited} edited, {last.deleted} deleted, {last.restored} restored")
    return f"of {last.found} found none was new: " + (", ".join(parts) or "none could be told")
