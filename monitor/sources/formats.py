"""The file formats by name, and how a file's own is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from monitor.sources.csv_rows import CsvRows, is_heading
from monitor.sources.jsonl import JsonLines
from monitor.sources.lines import BOM
from monitor.sources.page import PageDump
from monitor.sources.reading import Decoder, Position

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
