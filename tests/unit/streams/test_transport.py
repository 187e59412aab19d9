from __future__ import annotations

import asyncio

import pytest

from streams.transport import Begun, Eager


async def test_what_never_waits_has_ended_at_once() -> None:
    async def answer() -> int:
        return 42

    begun = Begun(answer())
    assert begun.ended
    assert 42 == begun.result


async def test_what_waits_goes_on_in_a_task_where_it_stood() -> None:
    steps: list[str] = []
    door: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def enter() -> str:
        steps.append("knocked")
        name = await door
        await asyncio.sleep(0)
        steps.append("entered")
        return name

    begun = Begun(enter())
    assert not begun.ended
    assert ["knocked"] == steps
    task = asyncio.ensure_future(begun)
    door.set_result("ann")
    assert "ann" == await task
    assert ["knocked", "entered"] == steps


async def test_it_can_be_awaited_without_a_task() -> None:
    async def answer() -> int:
        await asyncio.sleep(0)
        return 42

    assert 42 == await Begun(answer())


def test_an_error_before_it_waits_is_raised_at_once() -> None:
    async def fail() -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        Begun(fail())


async def test_an_error_after_it_waited_is_raised_by_its_task() -> None:
    async def fail() -> None:
        await asyncio.sleep(0)
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await asyncio.ensure_future(Begun(fail()))


@pytest.mark.parametrize("steps", [0, 1, 2])
async def test_cancelling_its_task_reaches_where_it_waits(steps: int) -> None:
    lock = asyncio.Lock()

    async def hold() -> None:
        async with lock:
            await asyncio.Event().wait()

    begun = Begun(hold())
    assert lock.locked()
    task = asyncio.ensure_future(begun)
    for _ in range(steps):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait({task})
    assert task.cancelled()
    assert not lock.locked()


async def test_what_it_waits_for_while_it_is_cancelled_is_waited_for() -> None:
    farewell = asyncio.Event()

    async def leave() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await farewell.wait()

    task = asyncio.ensure_future(Begun(leave()))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.sleep(0)
    assert not task.done()
    farewell.set()
    await asyncio.wait({task})
    assert task.cancelled()


@pytest.fixture
async def service() -> Eager:
    return Eager()


async def test_what_is_first_and_never_waits_wins(service: Eager) -> None:
    async def answer() -> int:
        return 42

    results = await service.wait_first(answer(), asyncio.Event().wait())
    assert ([42], False) == (results.results, results.stopped)


async def test_what_is_second_may_win_and_ends_the_first(service: Eager) -> None:
    ended = asyncio.Event()
    suspended = asyncio.Event()

    async def stand_in_line() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    waiting = asyncio.ensure_future(service.wait_first(stand_in_line(), suspended.wait()))
    await asyncio.sleep(0)
    suspended.set()
    assert [True] == (await waiting).results
    await asyncio.wait_for(ended.wait(), 5)


async def test_an_error_is_raised_and_nothing_is_left_waiting(service: Eager) -> None:
    async def fail() -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await service.wait_first(fail(), asyncio.Event().wait())


async def test_a_service_that_has_stopped_says_so(service: Eager) -> None:
    async def answer() -> int:
        return 42

    await service.start()
    await service.stop()
    results = await service.wait_first(answer(), asyncio.Event().wait())
    assert ([], True) == (results.results, results.stopped)
