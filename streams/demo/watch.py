"""Follows a run from outside, as anyone could: by reading the topics and the alerts file."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec
from aiokafka import AIOKafkaConsumer, TopicPartition

from monitor.ports.wire import ALERTS, VERDICTS
from streams.app import group_of
from streams.connection import client_options
from streams.ends import end_offsets

if TYPE_CHECKING:
    from collections.abc import Iterable

    from monitor.domain.alerts import Alert
    from monitor.domain.verdicts import Verdict
    from monitor.settings import KafkaSettings
    from streams.topics import Topics

POLL_MS: Final = 100


class _Line(msgspec.Struct):
    """What tells deliveries apart in the alerts file."""

    id: str
    revision: int


@dataclass(slots=True, kw_only=True)
class Seen:
    """What came out so far. Repeats count once."""

    judged: set[str] = field(default_factory=set)
    languages: Counter[str] = field(default_factory=Counter)
    alerts: dict[str, Alert] = field(default_factory=dict)
    events: set[str] = field(default_factory=set)
    dead: int = 0

    def verdict(self, verdict: Verdict) -> None:
        """Count a verdict."""
        key = verdict.event.comment.key
        if key not in self.judged:
            self.judged.add(key)
            self.languages[verdict.signals.language.code] += 1

    def alert(self, alert: Alert) -> None:
        """Keep the newest state of an alert."""
        self.events.add(alert.delivery_id)
        known = self.alerts.get(alert.id)
        if known is None or known.revision < alert.revision:
            self.alerts[alert.id] = alert


class Watch:
    """Reads verdicts, alerts and dead letters; knows when a run has come to rest."""

    def __init__(self, kafka: KafkaSettings, topics: Topics) -> None:
        self.seen = Seen()
        self._kafka = kafka
        self._topics = topics
        names = [topics.verdicts.name, topics.alerts.name, topics.dead_letters.name]
        options = client_options(kafka)
        self._reader = AIOKafkaConsumer(
            *names, **options, auto_offset_reset="earliest", fetch_max_wait_ms=POLL_MS
        )
        self._ends = AIOKafkaConsumer(**options, enable_auto_commit=False, fetch_max_wait_ms=POLL_MS)
        self._worker = AIOKafkaConsumer(
            **options, group_id=group_of(kafka, "worker"), enable_auto_commit=False
        )

    @property
    def _consumers(self) -> tuple[AIOKafkaConsumer, ...]:
        return self._reader, self._ends, self._worker

    async def start(self) -> None:
        """Connect."""
        for consumer in self._consumers:
            await consumer.start()

    async def stop(self) -> None:
        """Disconnect."""
        for consumer in self._consumers:
            await consumer.stop()

    async def look(self) -> bool:
        """Take in what is new; return whether there was anything."""
        answer = await self._reader.getmany(timeout_ms=POLL_MS)
        for partition, messages in answer.items():
            if partition.topic == self._topics.verdicts.name:
                for message in messages:
                    self.seen.verdict(VERDICTS.decode(message.value))
            elif partition.topic == self._topics.alerts.name:
                for message in messages:
                    self.seen.alert(ALERTS.decode(message.value))
            else:
                self.seen.dead += len(messages)
        return bool(answer)

    async def at_rest(self, delivered: Iterable[str]) -> bool:
        """Return whether every observation was counted, and every alert event delivered."""
        return self.seen.events <= set(delivered) and await self._counted()

    async def _counted(self) -> bool:
        topic = self._topics.observations
        partitions = [TopicPartition(topic.name, number) for number in range(topic.partitions)]
        for partition, end in (await end_offsets(self._ends, partitions)).items():
            if end and (await self._worker.committed(partition) or 0) < end:
                return False
        return True


def deliveries(alerts: Path) -> list[str]:
    """Return the delivery ids in an alerts file, without a last line that is still being written."""
    lines = alerts.read_bytes().split(b"\n")[:-1]
    read = [msgspec.json.decode(line, type=_Line) for line in lines if line]
    return [f"{line.id}.{line.revision}" for line in read]
