"""What the benchmarks ask of Kafka: topics of their own, comments on them, how far a topic has grown."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, Self

from aiokafka import AIOKafkaConsumer, TopicPartition

from monitor.domain.comments import CommentEvent
from monitor.ports.wire import EVENTS
from monitor.settings import KafkaSettings
from streams import admin
from streams.producer import Producer, Record
from streams.topics import Topic, topics
from tests.brokers import ApacheKafka

POLL: Final = 0.05
"""Seconds between two looks at a topic's end."""

CHUNK: Final = 2000
"""Comments that are produced before their acknowledgement is awaited."""


@contextmanager
def broker(bootstrap: str | None) -> Iterator[str]:
    """Yield the address of a broker: the one named, or an Apache Kafka started for this run alone."""
    if bootstrap is not None:
        yield bootstrap
        return
    with TemporaryDirectory(prefix="bench-kafka-") as folder, ApacheKafka(Path(folder)) as kafka:
        yield kafka.bootstrap


@asynccontextmanager
async def declared(kafka: KafkaSettings, *more: Topic) -> AsyncIterator[None]:
    """Keep the topics of a deployment, and `more`, for as long as this lasts."""
    await admin.apply(kafka, [*topics(kafka), *more])
    try:
        yield
    finally:
        async with admin.admin_client(kafka) as client:
            names = await client.list_topics()
            await client.delete_topics([name for name in names if name.startswith(kafka.topic_prefix)])


async def produce(kafka: KafkaSettings, events: Iterable[CommentEvent]) -> None:
    """Put the comments on their topic; return when all are acknowledged."""
    records = (record(kafka, event) for event in events)
    async with Producer(kafka) as producer:
        while chunk := list(islice(records, CHUNK)):
            await producer.send(chunk)


def record(kafka: KafkaSettings, event: CommentEvent) -> Record:
    """Return the comment as it goes onto its topic."""
    return Record(topics(kafka).comments.name, event.comment.key.encode(), EVENTS.encode(event))


class Growth:
    """Watches how many records a topic holds."""

    def __init__(self, kafka: KafkaSettings, topic: Topic) -> None:
        self._partitions = [TopicPartition(topic.name, number) for number in range(topic.partitions)]
        self._consumer = AIOKafkaConsumer(bootstrap_servers=kafka.bootstrap, enable_auto_commit=False)

    async def __aenter__(self) -> Self:
        """Return the watcher, connected."""
        await self._consumer.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Disconnect."""
        await self._consumer.stop()

    async def reaches(self, count: int, patience: float, alive: Callable[[], None]) -> tuple[float, int]:
        """Return when (monotonic seconds) the topic was first seen to hold `count`, and how many it held.

        `alive` raises when it makes no sense to wait any longer.

        Raises:
            TimeoutError: it did not within `patience` seconds.
        """
        deadline = time.monotonic() + patience
        while True:
            ends = await self._consumer.end_offsets(self._partitions)
            now, held = time.monotonic(), sum(ends.values())
            if held >= count:
                return now, held
            alive()
            if now > deadline:
                raise TimeoutError(f"{held} of {count} records after {patience:.0f} s")
            await asyncio.sleep(POLL)
