"""What a source gives beyond the fields of a comment, by documented names.

A name such as `author.karma` is looked for in the comment's `extra` as `author.karma`, as
`author_karma`, and as `karma` inside a group `author`. What is not there, or is of another kind than
its name means, is unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from monitor.domain.comments import Comment

NAMES: Final[Mapping[str, str]] = {
    "author.created_at": "when the account was made: a time with its zone, or seconds since 1970",
    "author.first_seen_at": "when this author was first seen here",
    "author.comments": "how many comments of this author were seen",
    "author.confirmed_alerts": "how many alerts about this author people confirmed",
    "author.karma": "the site's score of the author",
    "author.trusted": "true for authors the site trusts",
    "author.banned": "true for authors the site has banned",
    "author.is_thread_author": "true where the author also began the thread",
    "author.roles": "a list of roles: moderator, staff",
    "author.badges": "a list of badges",
    "parent.text": "the comment that this one answers",
    "parent.author.name": "who wrote that one",
    "thread.title": "the title of the article or thread",
    "thread.url": "its address",
    "thread.section": "the section it stands in",
    "thread.started_at": "when its first comment was written",
    "reports": "how many readers reported the comment",
    "votes": "readers' votes for it less those against it",
    "depth": "how deep in replies it stands; 0 is no reply",
}
"""The names that conditions know, and what each holds."""

TIMES: Final = frozenset({"author.created_at", "author.first_seen_at", "thread.started_at"})
"""Those that hold a time."""


def given(comment: Comment, name: str) -> object:
    """Return what the source gave by this name; None where it gave nothing."""
    extra = comment.extra
    for spelling in (name, name.replace(".", "_")):
        if spelling in extra:
            return extra[spelling]
    group, _, rest = name.partition(".")
    inner = extra.get(group)
    if isinstance(inner, Mapping) and rest:
        return inner.get(rest, inner.get(rest.replace(".", "_")))
    return None


def text(comment: Comment, name: str) -> str | None:
    """Return a text."""
    value = given(comment, name)
    return value if isinstance(value, str) else None


def number(comment: Comment, name: str) -> float | None:
    """Return a number."""
    value = given(comment, name)
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return float(value)
    except ValueError:
        return None


def flag(comment: Comment, name: str) -> bool | None:
    """Return true or false."""
    value = given(comment, name)
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.strip().lower())
    return value if isinstance(value, bool) else None


def words(comment: Comment, name: str) -> frozenset[str] | None:
    """Return a list of words, or one, in small letters."""
    value = given(comment, name)
    if isinstance(value, str):
        return frozenset({value.casefold()})
    if isinstance(value, list | tuple):
        return frozenset(word.casefold() for word in value if isinstance(word, str))
    return None


def time(comment: Comment, name: str) -> datetime | None:
    """Return a time; one without a zone is unknown, because nobody can say when it was."""
    value = given(comment, name)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _from_seconds(value)
    return moment(value) if isinstance(value, str) else None


def moment(written: str) -> datetime | None:
    """Return the time that is written here in ISO 8601; None without a zone, or where it is none."""
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        return None
    return found if found.tzinfo else None


def _from_seconds(value: float) -> datetime | None:
    try:
        return datetime.fromtimestamp(value, UTC)
    except (OverflowError, ValueError, OSError):
        return None
