"""How long a process runs: until a signal, or a failure that no dead letter can hold."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable
from itertools import chain, repeat
from typing import Final, TypeVar

import structlog

from monitor.domain.errors import Retryable

log = structlog.get_logger()

PAUSES: Final = (0.2, 0.5, 1.0, 2.0, 5.0)
"""Seconds between tries to reach what must be there at start; the last repeats."""

T = TypeVar("T")


class Stopped(Exception):  # noqa: N818
    """The process was asked to stop before it was ready."""


class Lifeline:
    """Ends once, by `stop` or by `failed`."""

    def __init__(self) -> None:
        self._end: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def heed_signals(self) -> None:
        """Stop on SIGTERM and SIGINT."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stop)

    def stop(self) -> None:
        """End well."""
        if not self._end.done():
            self._end.set_result(None)

    def failed(self, error: BaseException) -> None:
        """End with this error, unless it has ended."""
        if not self._end.done():
            self._end.set_exception(error)

    async def wait(self) -> None:
        """Return when the process shall stop; raise what it failed with."""
        await asyncio.shield(self._end)

    async def race(self, work: Awaitable[T]) -> T:
        """Return what `work` gives, or give it up when the process shall stop.

        Raises:
            Stopped: it was asked to.
        """
        task = asyncio.ensure_future(work)
        await asyncio.wait({task, self._end}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            return task.result()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        self._end.result()
        raise Stopped

    async def patiently(self, attempt: Callable[[], Awaitable[T]]) -> T:
        """Return what `attempt` gives, however long it takes until it works: a broker may start later.

        Raises:
            Stopped: the process was asked to stop first.
        """
        for pause in chain(PAUSES, repeat(PAUSES[-1])):
            try:
                return await self.race(attempt())
            except Retryable as error:
                log.warning("start.waiting", reason=str(error), pause=pause)
                await self.race(asyncio.sleep(pause))
        raise AssertionError("unreachable: the pauses never end")
