"""GitHub: Settings, Webhooks, with the comment events ticked.

See docs.github.com, "Webhook events and payloads".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec

from monitor.domain.comments import Author, Comment, EventKind
from monitor.sources.push.news import Told
from monitor.sources.push.webhooks.letter import Content, Letter, zoned

_KINDS: Final = {
    "created": EventKind.CREATED,
    "edited": EventKind.EDITED,
    "deleted": EventKind.DELETED,
}
_PREFIXES: Final = {
    "issue_comment": "",
    "pull_request_review_comment": "review-",
    "discussion_comment": "discussion-",
}
"""Ids are unique among comments of one kind; the first kind's stand as the REST API gives them."""


class _User(msgspec.Struct, frozen=True):
    id: int
    login: str


class _Note(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    body: str | None = None
    user: _User | None = None
    html_url: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    in_reply_to_id: int | None = None
    parent_id: int | None = None


class _Numbered(msgspec.Struct, frozen=True):
    number: int


class _Repository(msgspec.Struct, frozen=True):
    full_name: str = ""


class _Body(msgspec.Struct, frozen=True, kw_only=True):
    action: str
    comment: _Note
    repository: _Repository
    issue: _Numbered | None = None
    pull_request: _Numbered | None = None
    discussion: _Numbered | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GitHub:
    """Reads comments on issues, pull requests and discussions; the text is Markdown."""

    source: str

    def delivery(self, letter: Letter) -> str:
        """Return the delivery's own id, which a redelivery keeps."""
        return letter.with_body(letter.header("X-GitHub-Delivery"))

    async def read(self, letter: Letter) -> Content:
        """Return the comment's event; a ping, and all other events, tell nothing."""
        prefix = _PREFIXES.get(letter.header("X-GitHub-Event"))
        if prefix is None:
            return Content()
        body = letter.read(_Body)
        kind = _KINDS.get(body.action)
        if kind is None:
            return Content()
        comment = self._comment(body, prefix, kind)
        at = None if kind is EventKind.DELETED else comment.edited_at or comment.created_at
        return Content(told=(Told(kind=kind, comment=comment, at=at),))

    def _comment(self, body: _Body, prefix: str, kind: EventKind) -> Comment:
        note, place = body.comment, body.issue or body.pull_request or body.discussion
        parent = note.in_reply_to_id or note.parent_id
        created, updated = zoned(note.created_at), zoned(note.updated_at)
        return Comment(
            source=self.source,
            native_id=f"{prefix}{note.id}",
            text="" if kind is EventKind.DELETED else note.body or "",
            author=Author(id=str(note.user.id), name=note.user.login) if note.user else Author(),
            thread=f"{body.repository.full_name}#{place.number}" if place else None,
            parent=f"{prefix}{parent}" if parent else None,
            url=note.html_url,
            created_at=created,
            edited_at=updated if kind is EventKind.EDITED else None,
        )
