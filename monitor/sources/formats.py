"""The file formats by name, how a file's own is told, and the way back from a dead letter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from monitor.domain.comments import CommentEvent
from monitor.domain.errors import Misconfigured, Rejected
from monitor.sources.csv_rows import CsvRows, is_heading
from monitor.sources.jsonl import JsonLines
from monitor.sources.lines import BOM
from monitor.sources.page import PageDump
from monitor.sources.reading import Decoder, Position
from monitor.sources.records import comment_event

Format: TypeAlias = Literal["jsonl", "csv", "page"]

DECODERS: Final[Mapping[Format, Callable[[Position], Decoder]]] = MappingProxyType(
    {"jsonl": JsonLines, "csv": CsvRows, "page": PageDump}
)
_SUFFIXES: Final[Mapping[str, Format]] = MappingProxyType(
    {".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".tsv": "csv"}
)


def by_suffix(name: str) -> Format | None:
    """Return the format that a file's name promises, if it does."""
    return next((format_ for suffix, format_ in _SUFFIXES.items() if name.lower().endswith(suffix)), None)


def by_content(head: bytes) -> Format:
    """Return the format of a file that begins like this; a page, where it is neither of the others."""
    text = head.removeprefix(BOM).decode(errors="replace").lstrip()
    if text.startswith("{"):
        return "jsonl"
    return "csv" if is_heading(text.splitlines()) else "page"


def origin(format_: Format, source: str, place: str) -> str:
    """Return what a dead letter says of where it came from: `jsonl:gazette:comments.jsonl:17`."""
    return f"{format_}:{source}:{place}"


def reread(payload: bytes, origin: str, *, observed_at: datetime) -> CommentEvent:
    """Return the event of a record that once was unreadable: the replay of a dead letter.

    `payload` and `origin` are those of the `Unreadable`. After a repaired release, or once a person
    has repaired the payload, the record becomes the very comment it would have been in its file.

    Raises:
        Rejected: it still cannot be read, or the origin is none of a file's records.
    """
    format_, _, rest = origin.partition(":")
    source, _, place = rest.partition(":")
    decoder = next((decoder for name, decoder in DECODERS.items() if name == format_), None)
    if decoder is None or not place:
        raise Rejected("schema", "the origin names no format of a file and no source")
    content = _only(decoder(Position()), payload)
    return comment_event(content, source=source, observed_at=observed_at, raw=f"file:{place}")


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
