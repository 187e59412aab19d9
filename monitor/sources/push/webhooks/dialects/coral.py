"""Coral: Configure, Webhooks (coralproject/talk, WEBHOOKS.md).

A webhook names the comment and says nothing of it, so it is read by GraphQL, with a token of a
moderator. There are no webhooks for edits and deletions; an entry to or exit from a moderation
queue makes us look again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Final

import msgspec

from monitor.domain.comments import Author, Comment, EventKind
from monitor.domain.errors import Rejected, Retryable
from monitor.settings.secret import Secret
from monitor.sources.markup import html_to_text
from monitor.sources.push.news import Told
from monitor.sources.push.webhooks.letter import Content, Letter, zoned
from monitor.sources.web.message import Manners, Request, Web

QUERY: Final = """\
query ($id: ID!) {
  comment(id: $id) {
    id body status createdAt
    author { id username }
    parent { id }
    story { id url }
    revision { id createdAt }
  }
}"""

_TAKEN_AWAY: Final = "REJECTED"


class _Data(msgspec.Struct, frozen=True):
    comment: str = msgspec.field(name="commentID", default="")


class _Body(msgspec.Struct, frozen=True, kw_only=True):
    id: str = ""
    type: str = ""
    data: _Data = msgspec.field(default_factory=_Data)


class _Named(msgspec.Struct, frozen=True):
    id: str | None = None
    username: str | None = None
    url: str | None = None


class _Revision(msgspec.Struct, frozen=True):
    created: datetime | None = msgspec.field(name="createdAt", default=None)


class _Comment(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    body: str | None = None
    status: str = ""
    created: datetime | None = msgspec.field(name="createdAt", default=None)
    author: _Named | None = None
    parent: _Named | None = None
    story: _Named | None = None
    revision: _Revision | None = None


class _Found(msgspec.Struct, frozen=True):
    comment: _Comment | None = None


class _Answer(msgspec.Struct, frozen=True):
    data: _Found | None = None
    errors: tuple[msgspec.Raw, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Coral:
    """Reads the comments that webhooks name, of one installation."""

    source: str
    url: str
    token: Secret
    web: Web
    manners: Manners

    def delivery(self, letter: Letter) -> str:
        """Return the event's id."""
        try:
            return letter.read(_Body).id
        except Rejected:
            return ""

    async def read(self, letter: Letter) -> Content:
        """Return what stands where the event points to; events of stories tell nothing."""
        body = letter.read(_Body)
        if not body.type.startswith("COMMENT_"):
            return Content()
        if not body.data.comment:
            raise Rejected("schema", "`data.commentID` is missing")
        return Content(told=(self._told(body.data.comment, await self._ask(body.data.comment)),))

    async def _ask(self, native_id: str) -> _Comment | None:
        request = Request(
            url=f"{self.url}/api/graphql",
            method="POST",
            headers={"Authorization": Secret(f"Bearer {self.token.reveal()}")},
            credentials=frozenset({"Authorization"}),
            json={"query": QUERY, "variables": {"id": native_id}},
            accept=("application/json",),
        )
        answer = await self.web.ask(request, self.manners)
        if answer.status != HTTPStatus.OK:
            raise Retryable(f"Coral answered HTTP {answer.status}")
        try:
            found = msgspec.json.decode(answer.body, type=_Answer)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise Retryable("Coral answered with no comment") from None
        if found.errors or found.data is None:
            raise Retryable("Coral answered with errors: may the token read comments?")
        return found.data.comment

    def _told(self, native_id: str, found: _Comment | None) -> Told:
        if found is None or found.body is None or found.status == _TAKEN_AWAY:
            gone = Comment(source=self.source, native_id=native_id, text="")
            return Told(kind=EventKind.DELETED, comment=gone, only_known=True)
        created = zoned(found.created)
        changed = zoned(found.revision.created) if found.revision else None
        edited = changed if changed and created and changed > created else None
        author, story = found.author or _Named(), found.story or _Named()
        comment = Comment(
            source=self.source,
            native_id=native_id,
            text=html_to_text(found.body),
            author=Author(id=author.id, name=author.username),
            thread=story.id,
            parent=found.parent.id if found.parent else None,
            url=f"{story.url}?commentID={native_id}" if story.url else None,
            created_at=created,
            edited_at=edited,
            extra={"status": found.status} if found.status else {},
        )
        return Told(kind=EventKind.CREATED, comment=comment, at=edited or created, current=True)
