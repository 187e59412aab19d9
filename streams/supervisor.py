"""Runs the monitor's processes on one machine, and starts again those that die."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import structlog

from monitor.domain.errors import Misconfigured
from monitor.ports.backoff import Backoff

if TYPE_CHECKING:
    from streams.lifeline import Lifeline

log = structlog.get_logger()

MONITOR: Final = (sys.executable, "-m", "monitor")

MISCONFIGURED: Final = 78
"""Exit code of a process that a person must help: starting it again changes nothing."""

BACKOFF: Final = Backoff(first=1.0, longest=30.0)
"""How long to wait before a process that died is started again."""

SETTLED: Final = 60.0
"""A process that ran so many seconds starts its back-off anew."""

GRACE: Final = 30.0
"""Seconds that a process has to end by itself."""


@dataclass(frozen=True, slots=True)
class Child:
    """One process: its name in the logs and its arguments to `comment-monitor`.

    One that is `lasting` is started again when it ends, however it ended. `output` takes what it
    writes to standard output, line by line; without it the process writes to ours. `environment`
    adds to ours.
    """

    name: str
    arguments: Sequence[str]
    lasting: bool = True
    output: Callable[[str], None] | None = None
    environment: Mapping[str, str] = field(default_factory=dict)


class Supervisor:
    """Keeps children running until the lifeline ends.

    `program` is the command line that a child's arguments are put behind.
    """

    def __init__(self, lifeline: Lifeline, program: Sequence[str] = MONITOR) -> None:
        self._lifeline = lifeline
        self._program = program

    async def run(self, children: Sequence[Child]) -> None:
        """Run all children; return when all have ended after the lifeline did.

        Raises:
            Misconfigured: one of them says that a person must help.
        """
        keepers = [asyncio.create_task(self._keep(child)) for child in children]
        for keeper in keepers:
            self._lifeline.tie(keeper)
        try:
            await self._lifeline.wait()
        finally:
            for keeper in keepers:
                keeper.cancel()
            await asyncio.gather(*keepers, return_exceptions=True)

    async def _keep(self, child: Child) -> None:
        failures = 0
        while True:
            began = time.monotonic()
            code = await self._run_once(child)
            if code == MISCONFIGURED:
                hint = "its own message stands above"
                self._lifeline.failed(Misconfigured.plain(f"{child.name} cannot run", hint=hint))
                return
            if code == 0 and not child.lasting:
                log.info("process.done", process=child.name)
                return
            failures = 1 if time.monotonic() - began > SETTLED else failures + 1
            pause = BACKOFF.delay(failures, random.random)
            log.warning("process.died", process=child.name, code=code, pause=round(pause, 2))
            await asyncio.sleep(pause)

    async def _run_once(self, child: Child) -> int:
        process = await asyncio.create_subprocess_exec(
            *self._program,
            *child.arguments,
            "--parent",
            str(os.getpid()),
            stdout=asyncio.subprocess.PIPE if child.output else None,
            env={**os.environ, **child.environment},
        )
        log.info("process.started", process=child.name, pid=process.pid)
        try:
            if child.output and process.stdout:
                async for line in process.stdout:
                    child.output(line.decode(errors="replace").rstrip("\n"))
            return await process.wait()
        finally:
            await _end(process)
            log.info("process.ended", process=child.name, code=process.returncode)


async def _end(process: asyncio.subprocess.Process) -> None:
    """Ask the process to end, and insist after a while."""
    if process.returncode is not None:
        return
    process.send_signal(signal.SIGTERM)
    try:
        await asyncio.wait_for(process.wait(), GRACE)
    except TimeoutError:
        process.kill()
        await process.wait()
