"""One record of a source, whatever its format, as a comment event.

| field | also read as | holds |
|---|---|---|
| `id` | `comment_id` | the source's own id: text or a whole number. Required |
| `text` | `body`, `comment`, `content`, `message`, `comment_text` | the comment. A deletion may lack it |
| `author` | `author_name`, `user`, `username`, `user_name`, `commenter` | a name, or `{"id": …, "name": …}` |
| `author_id` | `user_id` | the source's id of the author |
| `source` | `site` | the site, if the file mixes several; may hold no colon |
| `thread` | `thread_id`, `article`, `article_id`, `post_id`, `topic_id` | what was commented on |
| `parent` | `parent_id`, `in_reply_to`, `reply_to` | the id of the comment that this one answers |
| `url` | `link`, `permalink` | where a person can see the comment |
| `created_at` | `created`, `date`, `timestamp`, `time`, `published_at`, `posted_at` | see `times.moment` |
| `edited_at` | `updated_at`, `modified_at` | see `times.moment` |
| `kind` | `event` | `created` (also where it is missing), `edited`, `deleted` or `restored` |

Case, spaces, hyphens and camelCase do not matter (`Comment ID`, `createdAt`). Where two names of
one field are there, the one further left counts. Whatever else a record holds is kept in `extra`,
unless it is empty.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

from monitor.domain.comments import Author, Comment, CommentEvent, EventKind
from monitor.domain.errors import Rejected
from monitor.sources.times import moment

NAMES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "id": ("id", "comment_id"),
        "text": ("text", "body", "comment", "content", "message", "comment_text"),
        "author": ("author", "author_name", "user", "username", "user_name", "commenter"),
        "author_id": ("author_id", "user_id"),
        "source": ("source", "site"),
        "thread": ("thread", "thread_id", "article", "article_id", "post_id", "topic_id"),
        "parent": ("parent", "parent_id", "in_reply_to", "reply_to"),
        "url": ("url", "link", "permalink"),
        "created_at": ("created_at", "created", "date", "timestamp", "time", "published_at", "posted_at"),
        "edited_at": ("edited_at", "updated_at", "modified_at"),
        "kind": ("kind", "event"),
    }
)
"""The names that each field goes by, the first one ours."""

_EMPTY: Final = (None, "")
_LONGEST_NUMBER: Final = 2**63
_WITHOUT_TEXT: Final = {EventKind.DELETED, EventKind.RESTORED}
_HUMP: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_GAP: Final = re.compile(r"[\s\-]+")

Fields = dict[str, object]


def comment_event(
    record: Mapping[str, object], *, source: str, observed_at: datetime, raw: str | None = None
) -> CommentEvent:
    """Return the event that a record tells of.

    `source` is the site where the record names none, `raw` says where the record stands.

    Raises:
        Rejected: with reason `schema`; the detail names the field, never what it holds.
    """
    fields, extra = _sort(record)
    kind = _kind(fields)
    author, more = _author(fields)
    comment = Comment(
        source=_source(fields) or source,
        native_id=_required(fields, "id"),
        text=_text(fields, optional=kind in _WITHOUT_TEXT),
        author=author,
        thread=_word(fields, "thread"),
        parent=_word(fields, "parent"),
        url=_word(fields, "url"),
        created_at=_time(fields, "created_at"),
        edited_at=_time(fields, "edited_at"),
        extra={**extra, "author": more} if more else extra,
    )
    return CommentEvent(kind=kind, comment=comment, observed_at=observed_at, raw=raw)


def plain(name: str) -> str:
    """Return a field's name as `NAMES` spells it: `Comment ID` and `commentId` are `comment_id`."""
    return _GAP.sub("_", _HUMP.sub("_", name.strip())).lower()


def _sort(record: Mapping[str, object]) -> tuple[Fields, Fields]:
    """Part what has a place in a comment, under our names, from what is extra."""
    by_name = {plain(name): name for name, value in record.items() if value is not None}
    fields: Fields = {}
    taken = set()
    for field, names in NAMES.items():
        found = next((by_name[name] for name in names if name in by_name), None)
        if found is not None:
            fields[field] = record[found]
            taken.add(found)
    return fields, {
        name: value for name, value in record.items() if name not in taken and value not in _EMPTY
    }


def _kind(fields: Fields) -> EventKind:
    try:
        return EventKind((_word(fields, "kind") or EventKind.CREATED).lower())
    except ValueError:
        raise Rejected("schema", f"`kind` is none of {', '.join(EventKind)}") from None


def _author(fields: Fields) -> tuple[Author, Fields]:
    """Return the author, and what the source tells of them beyond id and name."""
    value = fields.get("author")
    given: Fields = {"author_id": fields.get("author_id")}
    more: Fields = {}
    if isinstance(value, dict):
        given["author"] = value.get("name")
        given["author_id"] = value.get("id", given["author_id"])
        more = {name: kept for name, kept in value.items() if name not in {"id", "name"} and kept is not None}
    else:
        given["author"] = value
    name = given["author"]
    if name is not None and not isinstance(name, str):
        raise Rejected("schema", "`author` is neither a name nor an object with `id` and `name`")
    return Author(id=_word(given, "author_id"), name=_word(given, "author")), more


def _source(fields: Fields) -> str | None:
    source = _word(fields, "source")
    if source is not None and ":" in source:
        raise Rejected("schema", "`source` holds a colon, which parts it from the id in a comment's key")
    return source


def _text(fields: Fields, *, optional: bool) -> str:
    value = fields.get("text", "" if optional else None)
    if value is None:
        raise Rejected("schema", "`text` is missing")
    if not isinstance(value, str):
        raise Rejected("schema", "`text` is not text")
    return value


def _required(fields: Fields, field: str) -> str:
    word = _word(fields, field)
    if word is None:
        raise Rejected("schema", f"`{field}` is missing or empty")
    return word


def _word(fields: Fields, field: str) -> str | None:
    """Return a short text without the space around it; a whole number counts as text, "" as not given."""
    value = fields.get(field)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < _LONGEST_NUMBER:
        return str(value)
    if value is None:
        return None
    if not isinstance(value, str):
        raise Rejected("schema", f"`{field}` is neither text nor a whole number")
    return value.strip() or None


def _time(fields: Fields, field: str) -> datetime | None:
    value = fields.get(field)
    return None if value is None or value == "" else moment(value, field)
