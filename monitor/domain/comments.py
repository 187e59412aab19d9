"""A reader's comment, and the four things that can happen to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class EventKind(StrEnum):
    """What happened to the comment at its source."""

    CREATED = "created"
    EDITED = "edited"
    DELETED = "deleted"
    RESTORED = "restored"


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who wrote the comment, as far as the source says. Both empty means: not given."""

    id: str | None = None
    name: str | None = None

    @property
    def key(self) -> str | None:
        """Return what tells this author from others on the same source, if anything does."""
        return self.id or self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """One comment as its source shows it. What a source does not give is None, never a guess.

    `source` names the site; `native_id` is the source's own id, unique within it. Times carry
    a zone. `extra` keeps what the source gave beyond these fields.
    """

    source: str
    native_id: str
    text: str
    author: Author = field(default_factory=Author)
    thread: str | None = None
    parent: str | None = None
    url: str | None = None
    created_at: datetime | None = None
    edited_at: datetime | None = None
    extra: Mapping[str, object] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Return the id that is unique over all sources; the key of its Kafka messages."""
        return f"{self.source}:{self.native_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentEvent:
    """Something happened to a comment. `raw` says where the source's own record stands."""

    kind: EventKind
    comment: Comment
    observed_at: datetime
    raw: str | None = None

    @property
    def time(self) -> datetime:
        """Return the event time that windows count by: the source's clock where it gives one."""
        if self.kind is EventKind.EDITED:
            return self.comment.edited_at or self.observed_at
        if self.kind is EventKind.CREATED:
            return self.comment.created_at or self.observed_at
        return self.observed_at
