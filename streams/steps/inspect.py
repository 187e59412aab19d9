"""Judges comments: every event gives a verdict, every live match an observation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from streams.clock import now
from streams.guard import Failure, Message, Outcome
from streams.judging import Judged, Refused
from streams.producer import Record

if TYPE_CHECKING:
    from monitor.metrics import Metrics
    from monitor.ports import Clock
    from streams.pool import JudgePool
    from streams.topics import Topics


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspect:
    """Stateless; the work is done by the pool."""

    pool: JudgePool
    topics: Topics
    metrics: Metrics
    clock: Clock = now
    name: str = "inspect"

    async def process(self, messages: Sequence[Message]) -> Outcome:
        """Return a verdict a comment, and the observations; what is no comment fails alone."""
        waited = self._waited(messages)
        results = await self.pool.judge([message.value for message in messages], waited)
        judged = [result for result in results if isinstance(result, Judged)]
        return Outcome(
            records=list(self._records(messages, results)),
            failures=[
                Failure(message, result.reason, result.detail)
                for message, result in zip(messages, results, strict=True)
                if isinstance(result, Refused)
            ],
            done=lambda: self._count(judged),
        )

    def _waited(self, messages: Sequence[Message]) -> float:
        """Return how long the oldest message has waited in Kafka, in seconds."""
        moment = self.clock().timestamp()
        return max([moment - each.written_at for each in messages if each.written_at] + [0.0])

    def _records(self, messages: Sequence[Message], results: Sequence[Judged | Refused]) -> Iterator[Record]:
        """Yield what to produce. A verdict takes its comment's partition: their topics match."""
        for message, result in zip(messages, results, strict=True):
            if isinstance(result, Judged):
                yield Record(self.topics.verdicts.name, result.key, result.verdict, message.partition)
                for key, observation in result.observations:
                    yield Record(self.topics.observations.name, key, observation)

    def _count(self, judged: Sequence[Judged]) -> None:
        self.metrics.missing(model=bool(self.pool.missing))
        for result in judged:
            self.metrics.judged(result.facts)
