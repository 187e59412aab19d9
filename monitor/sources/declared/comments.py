"""An item of an answer made a comment: every field of it, or why it cannot be one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from monitor.domain.comments import Author, Comment
from monitor.ports import Unreadable
from monitor.sources.declared.data import encoded, json_or_none
from monitor.sources.declared.documents import Record
from monitor.sources.declared.expressions import Query
from monitor.sources.declared.fields import Field, Place
from monitor.sources.declared.transforms import Setting, Unfit
from monitor.sources.polling.site import Item, Standing, Thread
from monitor.sources.web.message import Answer

EXPECTED: Final = ("author", "created_at", "thread_id", "url")
"""Fields which every item has where the site shows them at all: one that lacks them is counted."""

_MOST_BYTES: Final = 64_000
"""Of an item that cannot be read, this much is kept: in HTML, the replies inside it are in it too."""

_HALF: Final = re.compile("[\ud800-\udfff]")
"""Halves of characters, which JSON can spell and nothing can send."""

_EMPTY: Final[tuple[object, ...]] = (None, "", [], {}, False)
_FALSE_WORDS: Final = frozenset({"false", "0", "no", "null", "none"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Makes comments of items.

    `extra` are fields beyond a comment's own, `drop_if` says which items are none, `raw` keeps the
    item's bytes in the comment, `by_field` takes the site's word for what was edited.
    """

    source: str
    fields: Mapping[str, Field]
    extra: Mapping[str, Field] = field(default_factory=dict)
    drop_if: Sequence[Query | str] = ()
    raw: bool = False
    by_field: bool = False

    def read(self, records: Sequence[Record], answer: Answer, thread: Thread | None) -> Reading:
        """Return the comments of these items; one that cannot be read leaves the others alone."""
        reading = Reading()
        for number, record in enumerate(records, 1):
            if any(record.holds(condition) for condition in self.drop_if):
                continue
            setting = Setting(record=record, base=answer.url, now=answer.received_at)
            try:
                values = {name: each.value(setting) for name, each in self.fields.items()}
                item = self._item(values, setting, thread)
            except Unfit as error:
                reading.unreadable.append(self._unreadable(record, str(error), answer, number))
                continue
            reading.items.append(item)
            reading.missing.update(self._missing(values))
        return reading

    def origins(self, record: Record, answer: Answer) -> Iterator[tuple[str, Place]]:
        """Yield the fields that the item has, each with the place that gave its value."""
        setting = Setting(record=record, base=answer.url, now=answer.received_at)
        for name, each in (*self.fields.items(), *self.extra.items()):
            try:
                _, place = each.found(setting)
            except Unfit:
                continue
            if place is not None:
                yield name, place

    def standing(self, record: Record, answer: Answer) -> Standing:
        """Return whether people can see this item.

        Raises:
            Unfit: it says so in no way that its description knows.
        """
        setting = Setting(record=record, base=answer.url, now=answer.received_at)
        names = [name for name in ("status", "deleted") if name in self.fields]
        return _standing({name: self.fields[name].value(setting) for name in names})

    def _item(self, values: Mapping[str, object], setting: Setting, thread: Thread | None) -> Item:
        standing = _standing(values)
        created = _moment(values, "created_at")
        edited = _moment(values, "edited_at")
        comment = Comment(
            source=self.source,
            native_id=_id(values),
            text=_text(values, standing),
            author=Author(id=_word(values, "author_id"), name=_word(values, "author")),
            thread=thread.id if thread else _word(values, "thread_id"),
            parent=_parent(values),
            url=_filled(_word(values, "url"), thread),
            created_at=created,
            edited_at=edited if edited and (created is None or edited > created) else None,
            extra=self._extra(values, setting),
        )
        return Item(comment=comment, standing=standing, version=self._version(values))

    def _version(self, values: Mapping[str, object]) -> str:
        if not self.by_field:
            return ""
        value = values.get("version") or values.get("edited_at") or ""
        return value.isoformat() if isinstance(value, datetime) else str(value)

    def _extra(self, values: Mapping[str, object], setting: Setting) -> dict[str, object]:
        extra = {name: each.value(setting) for name, each in self.extra.items()}
        extra = {name: _kept(value) for name, value in extra.items() if value is not None}
        if language := _word(values, "lang"):
            extra["lang"] = language
        if self.raw:
            extra["raw"] = setting.record.raw().decode(errors="replace")
        return extra

    def _missing(self, values: Mapping[str, object]) -> Iterator[str]:
        for name in EXPECTED:
            if name in self.fields and values[name] is None and not self.fields[name].optional:
                yield name

    def _unreadable(self, record: Record, detail: str, answer: Answer, number: int) -> Unreadable:
        return Unreadable(
            payload=record.raw()[:_MOST_BYTES],
            reason="schema",
            detail=detail,
            origin=f"site:{self.source}:{_without_query(answer.url)}#{number}",
        )


@dataclass(slots=True)
class Reading:
    """What came of a page's items."""

    items: list[Item] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)
    missing: Counter[str] = field(default_factory=Counter)


def _id(values: Mapping[str, object]) -> str:
    found = _word(values, "id")
    if found is None:
        raise Unfit("`id` is missing")
    return found


def _parent(values: Mapping[str, object]) -> str | None:
    """Return what the comment answers; never itself, though a search around it may find it."""
    parent = _word(values, "parent_id")
    return None if parent == _id(values) else parent


def _text(values: Mapping[str, object], standing: Standing) -> str:
    value = values.get("text")
    if isinstance(value, str):
        return _HALF.sub("\ufffd", value)
    if value is None and standing is Standing.DELETED:
        return ""
    raise Unfit("`text` is missing" if value is None else "`text` is no text")


def _word(values: Mapping[str, object], name: str) -> str | None:
    value = values.get(name)
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, str | int | float):
        raise Unfit(f"`{name}` is neither text nor a number")
    return _HALF.sub("\ufffd", str(value)).strip() or None


def _moment(values: Mapping[str, object], name: str) -> datetime | None:
    value = values.get(name)
    if value is None or isinstance(value, datetime):
        return value
    raise Unfit(f"`{name}` is no time")


def _standing(values: Mapping[str, object]) -> Standing:
    if _true(values.get("deleted")):
        return Standing.DELETED
    status = _word(values, "status")
    if status is None:
        return Standing.VISIBLE
    try:
        return Standing(status.lower())
    except ValueError:
        raise Unfit("`status` is none of visible, pending, spam, deleted; `map` makes it one") from None


def _true(value: object) -> bool:
    if isinstance(value, str):
        return value.strip().lower() not in _FALSE_WORDS and bool(value.strip())
    return value not in _EMPTY and value != 0


def _kept(value: object) -> object:
    """Return a value that can be sent on: times as text, and nothing that JSON could not hold."""
    if isinstance(value, datetime):
        return value.isoformat()
    return value if value is None or isinstance(value, bool) else json_or_none(encoded(value))


def _filled(text: str | None, thread: Thread | None) -> str | None:
    if text is None or "${" not in text or thread is None:
        return text
    return text.replace("${thread.id}", thread.id).replace("${thread.url}", thread.url)


def _without_query(url: str) -> str:
    return urlsplit(url)._replace(query="", fragment="").geturl()
