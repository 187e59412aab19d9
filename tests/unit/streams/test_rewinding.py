"""No record that was fetched before a seek may be handed over after it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from aiokafka.errors import IllegalStateError, KafkaConnectionError
from faust.types import TP

from streams.rewinding import Rewinding


class Broker:
    """Stands for Faust's consumer: fetches and seeks end when the test lets them."""

    def __init__(self) -> None:
        self.fetched: asyncio.Queue[str] = asyncio.Queue()
        self.may_seek = asyncio.Event()
        self.may_seek.set()
        self.seeks = 0
        self.fails = 0
        self.partitions = {TP("comments", 0)}

    def assignment(self) -> set[TP]:
        return self.partitions

    async def perform_seek(self) -> None:
        await self.may_seek.wait()
        if self.fails:
            self.fails -= 1
            raise KafkaConnectionError
        self.seeks += 1

    async def _wait_next_records(self, timeout: float) -> tuple[str, None]:  # noqa: ARG002, ASYNC109 - Faust's signature
        return await self.fetched.get(), None


LOST = 9
"""The partition that went to another worker."""


@dataclass(slots=True)
class Group:
    """Stands for Faust's consumer: knows what is committed, and where each partition is read next."""

    committed: dict[TP, int | None]
    place: dict[TP, int] = field(default_factory=dict)

    async def seek_to_committed(self) -> dict[TP, int | None]:
        """Do as aiokafka does."""
        self.place |= {tp: offset for tp, offset in self.committed.items() if offset and offset > 0}
        return self.committed

    async def earliest_offsets(self, *partitions: TP) -> dict[TP, int]:
        """Return where retention has left the beginning: at 3, everywhere."""
        return dict.fromkeys(partitions, 3)

    async def seek(self, partition: TP, offset: int) -> None:
        if partition.partition == LOST:
            raise IllegalStateError
        self.place[partition] = offset

    def _is_changelog_tp(self, tp: TP) -> bool:
        return str(tp.topic) == "windows"


class GroupConsumer(Rewinding, Group):  # type: ignore[misc]
    """Faust's consumer, made good."""


class Consumer(Rewinding, Broker):
    async def next(self) -> object:
        records, _ = await self._wait_next_records(1.0)
        return records


async def fetching(consumer: Consumer) -> asyncio.Task[object]:
    task = asyncio.create_task(consumer.next())
    await asyncio.sleep(0)
    return task


async def test_records_are_handed_over_where_nobody_seeks() -> None:
    consumer = Consumer()
    consumer.fetched.put_nowait("records")
    assert await consumer.next() == "records"
    assert consumer.seeks == 0


async def test_a_fetch_that_a_seek_came_into_is_void_and_the_next_begins_with_a_seek() -> None:
    consumer = Consumer()
    fetch = await fetching(consumer)
    await consumer.perform_seek()
    consumer.fetched.put_nowait("from before the seek")
    assert await fetch is None

    consumer.fetched.put_nowait("from the committed offset")
    assert await consumer.next() == "from the committed offset"
    assert consumer.seeks == 2


async def test_a_fetch_that_ends_within_a_seek_is_void() -> None:
    consumer = Consumer()
    consumer.may_seek.clear()
    fetch = await fetching(consumer)
    seek = asyncio.create_task(consumer.perform_seek())
    await asyncio.sleep(0)
    consumer.fetched.put_nowait("who knows from where")
    assert await fetch is None
    consumer.may_seek.set()
    await seek


async def test_a_fetch_that_begins_within_a_seek_is_void() -> None:
    consumer = Consumer()
    consumer.may_seek.clear()
    seek = asyncio.create_task(consumer.perform_seek())
    await asyncio.sleep(0)
    fetch = await fetching(consumer)
    consumer.may_seek.set()
    await seek
    consumer.fetched.put_nowait("who knows from where")
    assert await fetch is None


async def test_nothing_is_fetched_until_the_seek_has_worked() -> None:
    consumer = Consumer()
    fetch = await fetching(consumer)
    await consumer.perform_seek()
    consumer.fetched.put_nowait("void")
    await fetch
    consumer.fails = 2
    consumer.fetched.put_nowait("good")
    assert [await consumer.next() for _ in range(3)] == [None, None, "good"]


async def test_a_partition_of_which_nothing_was_committed_is_read_from_its_beginning_again() -> None:
    committed = {TP("comments", 0): 7, TP("comments", 1): None, TP("comments", 2): 0}
    consumer = GroupConsumer(committed, place=dict.fromkeys(committed, 40))
    assert await consumer.seek_to_committed() == committed
    assert consumer.place == {TP("comments", 0): 7, TP("comments", 1): 3, TP("comments", 2): 3}


async def test_a_partition_that_went_to_another_worker_meanwhile_holds_up_no_other() -> None:
    committed: dict[TP, int | None] = {TP("comments", LOST): None, TP("comments", 1): None}
    consumer = GroupConsumer(committed)
    await consumer.seek_to_committed()
    assert consumer.place == {TP("comments", 1): 3}


async def test_a_changelog_stays_where_recovery_left_it() -> None:
    windows = TP("windows", 0)
    consumer = GroupConsumer({windows: None}, place={windows: 40})
    await consumer.seek_to_committed()
    assert consumer.place == {windows: 40}


async def test_a_consumer_without_partitions_does_not_seek_and_goes_on() -> None:
    consumer = Consumer()
    fetch = await fetching(consumer)
    await consumer.perform_seek()
    consumer.fetched.put_nowait("void")
    await fetch
    consumer.partitions = set()
    consumer.fetched.put_nowait("of the next assignment")
    assert await consumer.next() == "of the next assignment"
    assert consumer.seeks == 1
