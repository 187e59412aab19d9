"""What a comment on a page means, given what is remembered of it: plain computations."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from monitor.domain.comments import Comment, CommentEvent, EventKind
from monitor.ports import Sighting, Unreadable
from monitor.sources.polling.site import Item

UNTOLD: Final = ""
"""The digest of what was gone when it was first seen: nobody was told of it."""


REWORDED: Final = 10
"""So many comments of a page that changed at once, and more than half of it, are no edits by people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """From where a page is judged.

    `thread` is what sightings are kept under where a site is read thread by thread. What is unknown
    and older than `news_since` (None: nothing is) is remembered and not told. A sighting is written
    again when it is older than `refresh`.
    """

    at: datetime
    thread: str | None
    news_since: datetime | None
    refresh: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What a comment means: an event, or none; what to remember, or nothing new.

    `unknown` says that it was never seen before, `old` that it was too old to be told.
    """

    event: CommentEvent | None = None
    sighting: Sighting | None = None
    unknown: bool = False
    old: bool = False


def judge(item: Item, known: Sighting | None, view: View) -> Judged:
    """Return what this item means."""
    if known is None:
        return _first_seen(item, view)
    kind = _change(item, known)
    if kind is None:
        stale = known.missed or view.at - known.seen_at >= view.refresh
        return Judged(sighting=replace(known, seen_at=view.at, missed=0) if stale else None)
    digest = known.digest if kind is EventKind.DELETED else digest_of(item)
    sighting = replace(
        known,
        digest=digest,
        seen_at=view.at,
        gone=kind is EventKind.DELETED,
        missed=0,
        created_at=_created(item, view),
    )
    return Judged(event=_event(kind, item.comment, view.at), sighting=sighting)


def believed(items: Sequence[Item], judged: Sequence[Judged]) -> tuple[list[Judged], int]:
    """Return what these judgements come to when edits that nobody made are left out, and how many those are.

    A site that is rebuilt words all comments anew, and one that shows ages or counts in their text
    does so at every reading. An edit that the site itself tells of, by a version, is always believed.
    """
    edits = [
        each.event is not None and each.event.kind is EventKind.EDITED and not item.version
        for item, each in zip(items, judged, strict=True)
    ]
    known = sum(not each.unknown for each in judged)
    if sum(edits) < REWORDED or 2 * sum(edits) <= known:
        return list(judged), 0
    kept = [replace(each, event=None) if edit else each for edit, each in zip(edits, judged, strict=True)]
    return kept, sum(edits)


def mark_of(record: Unreadable, view: View) -> Sighting:
    """Return what is remembered of a record that cannot be read, so that it is buried once."""
    digest = hashlib.blake2b(record.payload, digest_size=16).hexdigest()
    return Sighting(native_id=f"unreadable:{digest}", digest=digest, seen_at=view.at, gone=True)


def deletion(source: str, sighting: Sighting, at: datetime) -> CommentEvent:
    """Return the deletion of a comment of which no more is left than what is remembered."""
    comment = Comment(
        source=source,
        native_id=sighting.native_id,
        text="",
        thread=sighting.thread,
        created_at=sighting.created_at,
    )
    return _event(EventKind.DELETED, comment, at)


def digest_of(item: Item) -> str:
    """Return what an edit changes; never of the URL, which sites move about."""
    comment = item.comment
    parts = (comment.source, comment.native_id, item.version, comment.text)
    content = "\0".join(parts).encode(errors="surrogatepass")
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def _first_seen(item: Item, view: View) -> Judged:
    created = _created(item, view)
    gone = item.standing.gone
    sighting = Sighting(
        native_id=item.comment.native_id,
        digest=UNTOLD if gone else digest_of(item),
        seen_at=view.at,
        thread=view.thread or item.comment.thread,
        created_at=created,
        gone=gone,
    )
    if gone:
        return Judged(sighting=sighting, unknown=True)
    if created and view.news_since and created < view.news_since:
        return Judged(sighting=sighting, unknown=True, old=True)
    event = _event(EventKind.CREATED, item.comment, view.at)
    return Judged(event=event, sighting=sighting, unknown=True)


def _change(item: Item, known: Sighting) -> EventKind | None:
    if item.standing.gone:
        return None if known.gone else EventKind.DELETED
    if known.gone:
        return EventKind.CREATED if known.digest == UNTOLD else EventKind.RESTORED
    return None if known.digest == digest_of(item) else EventKind.EDITED


def _created(item: Item, view: View) -> datetime | None:
    """Return when it was written, never later than now: a clock ahead must not hold the window open."""
    written = item.comment.created_at
    return min(written, view.at) if written else None


def _event(kind: EventKind, comment: Comment, at: datetime) -> CommentEvent:
    return CommentEvent(kind=kind, comment=comment, observed_at=at)
