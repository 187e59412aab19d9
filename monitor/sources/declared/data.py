"""Answers that are data: JSON, feeds, JSON lines, CSV and lines of text, all read by JMESPath."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import feedparser
import msgspec

from monitor.domain.errors import Retryable
from monitor.sources.declared.documents import Spot, Whose
from monitor.sources.declared.expressions import Query
from monitor.sources.web.charset import decoded
from monitor.sources.web.message import Answer

_DEEPEST: Final = 50
"""Replies in replies are followed so far."""

_NO_JSON: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)

_FAILURES: Final = (ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError)
"""What feedparser raises of its own accord on feeds that are broken enough."""

Decode = Callable[[Answer], object]
"""Makes an answer data.

Raises:
    Retryable: it is none of the format.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which data are items: a path in the answer, and a path in each item to the replies inside it.

    `empty` says that nothing at the path means no items; otherwise it is an answer gone wrong.
    """

    items: Query
    replies: Query | None = None
    empty: bool = False


@dataclass(frozen=True, slots=True)
class DataOpener:
    """Opens answers of one of these formats."""

    decode: Decode
    selection: Selection

    def __call__(self, answer: Answer) -> DataDocument:
        """Return the data with what is an item in them."""
        return DataDocument(self.decode(answer), self.selection)


@dataclass(frozen=True, slots=True)
class DataDocument:
    """An answer that is data."""

    content: object
    selection: Selection

    def records(self) -> Sequence[DataRecord]:
        """Return the items, replies after what they answer; nulls are left out."""
        found = self.selection.items.search(self.content)
        if found is None and not self.selection.empty:
            raise Retryable(f"the answer has nothing at `{self.selection.items.text}`, where comments stand")
        return list(self._unfolded(_listed(found), None, 0))

    def find(self, spot: Spot) -> object:
        """Return what stands at the spot in the whole answer."""
        if spot.const is not None:
            return spot.const
        return spot.path.search(self.content) if spot.path else None

    def _unfolded(self, items: list[object], parent: DataRecord | None, level: int) -> Iterator[DataRecord]:
        for item in items:
            if item is None:
                continue
            record = DataRecord(item, self, parent)
            yield record
            if self.selection.replies is not None and level < _DEEPEST:
                replies = _listed(self.selection.replies.search(item))
                yield from self._unfolded(replies, record, level + 1)


@dataclass(frozen=True, slots=True)
class DataRecord:
    """One item, with the page it stands in and the item it is a reply inside of."""

    content: object
    page: DataDocument
    parent: DataRecord | None = None

    def find(self, spot: Spot) -> object:
        """Return what stands at the spot."""
        if spot.whose is Whose.PAGE:
            return self.page.find(spot)
        if spot.const is not None:
            return spot.const
        if spot.inherited is not None:
            return spot.inherited.search(self.parent.content) if self.parent else None
        return spot.path.search(self.content) if spot.path else None

    def holds(self, condition: Query | str) -> bool:
        """Return whether the predicate is true of the item."""
        return isinstance(condition, Query) and condition.holds(self.content)

    def raw(self) -> bytes:
        """Return the item as JSON."""
        return encoded(self.content)


def _listed(value: object) -> list[object]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def json_data(answer: Answer) -> object:
    """Return what the JSON says."""
    try:
        return _decoded(answer.body)
    except _NO_JSON:
        pass
    try:
        value: object = json.loads(decoded(answer))
    except (ValueError, RecursionError):
        raise Retryable("the answer is no JSON") from None
    return value


def encoded(value: object) -> bytes:
    """Return data as JSON, whatever JSON it came from: halves of characters and endless numbers too."""
    try:
        return msgspec.json.encode(value, enc_hook=str)
    except (UnicodeEncodeError, OverflowError, RecursionError):
        return json.dumps(value, default=str).encode()


def json_or_none(body: bytes) -> object:
    """Return what a body says where it is JSON in UTF-8, as errors are."""
    try:
        return _decoded(body)
    except _NO_JSON:
        return None


def _decoded(body: bytes) -> object:
    value: object = msgspec.json.decode(body)
    return value


def json_lines(answer: Answer) -> object:
    """Return one item a line; a line that is no JSON stands as its text."""
    return [_json_or_text(line) for line in decoded(answer).splitlines() if line.strip()]


def _json_or_text(line: str) -> object:
    try:
        value: object = json.loads(line)
    except (ValueError, RecursionError):
        return line
    return value


def csv_rows(answer: Answer) -> object:
    """Return one item a row, by the names in the first row; empty cells are null."""
    text = decoded(answer)
    try:
        dialect: type[csv.Dialect] | csv.Dialect = csv.Sniffer().sniff(text[:4096], delimiters=",;\t|")
    except csv.Error:
        dialect = csv.excel
    try:
        rows = list(csv.DictReader(io.StringIO(text, newline=""), dialect=dialect))
    except csv.Error:
        raise Retryable("the answer is no CSV") from None
    return [{name.strip(): value or None for name, value in row.items() if name} for row in rows]


def text_lines(answer: Answer) -> object:
    """Return one item a line that holds something: its `text`, its `line`, and an `id` made of the text."""
    return [
        {"id": hashlib.sha256(line.encode()).hexdigest()[:20], "line": number, "text": line.strip()}
        for number, line in enumerate(decoded(answer).splitlines(), 1)
        if line.strip()
    ]


def feed_entries(answer: Answer) -> object:
    """Return the feed with its `entries`.

    Only bytes are given to feedparser, never an address: it must not go to the network. They are
    decoded as all answers are, because it fails on encodings that are none. Its own cleaning of HTML
    is left out, because the text is all that is taken of it.
    """
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": answer.url}
    body = io.BytesIO(decoded(answer).encode(errors="replace"))
    try:
        parsed = feedparser.parse(
            body, response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )
    except _FAILURES:
        raise Retryable("the answer is no feed that can be read") from None
    entries = parsed.get("entries") or []
    if not parsed.get("version") and not entries:
        raise Retryable("the answer is no feed")
    return {"feed": _plain(parsed.get("feed") or {}), "entries": [_plain(entry) for entry in entries]}


def _plain(entry: Mapping[str, object]) -> dict[str, object]:
    """Return the entry as a mapping that has no opinions of its own about missing keys."""
    return dict(entry.items())
