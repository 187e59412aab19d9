"""Makes batches of records, as comment events and as records that cannot be read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal

from monitor.domain.comments import CommentEvent
from monitor.domain.errors import Rejected
from monitor.ports import Batch, Clock, Unreadable
from monitor.sources.formats import Format
from monitor.sources.reading import Position, Record
from monitor.sources.records import comment_event, origin

POLL_SECONDS: Final = 0.5
"""How often a followed file is asked for more."""

BATCH_BYTES: Final = 4_000_000
"""A batch ends at this size too, so that memory stays bounded when records are large."""


def now() -> datetime:
    """Return this machine's time."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How files are read. `site` is the source of comments that name none."""

    site: str
    format: Format | Literal["auto"] = "auto"
    batch: int = 500
    clock: Clock = now
    poll_seconds: float = POLL_SECONDS


class Tray:
    """Collects records for one batch."""

    def __init__(self, reading: Reading, format_: Format, place: str) -> None:
        self._reading = reading
        self._format: Format = format_
        self._place = place
        self._events: list[CommentEvent] = []
        self._unreadable: list[Unreadable] = []
        self._bytes = 0
        self._end = Position()

    @property
    def empty(self) -> bool:
        """Return whether there is nothing for a batch."""
        return not (self._events or self._unreadable)

    @property
    def full(self) -> bool:
        """Return whether the batch must go before another record comes."""
        records = len(self._events) + len(self._unreadable)
        return records >= self._reading.batch or self._bytes >= BATCH_BYTES

    def add(self, record: Record) -> None:
        """Put one record in, as an event or as one that cannot be read."""
        try:
            self._events.append(self._event(record))
        except Rejected as error:
            self._unreadable.append(
                Unreadable(
                    payload=record.payload,
                    reason=error.reason,
                    detail=error.detail,
                    origin=origin(self._format, self._reading.site, f"{self._place}:{record.line}"),
                )
            )
        self._bytes += len(record.payload)
        self._end = record.end

    def batch(self, mark: Callable[[Position], str]) -> Batch:
        """Return what was collected, and begin anew. `mark` makes the cursor after it."""
        batch = Batch(events=tuple(self._events), cursor=mark(self._end), unreadable=tuple(self._unreadable))
        self._events, self._unreadable, self._bytes = [], [], 0
        return batch

    def _event(self, record: Record) -> CommentEvent:
        if isinstance(record.content, Rejected):
            raise record.content
        return comment_event(
            record.content,
            source=self._reading.site,
            observed_at=self._reading.clock(),
            raw=f"file:{self._place}#{record.offset}",
        )
