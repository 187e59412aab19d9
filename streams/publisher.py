"""Puts what sources read onto the comments topic."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from monitor.domain.dead_letters import DeadLetter
from monitor.ports.wire import EVENTS
from monitor.sources.lines import KEPT
from streams.dead_letters import to_record
from streams.producer import Record
from streams.topics import MAX_COMMENT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.domain.comments import CommentEvent
    from monitor.metrics import Metrics
    from monitor.ports import Clock, Unreadable
    from streams.producer import Sender
    from streams.topics import Topics

STEP: Final = "ingest"

HEADROOM: Final = 4096
"""Bytes of a message that are neither key nor value: headers, the record's own frame."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KafkaPublisher:
    """The port `Publisher` on Kafka."""

    producer: Sender
    topics: Topics
    clock: Clock
    metrics: Metrics

    async def publish(self, events: Sequence[CommentEvent]) -> None:
        """Return once every event is acknowledged; what is too large for its topic is buried.

        Raises:
            Retryable: Kafka did not take all of them.
        """
        messages = [(event.comment.key.encode(), EVENTS.encode(event)) for event in events]
        topic = self.topics.comments.name
        await self.producer.send(Record(topic, key, value) for key, value in messages if _fits(key, value))
        await self._bury([self._oversized(key, value) for key, value in messages if not _fits(key, value)])

    async def bury(self, letters: Sequence[Unreadable]) -> None:
        """Return once every unreadable record stands in the dead letters.

        Raises:
            Retryable: Kafka did not take all of them.
        """
        await self._bury([self._unread(letter) for letter in letters])

    async def _bury(self, letters: Sequence[DeadLetter]) -> None:
        if letters:
            await self.producer.send(to_record(self.topics.dead_letters.name, letter) for letter in letters)
        for letter in letters:
            self.metrics.dead_letter(letter.step, letter.reason)

    def _unread(self, record: Unreadable) -> DeadLetter:
        return self._letter(record.reason, record.detail, record.payload, origin=record.origin)

    def _oversized(self, key: bytes, value: bytes) -> DeadLetter:
        """Keep the beginning only: no replay will ever bring the whole onto the road."""
        detail = (
            f"the comment takes {len(value):,} bytes, {MAX_COMMENT:,} fit; the first {KEPT:,} are kept here"
        )
        return self._letter("too_large", detail, value[:KEPT], key=key[:KEPT])

    def _letter(
        self, reason: str, detail: str, payload: bytes, *, key: bytes | None = None, origin: str = ""
    ) -> DeadLetter:
        return DeadLetter(
            step=STEP,
            reason=reason,
            detail=detail,
            topic=self.topics.comments.name,
            partition=-1,
            offset=-1,
            failed_at=self.clock(),
            payload=payload,
            key=key,
            origin=origin,
        )


def _fits(key: bytes, value: bytes) -> bool:
    return len(key) + len(value) + HEADROOM <= MAX_COMMENT
