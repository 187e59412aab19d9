"""The processes that judge; one that dies is replaced and its batch judged again."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING, Final, Self, TypeVar

import structlog

from streams.judging import Judged, Loaded, Refused, judge, warm_up
from streams.lifetime import die_with_parent

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import TracebackType

    from monitor.settings import Settings

log = structlog.get_logger()

TRIES: Final = 3
"""How often a batch is judged before what ends the processes is looked for in its messages."""

T = TypeVar("T")


class JudgePool:
    """Judges batches in `settings.worker.judges` processes."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._pool = self._new_pool()

    async def __aenter__(self) -> Self:
        """Return the pool; its processes start with the first work."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the processes; what they are at is thrown away."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def warm_up(self) -> Loaded:
        """Load rules and models in a process.

        Raises:
            Misconfigured: they cannot be loaded.
            Crashed: loading them ends every process.
        """
        return await self._run(warm_up, self._settings)

    async def judge(self, payloads: Sequence[bytes | None]) -> list[Judged | Refused]:
        """Return for each payload, in order, what came of it.

        Raises:
            Crashed: the payloads end every process that judges them.
        """
        return await self._run(judge, self._settings, list(payloads))

    async def _run(self, work: Callable[..., T], *arguments: object) -> T:
        for attempt in range(1, TRIES + 1):
            pool = self._pool
            try:
                return await asyncio.get_running_loop().run_in_executor(pool, work, *arguments)
            except BrokenProcessPool:
                log.warning("judge.died", work=work.__name__, attempt=attempt)
                self._replace(pool)
        raise Crashed

    def _replace(self, broken: ProcessPoolExecutor) -> None:
        """Start anew, once for all batches that the same death threw out."""
        if self._pool is broken:
            broken.shutdown(wait=False, cancel_futures=True)
            self._pool = self._new_pool()

    def _new_pool(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            self._settings.worker.judges,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_begin,
            initargs=(os.getpid(),),
        )


class Crashed(Exception):
    """A batch ended every process that judged it; the guard judges its messages one by one."""


def _begin(parent: int) -> None:
    """Leave no process behind when the worker is killed, and let the worker handle Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    die_with_parent(parent, signal.SIGKILL)
