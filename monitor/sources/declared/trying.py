"""What a source file makes of one answer, with where each field came from: for people who write one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from monitor.domain.comments import Comment
from monitor.ports import Unreadable
from monitor.sources.declared.comments import EXPECTED
from monitor.sources.declared.site import DeclaredSite
from monitor.sources.polling.site import Item, Thread
from monitor.sources.web.message import Answer, Request

IN_FILE: Final[Mapping[str, str]] = {
    "native_id": "id", "parent": "parent_id", "thread": "thread_id", "author": "author", "text": "text",
    "url": "url", "created_at": "created_at", "edited_at": "edited_at",
}  # fmt: skip
"""What the comment's fields are called in a source file."""


def canonical(comment: Comment) -> dict[str, str | None]:
    """Return the comment as a flat record of texts; times are in UTC."""
    return {
        "id": comment.key,
        "native_id": comment.native_id,
        "parent": comment.parent,
        "thread": comment.thread,
        "author": comment.author.name or comment.author.id,
        "text": comment.text,
        "url": comment.url,
        "created_at": _iso(comment.created_at),
        "edited_at": _iso(comment.edited_at),
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat().replace("+00:00", "Z") if moment else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """One comment. `origins` are the places that gave its fields, by the fields' names in the file."""

    item: Item
    origins: Mapping[str, str]


@dataclass(slots=True, kw_only=True)
class Trial:
    """What came of an answer.

    `found` counts the items, `dropped` those left out by `emit.drop_if`; `missing` counts comments that
    lack a field which the file describes, or which every comment ought to have.
    """

    found: int
    next: Request | None
    tried: list[Tried] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)
    dropped: int = 0
    missing: Counter[str] = field(default_factory=Counter)


def try_answer(site: DeclaredSite, request: Request, answer: Answer, thread: Thread | None) -> Trial:
    """Return what the site's description makes of an answer.

    Raises:
        Retryable: it is an answer with no comments in it: an error, or of another format.
    """
    page = site.read(request, answer, thread)
    trial = Trial(found=page.found, next=page.next)
    for record in site.opener(answer).records():
        reading = site.reader.read([record], answer, thread)
        trial.unreadable += reading.unreadable
        trial.dropped += not reading.items and not reading.unreadable
        origins = {name: str(place) for name, place in site.reader.origins(record, answer)}
        trial.tried += [Tried(item=item, origins=origins) for item in reading.items]
        if reading.items:
            trial.missing.update(
                name for name in EXPECTED if name not in origins and not _given(name, thread)
            )
    return trial


def _given(name: str, thread: Thread | None) -> bool:
    return name == "thread_id" and thread is not None
