"""Produces records in batches and returns only when all of them are acknowledged."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol, Self

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, MessageSizeTooLargeError
from aiokafka.partitioner import DefaultPartitioner
from aiokafka.producer.message_accumulator import BatchBuilder

from monitor.domain.errors import Rejected, Retryable
from streams.connection import client_options
from streams.greeting import greet
from streams.topics import MAX_MESSAGE

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType

    from monitor.settings import KafkaSettings

BATCH_BYTES: Final = 512 * 1024


@dataclass(frozen=True, slots=True)
class Record:
    """One message to produce; without a partition, its key decides. No value: a tombstone."""

    topic: str
    key: bytes | None
    value: bytes | None
    partition: int | None = None
    headers: tuple[tuple[str, bytes], ...] = ()


class Sender(Protocol):
    """Takes records over durably."""

    async def send(self, records: Iterable[Record], /) -> None:
        """Return once every record is acknowledged; records of one key keep their order.

        Raises:
            Retryable: not all were; sending all of them again is safe.
            Rejected: one is larger than its topic takes (reason `too_large`).
        """
        ...


class Producer:
    """An idempotent producer that waits for all replicas.

    Filling aiokafka's batches by partition ourselves spares one task a message: a third more
    messages a second than `send` (measured, see the benchmark of the road).
    """

    def __init__(self, kafka: KafkaSettings) -> None:
        self._kafka = kafka
        self._partitioner = DefaultPartitioner()
        self._client: AIOKafkaProducer | None = None

    async def __aenter__(self) -> Self:
        """Connect.

        Raises:
            Misconfigured: the cluster does not let us in.
            Retryable: no broker answers.
        """
        await greet(self._kafka)
        self._client = AIOKafkaProducer(
            **client_options(self._kafka),
            acks="all",
            enable_idempotence=self._kafka.idempotence,
            max_batch_size=BATCH_BYTES,
            max_request_size=MAX_MESSAGE,
        )
        try:
            await self._client.start()
        except KafkaError as error:
            await self._client.stop()
            raise Retryable(f"no Kafka broker answers at {self._kafka.bootstrap}") from error
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Send what is on its way and disconnect."""
        if self._client is not None:
            await self._client.stop()

    async def send(self, records: Iterable[Record]) -> None:
        """Return once every record is acknowledged.

        Records of one key keep their order.

        Raises:
            Retryable: not all were; sending all of them again is safe.
            Rejected: one is larger than its topic takes (reason `too_large`).
        """
        try:
            batches = await self._by_partition(records)
            await asyncio.gather(*(self._send_to(*where, batch) for where, batch in batches.items()))
        except MessageSizeTooLargeError as error:
            raise Rejected("too_large", "a record that comes of it is larger than its topic takes") from error
        except KafkaError as error:
            raise Retryable(f"Kafka did not acknowledge: {type(error).__name__}") from error

    async def is_answered(self) -> bool:
        """Return whether a broker answers a question now."""
        return bool(await self._connected.client.force_metadata_update())

    async def _by_partition(self, records: Iterable[Record]) -> dict[tuple[str, int], list[Record]]:
        batches: dict[tuple[str, int], list[Record]] = defaultdict(list)
        for record in records:
            partition = record.partition
            if partition is None:
                partition = await self._partition(record)
            batches[record.topic, partition].append(record)
        return batches

    async def _partition(self, record: Record) -> int:
        partitions = sorted(await self._connected.partitions_for(record.topic))
        return int(self._partitioner(record.key, partitions, partitions))

    async def _send_to(self, topic: str, partition: int, records: list[Record]) -> None:
        """Produce to one partition; a batch that is full goes out before the next is filled."""
        acknowledgements = []
        batch = self._connected.create_batch()
        for record in records:
            if _append(batch, record) is None:
                acknowledgements.append(await self._connected.send_batch(batch, topic, partition=partition))
                batch = self._connected.create_batch()
                _append(batch, record)
        acknowledgements.append(await self._connected.send_batch(batch, topic, partition=partition))
        await asyncio.gather(*acknowledgements)

    @property
    def _connected(self) -> AIOKafkaProducer:
        if self._client is None:
            raise RuntimeError("the producer is used outside of its `async with`")
        return self._client


def _append(batch: BatchBuilder, record: Record) -> object:
    """Return None where the batch is full; the first record of a batch always fits."""
    return batch.append(key=record.key, value=record.value, timestamp=None, headers=list(record.headers))
