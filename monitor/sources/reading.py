"""What every file format gives and takes: positions, records and the decoder between them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from monitor.domain.errors import Rejected


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """How far a file was read: so many bytes, so many lines.

    `state` is what a format must know beyond that to go on there, such as the heading of a table.
    """

    offset: int = 0
    line: int = 0
    state: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One record of a file: its fields, or why it has none.

    `payload` can be decoded again by itself, without the file it came from. `offset` and `line`
    (from 1) say where the record begins; reading goes on at `end`.
    """

    payload: bytes
    offset: int
    line: int
    end: Position
    content: Mapping[str, object] | Rejected


class Decoder(Protocol):
    """Cuts the bytes of one file, handed over in order, into records.

    Where the bytes are cut into chunks makes no difference. Results must be used up before the
    next call.
    """

    def feed(self, chunk: bytes) -> Iterable[Record]:
        """Return the records that are complete with this chunk."""
        ...

    def finish(self) -> Iterable[Record]:
        """Return what is left now that the file is at its end."""
        ...
