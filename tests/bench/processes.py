"""Starts the commands under test as a system would, and reads what the kernel says about them."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Final

import aiohttp

ROOT: Final = Path(__file__).parents[2]

READY_WITHIN: Final = 90.0
"""Seconds: rules and the language model are loaded, partitions assigned."""

GRACE: Final = 30.0
"""Seconds in which a process must end after SIGTERM."""

_TICKS: Final = os.sysconf("SC_CLK_TCK")
_LAST_LINES: Final = 20


@dataclass(frozen=True, slots=True)
class Running:
    """A command that runs, and the file that holds what it says."""

    process: asyncio.subprocess.Process
    log: Path

    def alive(self) -> None:
        """Raise if the process has ended, with its last words."""
        if self.process.returncode is not None:
            last = "\n".join(self._lines()[-_LAST_LINES:])
            raise RuntimeError(f"{self.log.stem} ended with {self.process.returncode}:\n{last}")

    async def ready(self) -> None:
        """Return when the process says by `/readyz` that it is at work."""
        deadline = time.monotonic() + READY_WITHIN
        async with aiohttp.ClientSession() as session:
            while not await self._ready(session):
                self.alive()
                if time.monotonic() > deadline:
                    raise TimeoutError(f"{self.log.stem} was not ready after {READY_WITHIN:.0f} s")
                await asyncio.sleep(0.1)

    def cpu(self) -> dict[str, float]:
        """Return the seconds of CPU used so far, by part."""
        return {name: _cpu_seconds(pid) for name, pid in self._parts()}

    def resident(self) -> dict[str, float]:
        """Return the resident memory now, in MB (10^6 bytes), by part; what parts share counts in each."""
        return {name: _memory(pid, "Rss") / 1e6 for name, pid in self._all_parts()}

    def proportional(self) -> float:
        """Return the memory of all parts now, in MB, what is shared divided among those that share it."""
        return sum(_memory(pid, "Pss") / 1e6 for _, pid in self._all_parts())

    async def stop(self) -> None:
        """End the process, the gentle way if it can be."""
        if self.process.returncode is None:
            self.process.terminate()
        try:
            await asyncio.wait_for(self.process.wait(), GRACE)
        except TimeoutError:
            self.process.kill()
            await self.process.wait()

    async def _ready(self, session: aiohttp.ClientSession) -> bool:
        port = next((line["port"] for line in self._events() if line["event"] == "process.listening"), None)
        if port is None:
            return False
        async with session.get(f"http://127.0.0.1:{port}/readyz") as answer:
            return answer.status == HTTPStatus.OK

    def _events(self) -> Iterator[dict[str, object]]:
        return (json.loads(line) for line in self._lines() if line.startswith("{") and line.endswith("}"))

    def _lines(self) -> list[str]:
        return self.log.read_text(encoding="utf-8", errors="replace").splitlines()

    def _parts(self) -> Iterator[tuple[str, int]]:
        """Yield the process itself as `main`, and those that judge for it."""
        yield "main", self.process.pid
        judging = [child for child in self._children() if b"spawn_main" in _command(child)]
        for number, child in enumerate(judging, 1):
            yield f"judge {number}", child

    def _all_parts(self) -> Iterator[tuple[str, int]]:
        """Yield the same, and what multiprocessing keeps beside them."""
        yield from self._parts()
        for child in self._children():
            if b"resource_tracker" in _command(child):
                yield "tracker", child

    def _children(self) -> list[int]:
        pid = self.process.pid
        return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()]


@asynccontextmanager
async def running(
    name: str, folder: Path, *arguments: str, variables: Mapping[str, str] | None = None
) -> AsyncIterator[Running]:
    """Run `python -m ARGUMENTS` with more `variables`; stop it at the end, and raise if it ended before."""
    log = folder / f"{name}.log"
    with log.open("ab") as out:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            *arguments,
            cwd=ROOT,
            stdout=out,
            stderr=out,
            env={**os.environ, **(variables or {})},
        )
    started = Running(process, log)
    try:
        yield started
        started.alive()
    finally:
        await started.stop()


def _cpu_seconds(pid: int) -> float:
    """Return user and system time of all threads; see proc_pid_stat(5), fields 14 and 15."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _command(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()


def _memory(pid: int, kind: str) -> int:
    """Return the bytes that the kernel counts as this `kind`; see proc_pid_smaps(5)."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{kind}:"))
