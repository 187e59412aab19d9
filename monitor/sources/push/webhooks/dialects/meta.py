"""Facebook pages and Instagram: Graph API webhooks, fields `feed`, `comments`, `live_comments`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import msgspec

from monitor.domain.comments import Author, Comment, EventKind
from monitor.domain.errors import Rejected
from monitor.sources.push.news import Told
from monitor.sources.push.webhooks.letter import Content, Letter, Spoiled, decoded

_VERBS: Final = {
    "add": EventKind.CREATED,
    "edit": EventKind.EDITED,
    "edited": EventKind.EDITED,
    "remove": EventKind.DELETED,
    "hide": EventKind.DELETED,
    "unhide": EventKind.RESTORED,
}
_INSTAGRAM: Final = frozenset({"comments", "live_comments"})
_MILLISECONDS: Final = 100_000_000_000


class _Change(msgspec.Struct, frozen=True):
    value: msgspec.Raw
    field: str = ""


class _Entry(msgspec.Struct, frozen=True):
    time: int = 0
    changes: tuple[_Change, ...] = ()


class _Body(msgspec.Struct, frozen=True):
    entry: tuple[_Entry, ...]


class _From(msgspec.Struct, frozen=True):
    id: str | None = None
    name: str | None = None
    username: str | None = None


class _Feed(msgspec.Struct, frozen=True, kw_only=True):
    item: str = ""
    verb: str = ""
    comment_id: str = ""
    post_id: str = ""
    parent_id: str = ""
    message: str = ""
    created_time: int = 0
    author: _From = msgspec.field(name="from", default_factory=_From)


class _Media(msgspec.Struct, frozen=True):
    id: str | None = None


class _Comment(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    text: str = ""
    parent_id: str | None = None
    media: _Media = msgspec.field(default_factory=_Media)
    author: _From = msgspec.field(name="from", default_factory=_From)


@dataclass(frozen=True, slots=True, kw_only=True)
class Meta:
    """Reads comments. Meta sends several changes at once, out of order, and again; none has an id.

    `from` is missing where the app may not know who wrote. A hidden comment counts as deleted.
    """

    source: str

    def delivery(self, letter: Letter) -> str:  # noqa: ARG002 - the port's
        """Return nothing: what a delivery says is all that tells it from others."""
        return ""

    async def read(self, letter: Letter) -> Content:
        """Return the comments' events; one that cannot be read leaves the others alone."""
        told: list[Told] = []
        spoiled: list[Spoiled] = []
        for entry in letter.read(_Body).entry:
            for change in entry.changes:
                try:
                    told += self._told(change, entry)
                except Rejected as error:
                    spoiled.append(
                        Spoiled(payload=bytes(change.value), reason=error.reason, detail=error.detail)
                    )
        return Content(told=tuple(told), spoiled=tuple(spoiled))

    def _told(self, change: _Change, entry: _Entry) -> Iterator[Told]:
        if change.field == "feed":
            feed = decoded(change.value, _Feed)
            kind = _VERBS.get(feed.verb)
            if feed.item == "comment" and kind is not None:
                yield self._of_page(feed, kind, entry)
        elif change.field in _INSTAGRAM:
            yield self._of_instagram(decoded(change.value, _Comment), entry)

    def _of_page(self, feed: _Feed, kind: EventKind, entry: _Entry) -> Told:
        if not feed.comment_id:
            raise Rejected("schema", "`comment_id` is missing")
        at = _moment(feed.created_time) or _moment(entry.time)
        edited = kind is EventKind.EDITED
        comment = Comment(
            source=self.source,
            native_id=feed.comment_id,
            text="" if kind is EventKind.DELETED else feed.message,
            author=Author(id=feed.author.id, name=feed.author.name),
            thread=feed.post_id or None,
            parent=feed.parent_id if feed.parent_id and feed.parent_id != feed.post_id else None,
            created_at=at if kind is EventKind.CREATED else None,
            edited_at=at if edited else None,
        )
        timed = kind in {EventKind.CREATED, EventKind.EDITED}
        return Told(kind=kind, comment=comment, at=at if timed else None)

    def _of_instagram(self, value: _Comment, entry: _Entry) -> Told:
        at = _moment(entry.time)
        comment = Comment(
            source=self.source,
            native_id=value.id,
            text=value.text,
            author=Author(id=value.author.id, name=value.author.username or value.author.name),
            thread=value.media.id,
            parent=value.parent_id,
            created_at=at,
        )
        return Told(kind=EventKind.CREATED, comment=comment, at=at)


def _moment(number: int) -> datetime | None:
    """Return the time of seconds, or of milliseconds, since 1970."""
    if number <= 0:
        return None
    try:
        return datetime.fromtimestamp(number / 1000 if number >= _MILLISECONDS else number, UTC)
    except (OverflowError, ValueError, OSError):
        raise Rejected("schema", "a time is out of all bounds") from None
