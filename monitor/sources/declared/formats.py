"""The formats that answers come in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from monitor.sources.declared.data import (
    DataOpener,
    Decode,
    Selection,
    csv_rows,
    feed_entries,
    json_data,
    json_lines,
    text_lines,
)
from monitor.sources.declared.documents import Opener
from monitor.sources.declared.expressions import PATTERN, QUERY, SELECTOR, compile_query
from monitor.sources.declared.fields import Family
from monitor.sources.declared.pages import Elements, PageOpener
from monitor.sources.forms import FLAG, TEXT, TEXT_AT, Given, Key, group, listing


class Format(StrEnum):
    """How an answer is written."""

    JSON = "json"
    HTML = "html"
    FEED = "feed"
    JSONL = "jsonl"
    CSV = "csv"
    TEXT = "text"

    @property
    def family(self) -> Family:
        """Return what its items are."""
        return "page" if self is Format.HTML else "data"

    @property
    def public(self) -> bool:
        """Return whether it is made for everyone to read, so that robots.txt speaks of it."""
        return self in {Format.HTML, Format.FEED, Format.TEXT}


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """How a format of data is read, where its items stand, and its media types."""

    decode: Decode
    items: str
    accept: tuple[str, ...]


DATA: Final[Mapping[Format, Written]] = {
    Format.JSON: Written(
        decode=json_data,
        items="@",
        accept=("application/json", "text/json", "text/javascript", "text/plain"),
    ),
    Format.FEED: Written(
        decode=feed_entries,
        items="entries",
        accept=(
            "application/atom+xml", "application/rss+xml", "application/xml", "text/xml",
        ),
    ),
    Format.JSONL: Written(
        decode=json_lines,
        items="@",
        accept=("application/x-ndjson", "application/jsonl", "application/*", "text/plain"),
    ),
    Format.CSV: Written(decode=csv_rows, items="@", accept=("text/csv", "application/*", "text/plain")),
    Format.TEXT: Written(decode=text_lines, items="@", accept=("text/plain",)),
}  # fmt: skip
_PAGE_ACCEPT: Final = ("text/html", "application/xhtml+xml")

ITEMS: Final = Key(
    name="items",
    says="the comments: a JMESPath expression, or in HTML a CSS selector; of several selectors the first "
    "that finds any",
    form=listing(TEXT_AT),
    example="li[id^='comment-']",
)
NESTED: Final = Key(
    name="nested",
    says="in HTML, comments stand inside comments; what is inside a reply is never taken for its parent's "
    "(so it is with `false` too)",
    form=FLAG,
)
REPLIES: Final = Key(
    name="replies", says="in data: where the replies stand inside a comment", form=QUERY, example="children"
)
EMPTY: Final = Key(
    name="empty",
    says="`true`: nothing at `items` means no comments, not an answer gone wrong",
    form=FLAG,
)
ATTR: Final = Key(
    name="attr", says="in HTML: the attribute that `matching` is about; `id` without it", form=TEXT
)
MATCHING: Final = Key(
    name="matching",
    says="in HTML: only elements whose attribute this matches",
    form=PATTERN,
    example="^comment-[0-9]+$",
)
SELECT: Final = group(ITEMS, NESTED, REPLIES, EMPTY, ATTR, MATCHING)


def accept_of(format_: Format) -> tuple[str, ...]:
    """Return the media types that answers of this format have."""
    return _PAGE_ACCEPT if format_ is Format.HTML else DATA[format_].accept


def opener_of(format_: Format, select: Given) -> Opener | None:
    """Return what parses answers of this format; what is wrong with `select` is reported."""
    return _page_opener(select) if format_ is Format.HTML else _data_opener(format_, select)


def _page_opener(select: Given) -> Opener | None:
    for key in select.written(REPLIES, EMPTY):
        select.at(key).error(f"`{key.name}` is for data", "in HTML, nesting is seen in the page itself")
    if ITEMS not in select:
        select.cursor.error("a page of HTML needs `select: {items: …}`", "the CSS selector of a comment")
        return None
    selectors = [css for cursor in select.get(ITEMS) or () if (css := SELECTOR.read(cursor)) is not None]
    if not selectors:
        return None
    return PageOpener(
        Elements(selectors=selectors, attr=select.get(ATTR) or "id", matching=select.get(MATCHING))
    )


def _data_opener(format_: Format, select: Given) -> Opener | None:
    for key in select.written(NESTED, ATTR, MATCHING):
        select.at(key).error(
            f"`{key.name}` is for pages of HTML", "filter data in the path: items[?type=='comment']"
        )
    written = DATA[format_]
    if select.at(ITEMS).is_list():
        select.at(ITEMS).error("`items` is one expression in data", "join several with ||: comments || items")
        return None
    items = QUERY.read(select.at(ITEMS)) if ITEMS in select else compile_query(written.items)
    if items is None:
        return None
    return DataOpener(
        written.decode,
        Selection(items=items, replies=select.get(REPLIES), empty=bool(select.get(EMPTY))),
    )
