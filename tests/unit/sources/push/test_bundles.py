from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from monitor.sources.push.bundles import Bundles


async def numbers(count: int, *, error: Exception | None = None) -> AsyncIterator[int]:
    for number in range(count):
        yield number
    if error:
        raise error


async def test_a_bundle_holds_as_much_as_it_may() -> None:
    bundles = Bundles(numbers(5), most=2)
    assert [await bundles.take() for _ in range(4)] == [[0, 1], [2, 3], [4], []]


async def test_a_bundle_goes_when_its_time_is_over() -> None:
    async def hesitant() -> AsyncIterator[int]:
        yield 1
        await go_on.wait()
        yield 2

    go_on = asyncio.Event()
    bundles = Bundles(hesitant(), within=0.01)
    assert await bundles.take() == [1]
    go_on.set()
    assert await bundles.take() == [2]


async def test_what_came_before_a_failure_comes_before_it() -> None:
    bundles = Bundles(numbers(2, error=ValueError("broken")))
    assert await bundles.take() == [0, 1]
    with pytest.raises(ValueError, match="broken"):
        await bundles.take()


async def test_closing_leaves_the_iterator() -> None:
    async def endless() -> AsyncIterator[int]:
        try:
            yield 1
            await asyncio.Event().wait()
        finally:
            left.set()

    left = asyncio.Event()
    bundles = Bundles(endless(), within=0.01)
    await bundles.take()
    await bundles.close()
    assert left.is_set()


async def test_an_end_that_was_read_ahead_may_be_left() -> None:
    bundles = Bundles(numbers(1, error=ValueError("broken")))
    assert await bundles.take() == [0]
    await bundles.close()
