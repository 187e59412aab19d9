"""Reads the dead letters back, and sends them on their way again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError

from monitor.domain.dead_letters import DeadLetter
from monitor.domain.errors import Rejected, Retryable
from monitor.ports.wire import EVENTS
from monitor.sources.records import reread
from streams import admin
from streams.connection import client_options
from streams.dead_letters import from_record
from streams.ends import end_offsets
from streams.producer import Record
from streams.topics import MAX_MESSAGE

if TYPE_CHECKING:
    from monitor.settings import KafkaSettings
    from streams.producer import Producer
    from streams.topics import Topic, Topics

PATIENCE: Final = 10.0
"""Seconds without an answer before reading is given up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A dead letter where it stands; `place` (`2-17`: partition, offset) is how a person names it."""

    partition: int
    offset: int
    letter: DeadLetter

    @property
    def place(self) -> str:
        """Return the letter's name."""
        return f"{self.partition}-{self.offset}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which letters are meant; an empty field means all."""

    step: str = ""
    reason: str = ""
    since: datetime | None = None
    places: frozenset[str] = frozenset()

    def takes(self, kept: Kept) -> bool:
        """Return whether this letter is meant."""
        letter = kept.letter
        return (
            (not self.step or letter.step == self.step)
            and (not self.reason or letter.reason == self.reason)
            and (self.since is None or letter.failed_at >= self.since)
            and (not self.places or kept.place in self.places)
        )


async def letters(kafka: KafkaSettings, topic: Topic, selection: Selection) -> AsyncIterator[Kept]:
    """Yield the letters that stand in the topic now, partition by partition, oldest first.

    Raises:
        Retryable: no broker answers.
    """
    partitions = await _partitions(kafka, topic)
    async with _reader(kafka) as consumer:
        for partition in partitions:
            async for kept in _partition(consumer, partition, selection):
                yield kept


async def replay(kept: Kept, producer: Producer, topics: Topics) -> None:
    """Send a letter's payload to where it was going. The letter stays where it is.

    A record that never was a message is read anew, as its source would read it now.

    Raises:
        Rejected: it still cannot be read, or does not say where it was going.
        Retryable: Kafka did not take it.
    """
    letter = kept.letter
    if not letter.origin:
        if not letter.topic:
            raise Rejected("schema", "the message names no topic: another hand put it there")
        await producer.send([Record(letter.topic, letter.key, letter.payload)])
        return
    event = reread(letter.payload, letter.origin, observed_at=letter.failed_at)
    await producer.send([Record(topics.comments.name, event.comment.key.encode(), EVENTS.encode(event))])


@asynccontextmanager
async def _reader(kafka: KafkaSettings) -> AsyncIterator[AIOKafkaConsumer]:
    consumer = AIOKafkaConsumer(
        **client_options(kafka),
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        max_partition_fetch_bytes=MAX_MESSAGE,
    )
    try:
        await consumer.start()
        yield consumer
    except KafkaError as error:
        raise Retryable(f"Kafka at {kafka.bootstrap}: {type(error).__name__}") from error
    finally:
        await consumer.stop()


async def _partitions(kafka: KafkaSettings, topic: Topic) -> list[TopicPartition]:
    """Return the topic's partitions; the admin client asks for them, a consumer only waits to hear."""
    async with admin.admin_client(kafka) as client:
        found = (await admin.existing(client, [topic])).get(topic.name)
    if found is None:
        raise Retryable(f"topic {topic.name} does not exist yet")
    return [TopicPartition(topic.name, partition) for partition in range(found.partitions)]


async def _partition(
    consumer: AIOKafkaConsumer, partition: TopicPartition, selection: Selection
) -> AsyncIterator[Kept]:
    """Yield what is meant between the partition's beginning and its end as of now."""
    end = (await end_offsets(consumer, [partition]))[partition]
    consumer.assign([partition])
    while await consumer.position(partition) < end:
        answer = await consumer.getmany(timeout_ms=round(PATIENCE * 1000))
        if not answer:
            raise Retryable(f"Kafka gave nothing of {partition.topic} for {PATIENCE:.0f} s")
        for message in answer[partition]:
            kept = Kept(partition=message.partition, offset=message.offset, letter=_letter(message))
            if message.offset < end and selection.takes(kept):
                yield kept


def _letter(message: ConsumerRecord) -> DeadLetter:
    written_at = datetime.fromtimestamp(message.timestamp / 1000, UTC)
    return from_record(message.key, message.value, message.headers, written_at=written_at)
