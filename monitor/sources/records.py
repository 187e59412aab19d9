"""One record of a source, whatever its format, as a comment event, and the way back from a dead letter.

What a record may hold stands in `monitor.sources.fields`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from monitor.domain.comments import Author, Comment, CommentEvent, EventKind
from monitor.domain.errors import Misconfigured, Rejected
from monitor.sources.fields import NAMES, plain
from monitor.sources.formats import DECODERS, Format
from monitor.sources.reading import Decoder, Position
from monitor.sources.times import moment

_EMPTY: Final = (None, "")
_LONGEST_NUMBER: Final = 2**63
_WITHOUT_TEXT: Final = {EventKind.DELETED, EventKind.RESTORED}

_NOT_FROM_FILES: Final[Mapping[str, str]] = {
    "site": (
        "the site of the source {source} shows it still: mend the source's file, start ingest anew, "
        "and it is read there"
    ),
    "webhook": (
        "a webhook brought it to the source {source}: mend the source's file, start ingest anew, "
        "and let the site send it again"
    ),
    "mastodon": "the stream of the source {source} brought it, and brings it no more",
    "jetstream": "the stream of the source {source} brought it, and brings it no more",
}
"""How to come by what was in no file, by the first word of its origin."""

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


def origin(format_: Format, source: str, place: str) -> str:
    """Return what a dead letter says of where it came from: `jsonl:gazette:comments.jsonl:17`."""
    return f"{format_}:{source}:{place}"


def reread(payload: bytes, origin: str, *, observed_at: datetime) -> CommentEvent:
    """Return the event of a record that once was unreadable: the replay of a dead letter.

    `payload` and `origin` are those of the `Unreadable`. After a repaired release, or once a person
    has repaired the payload, the record becomes the very comment it would have been in its file.

    Raises:
        Rejected: it still cannot be read, or the origin is none of a file's records; a record of
            a site or a stream is made a comment by what its source's file says, so the detail tells
            how to come by it.
    """
    format_, _, rest = origin.partition(":")
    source, _, place = rest.partition(":")
    if advice := _NOT_FROM_FILES.get(format_):
        raise Rejected("schema", advice.format(source=source))
    decoder = next((decoder for name, decoder in DECODERS.items() if name == format_), None)
    if decoder is None or not place:
        raise Rejected("schema", "the origin names no format of a file and no source")
    content = _only(decoder(Position()), payload)
    return comment_event(content, source=source, observed_at=observed_at, raw=f"file:{place}")


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


def _only(decoder: Decoder, payload: bytes) -> Mapping[str, object]:
    try:
        records = [*decoder.feed(payload), *decoder.finish()]
    except Misconfigured as error:
        raise Rejected("schema", str(error.problems[0].message)) from None
    if len(records) != 1:
        raise Rejected("malformed", f"the payload holds {len(records)} records, not one")
    content = records[0].content
    if isinstance(content, Rejected):
        raise content
    return content
