"""What sources and their ingest go through, counted and logged."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

import structlog

from streams.faults import name_of, where

if TYPE_CHECKING:
    from monitor.domain.errors import Retryable
    from monitor.metrics import Metrics
    from monitor.ports import Batch
    from monitor.sources.polling.site import Poll

log = structlog.get_logger()

_WELL: Final = frozenset({"read", "unchanged"})


class IngestWatch:
    """Counts what the ingest service and the sources tell, and logs what a person should see.

    It is `services.ingest.IngestObserver` and `sources.kinds.Watch`. A source that is read well says
    nothing in the log; one that gets into trouble or out of it does, once.
    """

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._outcomes: dict[tuple[str, str | None], str] = {}

    def taken(self, source: str, batch: Batch) -> None:
        """Count a batch that is safe."""
        for name, count in Counter(event.comment.source for event in batch.events).items():
            self._metrics.ingested(name, count)
        for reason, count in Counter(record.reason for record in batch.unreadable).items():
            self._metrics.unreadable(source, reason, count)

    def waiting(self, source: str, error: Retryable, seconds: float) -> None:
        """Log that a source waits."""
        log.warning("ingest.waiting", source=source, reason=str(error), pause=round(seconds, 2))

    def polled(self, source: str, poll: Poll) -> None:
        """Count one reading of a site; log what changed for the worse or the better."""
        self._metrics.polled(source, poll)
        if poll.gap:
            log.warning("source.gap", source=source, thread=poll.thread, found=poll.found)
        if poll.disbelieved:
            log.warning("source.deletes_disbelieved", source=source, missing=poll.disbelieved)
        if poll.reworded:
            log.warning("source.edits_disbelieved", source=source, reworded=poll.reworded)
        before = self._outcomes.pop((source, poll.thread), "read")
        if poll.outcome not in _WELL:
            self._outcomes[source, poll.thread] = poll.outcome
        if poll.outcome != before and not {poll.outcome, before} <= _WELL:
            self._changed(source, poll)

    def connected(self, source: str, *, up: bool, reason: str = "") -> None:
        """Count and log that a stream is connected or not; `gap` says that it could not be resumed."""
        self._metrics.source_up(source, up=up)
        if reason == "gap":
            self._metrics.gap(source)
            log.warning("source.gap", source=source)
        if up:
            log.info("source.connected", source=source)
            return
        self._metrics.disconnected(source, reason)
        log.warning("source.disconnected", source=source, reason=reason)

    def knocked(self, source: str, outcome: str) -> None:
        """Count a request to a webhook."""
        self._metrics.knocked(source, outcome)

    def misconfigured(self, source: str, problem: str, seconds: float) -> None:
        """Say that a source cannot work as it is set up, and is tried again after so many seconds."""
        self._metrics.source_up(source, up=False)
        log.error("source.misconfigured", source=source, problem=problem, pause=seconds)

    def broken(self, source: str, error: Exception, seconds: float) -> None:
        """Say that a source failed as nobody expected, and is tried again after so many seconds."""
        self._metrics.source_up(source, up=False)
        log.error("source.broken", source=source, error=name_of(error), where=where(error), pause=seconds)

    def _changed(self, source: str, poll: Poll) -> None:
        if poll.outcome in _WELL:
            log.info("source.well_again", source=source, thread=poll.thread)
            return
        log.warning(
            "source.troubled",
            outcome=poll.outcome,
            source=source,
            thread=poll.thread,
            reason=poll.trouble,
            pause=round(poll.next_in, 2),
        )
