from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass, field

from streams.conveyor import Carry, Conveyor


@dataclass(slots=True)
class Batches:
    """Batches that are ready when told so; `begun` and `ended` say in which order."""

    begun: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    failures: list[BaseException] = field(default_factory=list)
    ready: dict[str, asyncio.Future[None]] = field(default_factory=dict)

    def batch(self, name: str) -> Carry:
        """Return the carrying of a batch."""
        self.ready[name] = asyncio.get_running_loop().create_future()

        async def carry(before: Awaitable[None]) -> None:
            self.begun.append(name)
            await self.ready[name]
            await before
            self.ended.append(name)

        return carry

    def conveyor(self, depth: int) -> Conveyor:
        """Return a conveyor that reports failures here."""
        return Conveyor(depth, self.failures.append)


async def until_idle() -> None:
    """Let every task go as far as it can."""
    for _ in range(20):
        await asyncio.sleep(0)


async def test_batches_end_in_order_although_later_ones_are_ready_earlier() -> None:
    batches = Batches()
    conveyor = batches.conveyor(depth=4)
    for name in "abc":
        await conveyor.put(batches.batch(name))
    await until_idle()
    for name in "cba":
        batches.ready[name].set_result(None)
        await until_idle()
    assert (batches.begun, batches.ended) == (["a", "b", "c"], ["a", "b", "c"])


async def test_no_more_than_so_many_batches_are_under_way() -> None:
    batches = Batches()
    conveyor = batches.conveyor(depth=2)
    await conveyor.put(batches.batch("a"))
    second = asyncio.create_task(conveyor.put(batches.batch("b")))
    await until_idle()
    assert (batches.begun, second.done()) == (["a", "b"], False)
    batches.ready["a"].set_result(None)
    await until_idle()
    assert (batches.ended, second.done()) == (["a"], True)
    batches.ready["b"].set_result(None)
    await conveyor.drain()


async def test_one_at_a_time_is_left_only_when_it_has_ended() -> None:
    batches = Batches()
    conveyor = batches.conveyor(depth=1)
    only = asyncio.create_task(conveyor.put(batches.batch("a")))
    await until_idle()
    assert (batches.begun, only.done()) == (["a"], False)
    batches.ready["a"].set_result(None)
    await only
    assert batches.ended == ["a"]


async def test_the_first_failure_is_reported_once_and_nothing_behind_it_is_carried_to_its_end() -> None:
    batches = Batches()
    conveyor = batches.conveyor(depth=4)
    for name in "abc":
        await conveyor.put(batches.batch(name))
    error = ValueError()
    batches.ready["b"].set_exception(error)
    batches.ready["a"].set_result(None)
    batches.ready["c"].set_result(None)
    await conveyor.drain()
    assert (batches.ended, batches.failures) == (["a"], [error])


async def test_whoever_waits_for_room_hears_of_the_failure_and_nothing_more_is_carried() -> None:
    batches = Batches()
    conveyor = batches.conveyor(depth=2)
    await conveyor.put(batches.batch("a"))
    waiting = asyncio.create_task(conveyor.put(batches.batch("b")))
    await until_idle()
    batches.ready["a"].set_exception(ValueError())
    batches.ready["b"].set_result(None)
    await asyncio.wait([waiting])
    later = asyncio.create_task(conveyor.put(batches.batch("c")))
    await until_idle()
    batches.ready["c"].set_result(None)
    await asyncio.wait([later])
    await conveyor.drain()
    assert [type(task.exception()) for task in (waiting, later)] == [ValueError, ValueError]
    assert (batches.ended, len(batches.failures)) == ([], 1)


async def test_draining_waits_for_everything_under_way() -> None:
    batches = Batches()
    conveyor = batches.conveyor(depth=3)
    for name in "ab":
        await conveyor.put(batches.batch(name))
    draining = asyncio.create_task(conveyor.drain())
    batches.ready["a"].set_result(None)
    await until_idle()
    assert (batches.ended, draining.done()) == (["a"], False)
    batches.ready["b"].set_result(None)
    await draining
    assert batches.ended == ["a", "b"]
