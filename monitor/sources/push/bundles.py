"""Bundles what a stream gives, so that a cursor is saved a few times a second and not once an event."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Final, Generic, TypeVar

MOST: Final = 500
WITHIN: Final = 0.5

T = TypeVar("T")


class Bundles(Generic[T]):
    """Takes from an iterator by number and by time.

    At most one item is read ahead: while nobody takes, the stream is left to wait where it is.
    """

    def __init__(self, items: AsyncIterator[T], *, most: int = MOST, within: float = WITHIN) -> None:
        self._items = items
        self._most = most
        self._within = within
        self._next: asyncio.Task[T] | None = None

    async def take(self) -> list[T]:
        """Return the next items: as many as come within the time after the first one, and at most `most`.

        Empty means that there are no more. What the iterator raises is raised once the items before
        it were taken.
        """
        items: list[T] = []
        until = 0.0
        clock = asyncio.get_running_loop().time
        while len(items) < self._most:
            upcoming = self._upcoming()
            await asyncio.wait({upcoming}, timeout=until - clock() if items else None)
            if not upcoming.done() or (items and _failed(upcoming)):
                break
            self._next = None
            try:
                items.append(upcoming.result())
            except StopAsyncIteration:
                break
            until = until or clock() + self._within
        return items

    async def close(self) -> None:
        """Stop reading ahead."""
        if self._next is not None:
            self._next.cancel()
            await asyncio.gather(self._next, return_exceptions=True)
            self._next = None

    def _upcoming(self) -> asyncio.Task[T]:
        if self._next is None:
            self._next = asyncio.create_task(self._one())
        return self._next

    async def _one(self) -> T:
        return await anext(self._items)


def _failed(task: asyncio.Task[T]) -> bool:
    return task.exception() is not None
