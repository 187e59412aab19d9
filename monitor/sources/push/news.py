"""Tells news from what is known: the same comment comes by several ways, more than once, and out of order.

A stream that was left and joined again repeats itself, a gap that is filled overlaps the stream, a
webhook is sent again. What was told before is remembered as sightings, kept in one transaction
with the cursor, and only what changed goes out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from monitor.domain.comments import Comment, CommentEvent, EventKind
from monitor.ports import Sighting, Sightings, Unreadable

_NO_TIME: Final = 0
_DIGITS: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a site told of one comment, before it is known whether that is news.

    `created` says that it stands there, whoever saw it first. `at` is when it happened by the site's
    clock: what is older than what is known is no news. `only_known`: told of a comment that was
    never seen, it is none either. `current`: it was looked up just now, so it stands there whatever
    was told before. `raw` says where the site's own record stands.
    """

    kind: EventKind
    comment: Comment
    at: datetime | None = None
    only_known: bool = False
    current: bool = False
    raw: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What goes out, and what is to be remembered of it."""

    events: tuple[CommentEvent, ...]
    unreadable: tuple[Unreadable, ...]
    sightings: tuple[Sighting, ...]


async def sift(heard: Sequence[Told | Unreadable], sightings: Sightings, source: str, now: datetime) -> News:
    """Return what is news among what the source was told, in its order.

    A reply whose site does not name its thread stands in its parent's thread where that is known,
    else in the thread that its parent stands for. What cannot be read is handed out once, however
    often it comes.
    """
    told = [each for each in heard if isinstance(each, Told)]
    spoiled = {_mark(each): each for each in heard if isinstance(each, Unreadable)}
    known = dict(await sightings.known(source, _ids(told) | spoiled.keys()))
    events: list[CommentEvent] = []
    fresh = {mark: _remembered(mark, now) for mark in spoiled if mark not in known}
    for each in told:
        placed = _placed(each, known)
        before = known.get(placed.comment.native_id)
        kind = _kind(placed, before)
        if kind is None:
            continue
        after = _sighting(placed, before, now)
        known[after.native_id] = fresh[after.native_id] = after
        events.append(CommentEvent(kind=kind, comment=placed.comment, observed_at=now, raw=each.raw))
    return News(
        events=tuple(events),
        unreadable=tuple(each for mark, each in spoiled.items() if mark in fresh),
        sightings=tuple(fresh.values()),
    )


def _mark(unreadable: Unreadable) -> str:
    return f"unreadable:{hashlib.sha256(unreadable.payload).hexdigest()}"


def _remembered(mark: str, now: datetime) -> Sighting:
    return Sighting(native_id=mark, digest="", seen_at=now, gone=True)


def _ids(told: Iterable[Told]) -> set[str]:
    ids = {each.comment.native_id for each in told}
    return ids | {each.comment.parent for each in told if each.comment.parent and not each.comment.thread}


def _placed(told: Told, known: dict[str, Sighting]) -> Told:
    comment = told.comment
    if comment.thread:
        return told
    own, parent = known.get(comment.native_id), known.get(comment.parent or "")
    thread = (own and own.thread) or (parent and parent.thread) or comment.parent
    return replace(told, comment=replace(comment, thread=thread))


def _kind(told: Told, before: Sighting | None) -> EventKind | None:
    """Return what the news is, None where there is none."""
    if before is None:
        return None if told.only_known else told.kind
    if told.kind is EventKind.DELETED:
        return None if before.gone or _older(told, before) else EventKind.DELETED
    if before.gone:
        return EventKind.RESTORED if _brings_back(told, before) else None
    if _older(told, before) or _words(told.comment) == before.digest.partition(":")[2]:
        return None
    return EventKind.EDITED


def _brings_back(told: Told, before: Sighting) -> bool:
    if told.kind is EventKind.RESTORED:
        return not _older(told, before)
    anew = told.kind is EventKind.CREATED and _NO_TIME < _time_of(before) < _moment(told.at)
    return told.current or anew


def _older(told: Told, before: Sighting) -> bool:
    return told.at is not None and _moment(told.at) < _time_of(before)


def _sighting(told: Told, before: Sighting | None, now: datetime) -> Sighting:
    comment, gone = told.comment, told.kind is EventKind.DELETED
    at = max(_moment(told.at), _time_of(before) if before else _NO_TIME)
    created = comment.created_at or (before and before.created_at) or None
    return Sighting(
        native_id=comment.native_id,
        digest=f"{at}:{'' if gone else _words(comment)}",
        seen_at=now,
        thread=comment.thread,
        created_at=created,
        gone=gone,
    )


def _words(comment: Comment) -> str:
    return hashlib.sha256(comment.text.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]


def _moment(at: datetime | None) -> int:
    """Return microseconds since 1970."""
    return _NO_TIME if at is None else round(at.timestamp() * 1_000_000)


def _time_of(sighting: Sighting) -> int:
    time = sighting.digest.partition(":")[0]
    return int(time) if time.isdigit() else _NO_TIME
