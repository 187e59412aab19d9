"""`author`: who wrote the comment, as far as the source says."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Final

from monitor.engine import given
from monitor.engine.conditions import text
from monitor.engine.conditions.composition import All
from monitor.engine.conditions.forms import Form
from monitor.engine.conditions.values import Values

if TYPE_CHECKING:
    from monitor.engine.conditions.base import Condition
    from monitor.engine.conditions.grammar import Grammar
    from monitor.engine.cursor import Cursor
    from monitor.engine.subject import Subject

_COUNTS: Final[Mapping[str, str]] = {
    "comments": "how many comments of theirs were seen here",
    "confirmed_alerts": "how many alerts about them people confirmed",
    "karma": "the site's score of them",
}
_AGES: Final[Mapping[str, tuple[str, str]]] = {
    "account_age": ("author.created_at", "how old the account was when they wrote"),
    "first_seen": ("author.first_seen_at", "how long before that they were first seen here"),
}
_FLAGS: Final[Mapping[str, str]] = {
    "trusted": "the site trusts them",
    "banned": "the site has banned them",
    "is_thread_author": "they also began the thread",
}
_WORDS: Final[Mapping[str, str]] = {"roles": "one of these roles", "badges": "one of these badges"}


def _known(subject: Subject) -> bool:
    return subject.event.comment.author.key is not None


def _age(name: str, subject: Subject) -> float | None:
    since = given.time(subject.event.comment, name)
    return None if since is None else (subject.event.time - since).total_seconds()


def _number(key: str, subject: Subject) -> float | None:
    return given.number(subject.event.comment, f"author.{key}")


def _flag(key: str, subject: Subject) -> bool | None:
    return given.flag(subject.event.comment, f"author.{key}")


def _words(key: str, subject: Subject) -> frozenset[str] | None:
    return given.words(subject.event.comment, f"author.{key}")


_VALUES: Final = Values(
    forms={
        "known": Form(kind="flag", says="the source says who wrote the comment"),
        **{key: Form(kind="duration", says=says) for key, (_, says) in _AGES.items()},
        **{key: Form(kind="count", says=says) for key, says in _COUNTS.items()},
        **{key: Form(kind="flag", says=says) for key, says in _FLAGS.items()},
        **{key: Form(kind="texts", says=says) for key, says in _WORDS.items()},
    },
    numbers={
        **{key: partial(_age, name) for key, (name, _) in _AGES.items()},
        **{key: partial(_number, key) for key in _COUNTS},
    },
    flags={"known": _known, **{key: partial(_flag, key) for key in _FLAGS}},
    words={key: partial(_words, key) for key in _WORDS},
)

FORM: Final = Form(
    says="who wrote the comment; what the source does not give is unknown",
    kind="group",
    keys={"name": text.form("author.name"), **_VALUES.forms},
    example='author: {account_age: "< 2d", trusted: false}',
)


def read(cursor: Cursor, grammar: Grammar) -> Condition | None:
    """Read `author: {name: {matchers}, known: true, account_age: "< 2d", …}`."""
    fields = cursor.fields(FORM.keys, hint="such as `author: {name: {words: [bot]}}`")
    if fields is None:
        return None
    parts = _VALUES.read(fields, "author.")
    if name := fields.get("name"):
        parts.append(text.read_field(name, "author.name", grammar))
    if not parts and not fields.refused:
        cursor.error("`author` asks for nothing", "write one of: " + ", ".join(FORM.keys))
    sound = tuple(part for part in parts if part is not None)
    if not sound or len(sound) < len(parts) or fields.refused:
        return None
    return sound[0] if len(sound) == 1 else All(sound)
