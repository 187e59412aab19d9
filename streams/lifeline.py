"""How long a process runs: until a signal, or a failure that no dead letter can hold."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


class Stopped(Exception):
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

    def tie(self, task: asyncio.Task[None]) -> None:
        """Fail with a background task that fails."""

        def ended(task: asyncio.Task[None]) -> None:
            if not task.cancelled() and (error := task.exception()):
                self.failed(error)

        task.add_done_callback(ended)

    def at_end(self, callback: Callable[[], object]) -> None:
        """Call this when it ends, however."""
        self._end.add_done_callback(lambda _: callback())

    async def wait(self) -> None:
        """Return when the process shall stop; raise what it failed with."""
        await asyncio.shield(self._end)

    async def race(self, work: Awaitable[T]) -> T:
        """Return what `work` gives, or give it up when the process shall stop.

        Raises:
            Stopped: it was asked to.
        """
        task = asyncio.ensure_future(work)
        self._end.add_done_callback(lambda _: task.cancel())
        try:
            return await task
        except asyncio.CancelledError:
            if not self._end.done():
                raise
        self._end.result()
        raise Stopped
