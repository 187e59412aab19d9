"""The processes that judge; one that dies is replaced and its batch judged again."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import time
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING, Final, Self, TypeVar

import structlog

from monitor import logs
from streams.brake import ModelBrake
from streams.judging import Judged, Loaded, Refused, begin, judge, warm_up
from streams.lifetime import die_with_parent

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import TracebackType

    from monitor.services.rulebook import Sources
    from monitor.settings import LogSettings, Settings

log = structlog.get_logger()

TRIES: Final = 3
"""How often a batch is judged before what ends the processes is looked for in its messages."""

T = TypeVar("T")


class JudgePool:
    """Judges batches in `settings.worker.judges` processes."""

    def __init__(self, settings: Settings) -> None:
        self._settings = self._used = settings
        self._model = ModelBrake(settings)
        self._missing = ""
        self._digest = ""
        self._last_good: Sources | None = None
        self._pool = self._new_pool()

    async def __aenter__(self) -> Self:
        """Return the pool; its processes start with the first work."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the processes; what they are at is thrown away."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    @property
    def missing(self) -> str:
        """Return why the model that the settings name does not judge now; empty where it does."""
        return self._missing or self._model.complaint

    async def warm_up(self) -> Loaded:
        """Load rules and models in a process.

        Raises:
            Misconfigured: they cannot be loaded.
            Crashed: loading the rules ends every process.
        """
        loaded = self._noted(await self._run_by(self._model, warm_up, self._digest))
        self._missing = loaded.missing
        return loaded._replace(missing=self.missing)

    async def look(self) -> Loaded:
        """Let a judge look at the rule files, and return what it has in force.

        By the settings that were judged by last: no model is loaded for it, and none is proved to work.

        Raises:
            Crashed: every process ends over it.
        """
        return self._noted(await self._run(warm_up, self._used, self._digest))

    async def judge(self, payloads: Sequence[bytes | None], waited: float = 0.0) -> list[Judged | Refused]:
        """Return for each payload, in order, what came of it. `waited`: seconds, the longest of them.

        Raises:
            Crashed: the payloads end every process that judges them, also without the model.
        """
        return await self._run_by(self._model, judge, list(payloads), waited)

    def _noted(self, loaded: Loaded) -> Loaded:
        """Remember the texts of the book in force, for the processes that replace dead ones."""
        if loaded.sources is not None:
            self._digest, self._last_good = loaded.digest, loaded.sources
        return loaded

    async def _run_by(self, model: ModelBrake, work: Callable[..., T], *arguments: object) -> T:
        """Run with the model, and without it where it ends every process."""
        settings = model.settings(time.monotonic())
        try:
            result = await self._run(work, settings, *arguments)
        except Crashed:
            if settings is model.without:
                raise
            result = await self._run(work, model.without, *arguments)
            self._used = model.without
            model.failed(time.monotonic())
            log.warning("model.rests", seconds=model.rest, reason=model.complaint)
        else:
            self._used = settings
            if settings is not model.without:
                model.succeeded()
        return result

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
            initargs=(os.getpid(), self._settings.logs, self._last_good),
        )


class Crashed(Exception):
    """A batch ended every process that judged it; the guard judges its messages one by one."""


def _begin(parent: int, choices: LogSettings, last_good: Sources | None) -> None:
    """Leave no process behind when the worker is killed, and let the worker handle Ctrl-C."""
    logs.configure(choices, "judge")
    begin(last_good)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    die_with_parent(parent, signal.SIGKILL)
