"""Keeps a few batches under way at once, and what they lead to in order."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

Carry = Callable[[Awaitable[None]], Awaitable[None]]
"""Carries one batch; its argument is the carrying of the batch before."""


class Conveyor:
    """Runs up to `depth` batches at once: while one is judged, the next is taken from Kafka.

    `failed` is called once with the first error; nothing behind it is carried to its end, so that
    no offset moves past it.
    """

    def __init__(self, depth: int, failed: Callable[[BaseException], None]) -> None:
        self._depth = depth
        self._failed = failed
        self._broken = False
        self._line: deque[asyncio.Task[None]] = deque()

    async def put(self, carry: Carry) -> None:
        """Start carrying a batch; return when there is room for the next."""
        before = self._line[-1] if self._line else _done()
        task = asyncio.ensure_future(self._carry(carry, before))
        self._line.append(task)
        while len(self._line) >= self._depth:
            await asyncio.shield(self._line[0])
            self._line.popleft()

    async def drain(self) -> None:
        """Return when everything under way has ended."""
        await asyncio.gather(*self._line, return_exceptions=True)

    async def _carry(self, carry: Carry, before: Awaitable[None]) -> None:
        try:
            await carry(before)
        except Exception as error:
            if not self._broken:
                self._broken = True
                self._failed(error)
            raise


def _done() -> asyncio.Future[None]:
    future = asyncio.get_running_loop().create_future()
    future.set_result(None)
    return future
