"""The fields that a record of a comment has, and the names that each goes by.

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
from types import MappingProxyType
from typing import Final

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

_HUMP: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_GAP: Final = re.compile(r"[\s\-]+")


def plain(name: str) -> str:
    """Return a field's name as `NAMES` spells it: `Comment ID` and `commentId` are `comment_id`."""
    return _GAP.sub("_", _HUMP.sub("_", name.strip())).lower()
