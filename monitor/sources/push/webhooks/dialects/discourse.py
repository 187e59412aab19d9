"""Discourse: Admin, API, Webhooks, with "Post Event" ticked (meta.discourse.org, topic 49045)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urljoin

import msgspec

from monitor.domain.comments import Author, Comment, EventKind
from monitor.sources.markup import html_to_text
from monitor.sources.push.news import Told
from monitor.sources.push.webhooks.letter import Content, Letter, zoned

_KINDS: Final = {
    "post_created": EventKind.CREATED,
    "post_edited": EventKind.EDITED,
    "post_destroyed": EventKind.DELETED,
    "post_recovered": EventKind.RESTORED,
}
_REGULAR: Final = 1
"""The type of posts that people write; others are notes of the system and whispers of the staff."""


class _Post(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    topic_id: int | None = None
    post_number: int | None = None
    post_type: int = _REGULAR
    reply_to_post_number: int | None = None
    user_id: int | None = None
    username: str | None = None
    raw: str | None = None
    cooked: str = ""
    created_at: datetime | None = None
    updated_at: datetime | None = None
    version: int = 1
    post_url: str = ""


class _Body(msgspec.Struct, frozen=True):
    post: _Post


@dataclass(frozen=True, slots=True, kw_only=True)
class Discourse:
    """Reads posts. A post's parent is a number within its topic, not an id: it stands in `extra`."""

    source: str

    def delivery(self, letter: Letter) -> str:
        """Return the event's id, which a retry keeps."""
        return letter.with_body(letter.header("X-Discourse-Event-Id"))

    async def read(self, letter: Letter) -> Content:
        """Return the post's event; pings, and what happens to topics and users, tell nothing."""
        kind = _KINDS.get(letter.header("X-Discourse-Event"))
        if kind is None:
            return Content()
        post = letter.read(_Body).post
        if post.post_type != _REGULAR:
            return Content()
        comment = self._comment(post, letter.header("X-Discourse-Instance"), kind)
        timed = kind in {EventKind.CREATED, EventKind.EDITED}
        at = (comment.edited_at or comment.created_at) if timed else None
        return Content(told=(Told(kind=kind, comment=comment, at=at),))

    def _comment(self, post: _Post, instance: str, kind: EventKind) -> Comment:
        reply_to = post.reply_to_post_number
        return Comment(
            source=self.source,
            native_id=str(post.id),
            text="" if kind is EventKind.DELETED else _text(post),
            author=Author(id=_word(post.user_id), name=post.username),
            thread=_word(post.topic_id),
            url=urljoin(instance, post.post_url) if instance and post.post_url else None,
            created_at=zoned(post.created_at),
            edited_at=zoned(post.updated_at) if post.version > 1 else None,
            extra={"reply_to_post_number": reply_to} if reply_to is not None else {},
        )


def _text(post: _Post) -> str:
    return post.raw if post.raw is not None else html_to_text(post.cooked)


def _word(number: int | None) -> str | None:
    return None if number is None else str(number)
