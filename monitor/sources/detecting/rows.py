"""Arrays in an answer of JSON that look like comments, and where the fields stand in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from monitor.sources.declared.moments import Dating, NoMoment

Field = Mapping[str, object]
"""A field as a source file writes it: `path`, `transform`, `null_if`."""

_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "text": (
        "raw_message", "raw", "body_text", "text", "body", "comment", "comment_text", "content", "message",
        "plain", "rendered", "body_html", "html", "comment_body", "textoriginal", "inhalt", "texto", "texte",
    ),
    "id": ("id", "uuid", "_id", "comment_id", "commentid", "guid", "objectid", "post_id", "key", "uid"),
    "author": (
        "author", "name", "username", "user_name", "author_name", "display_name", "displayname", "nickname",
        "nick", "login", "user", "by", "authordisplayname",
    ),
    "author_id": ("author_id", "user_id", "userid", "authorid", "account_id"),
    "created_at": (
        "created_at", "createdat", "created", "published_at", "publishedat", "published", "date_gmt", "date",
        "timestamp", "time", "creation_date", "posted_at", "datetime", "inserted_at", "ts",
    ),
    "edited_at": (
        "edited_at", "editedat", "updated_at", "updatedat", "updated", "modified_at", "modified", "edited",
    ),
    "parent_id": (
        "parent_id", "parentid", "parent", "reply_to", "in_reply_to", "in_reply_to_id", "replyto",
        "reply_to_id",
    ),
    "thread_id": (
        "thread_id", "threadid", "thread", "article_id", "articleid", "story_id", "topic_id", "page_id",
        "uri", "post",
    ),
    "url": ("url", "link", "permalink", "html_url", "href"),
}  # fmt: skip
"""How comment systems call their fields, the likeliest name first; small letters."""

_MARKUP: Final = re.compile(r"<(?:p|br|a|div|blockquote|em|strong|span)\b|&(?:#\d+|amp|lt|quot);")
_SAMPLE: Final = 50
_DEEPEST: Final = 4
_LONG: Final = 20
_LATER: Final = datetime(2200, 1, 1, tzinfo=UTC)
"""No time of a comment is after this: whether a value is a time does not depend on today."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """An array of what may be comments: its path in the answer, and the fields in each."""

    items: str
    count: int
    fields: Mapping[str, Field]


def rows(data: object) -> Rows | None:
    """Return the array that looks most like comments, None where none has ids and words."""
    found = [made for path, array in _arrays(data, "", 0) if (made := _rows(path, array)) is not None]
    return max(found, key=lambda each: (len(each.fields), each.count), default=None)


def _arrays(data: object, path: str, level: int) -> Iterator[tuple[str, Sequence[Mapping[str, object]]]]:
    """Yield the arrays of objects with their JMESPath."""
    if isinstance(data, list):
        objects = [each for each in data if isinstance(each, dict)]
        if objects and len(objects) == len(data):
            yield path or "@", objects
        return
    if not isinstance(data, dict) or level > _DEEPEST:
        return
    for name, value in data.items():
        yield from _arrays(value, f"{path}.{_quoted(name)}" if path else _quoted(name), level + 1)


def _rows(path: str, array: Sequence[Mapping[str, object]]) -> Rows | None:
    columns = _columns(array[:_SAMPLE])
    fields = {name: field for name in _NAMES if (field := _field(name, columns, len(array[:_SAMPLE])))}
    if "text" not in fields or "id" not in fields:
        return None
    return Rows(items=path, count=len(array), fields=fields)


def _columns(array: Sequence[Mapping[str, object]]) -> Mapping[str, list[object]]:
    """Return every value that stands in the objects, by its path."""
    columns: dict[str, list[object]] = {}
    for each in array:
        for path, value in _values(each, "", 0):
            columns.setdefault(path, []).append(value)
    return columns


def _values(each: Mapping[str, object], path: str, level: int) -> Iterator[tuple[str, object]]:
    for name, value in each.items():
        here = f"{path}.{_quoted(name)}" if path else _quoted(name)
        if isinstance(value, dict) and level < _DEEPEST:
            yield from _values(value, here, level + 1)
        elif isinstance(value, str | int | float) and not isinstance(value, bool):
            yield here, value


def _field(name: str, columns: Mapping[str, list[object]], count: int) -> Field | None:
    """Return where this field stands, if anywhere."""
    fitting = [path for path, values in columns.items() if _fits(name, path, values, count)]
    path = min(fitting, key=lambda path: (_position(name, path), path.count("."), path), default=None)
    if path is None:
        return None
    field: dict[str, object] = {"path": path}
    if name == "text" and any(_MARKUP.search(str(value)) for value in columns[path]):
        field["transform"] = ["html_to_text"]
    if name == "parent_id" and any(value in (0, "0") for value in columns[path]):
        field["null_if"] = ["0"]
    return field


def _position(name: str, path: str) -> int:
    """Return how likely a path is this field: its own name first, then that of what it stands in."""
    parts = path.lower().replace('"', "").split(".")
    known = _NAMES[name]
    last = known.index(parts[-1]) if parts[-1] in known else len(known)
    around = any(part in known for part in parts[:-1])
    if last == len(known):
        return last + 1
    return last if not parts[:-1] or around else last + len(known) // 2


def _fits(name: str, path: str, values: Sequence[object], count: int) -> bool:
    parts = path.lower().replace('"', "").split(".")
    named = parts[-1] in _NAMES[name] or (
        name in _INNER and parts[0] in _NAMES[name] and parts[-1] in _INNER[name]
    )
    if not named or (name in {"id", "author_id", "parent_id", "thread_id", "url"} and _someone_elses(parts)):
        return False
    return _CHECKS.get(name, _anything)(values, count)


_INNER: Final = {"text": {"rendered", "html", "plain", "text", "raw"}, "author": {"name"}}
_PEOPLE: Final = frozenset({"author", "user", "account", "owner", "creator", "profile"})


def _someone_elses(parts: Sequence[str]) -> bool:
    """Return whether the value is of the author rather than of the comment."""
    return any(part in _PEOPLE for part in parts[:-1])


def _is_text(values: Sequence[object], _: int) -> bool:
    words = [value for value in values if isinstance(value, str)]
    return (
        len(words) == len(values) and any(" " in value for value in words) and max(map(len, words)) >= _LONG
    )


def _is_id(values: Sequence[object], count: int) -> bool:
    return len(values) == count == len(set(values))


def _is_name(values: Sequence[object], _: int) -> bool:
    return all(isinstance(value, str) and len(value) < 2 * _LONG * _DEEPEST for value in values)


def _is_time(values: Sequence[object], _: int) -> bool:
    return all(_moment(value) for value in values)


def _moment(value: object) -> bool:
    try:
        Dating().moment(value, _LATER)
    except NoMoment:
        return False
    return True


def _is_url(values: Sequence[object], _: int) -> bool:
    return all(isinstance(value, str) and "/" in value for value in values)


def _anything(_: Sequence[object], __: int) -> bool:
    return True


_CHECKS: Final = {
    "text": _is_text,
    "id": _is_id,
    "author": _is_name,
    "created_at": _is_time,
    "edited_at": _is_time,
    "url": _is_url,
}


def _quoted(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z_]\w*", name) else f'"{name}"'
