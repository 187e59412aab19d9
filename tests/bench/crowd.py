"""Many sources in one process: what it weighs and needs, and whether every host is asked politely."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from uuid import uuid4

import aiohttp

from monitor.settings import KafkaSettings
from tests.bench.broker import declared
from tests.bench.hosts import RATE
from tests.bench.processes import Running, running
from tests.bench.rulebook import rule_book
from tests.deployment import Deployment, Tail

SOURCE: Final = """\
id: host-{number}
preset: json
url: http://{host}:{port}/comments.json
incremental: {{order: newest_first}}
poll: {{every: {every}s, min: {every}s, max: {every}s}}
politeness: {{rate: 1/s, networks: [127.0.0.0/8]}}
---
"""

WARM_UP: Final = 30.0
"""Seconds in which every source is read for the first time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """What one process did in `seconds`; a host allows `RATE` requests a second. MB are 10^6 bytes."""

    sources: int
    every: float
    seconds: float
    requests: int
    unchanged: int
    told: int
    lost: int
    violations: int
    cpu: float
    resident: float
    resident_first: float

    @property
    def per_second(self) -> float:
        """Return the requests a second."""
        return self.requests / self.seconds

    @property
    def allowed(self) -> float:
        """Return the requests a second that the hosts together allow."""
        return RATE * self.sources


async def measure(bootstrap: str, sources: int, every: float, seconds: float) -> Crowd:
    """Let one ingest process poll so many hosts, each every so many seconds, for a while."""
    async with hosts() as (port, session), ingesting(bootstrap, sources, every, port) as (process, tail):
        await asyncio.sleep(WARM_UP)
        first, before, cpu, began = (
            process.resident(),
            await _figures(session),
            process.cpu(),
            time.monotonic(),
        )
        await asyncio.sleep(seconds)
        after, cpu_after, passed = await _figures(session), process.cpu(), time.monotonic() - began
        process.alive()
        last = process.resident()
        await asyncio.sleep(2 * every)  # what was written until then must be told by now
        told = len({record.key for record in await tail.look()})
        assert not after["violations"], after["first"]
        return Crowd(
            sources=sources,
            every=every,
            seconds=passed,
            requests=_number(after, "requests") - _number(before, "requests"),
            unchanged=_number(after, "unchanged") - _number(before, "unchanged"),
            told=told,
            lost=max(0, _number(after, "comments") - told),
            violations=_number(after, "violations"),
            cpu=(cpu_after["main"] - cpu["main"]) / passed,
            resident=last["main"],
            resident_first=first["main"],
        )


@asynccontextmanager
async def hosts() -> AsyncIterator[tuple[int, aiohttp.ClientSession]]:
    """Serve the sites in a process of their own."""
    with TemporaryDirectory(prefix="bench-hosts-") as name:
        async with running("hosts", Path(name), "tests.bench.hosts") as process:
            port = await _port(process)
            async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:
                yield port, session


@asynccontextmanager
async def ingesting(
    bootstrap: str, sources: int, every: float, port: int
) -> AsyncIterator[tuple[Running, Tail]]:
    """Run the product's ingest process over the source files of so many hosts."""
    kafka = KafkaSettings(bootstrap=bootstrap, topic_prefix=f"bench-{uuid4().hex[:8]}.")
    with TemporaryDirectory(prefix="bench-crowd-") as name:
        folder = Path(name)
        deployment = Deployment(
            folder=folder,
            bootstrap=bootstrap,
            prefix=kafka.topic_prefix,
            rules=rule_book().write(folder),
            sources=_files(folder, sources, every, port),
        )
        line = ("monitor", "--config", str(deployment.settings), "run", "ingest")
        async with declared(kafka), running("ingest", folder, *line) as process:
            await process.ready()
            async with deployment.tail("comments") as tail:
                yield process, tail


def _files(folder: Path, sources: int, every: float, port: int) -> Path:
    """Write all sources into one file; every one has an address of its own, 127.1.0.0 and up."""
    path = folder / "sources.yaml"
    path.write_text(
        "".join(
            SOURCE.format(
                number=number, host=f"127.1.{number // 250}.{number % 250 + 1}", port=port, every=f"{every:g}"
            )
            for number in range(sources)
        )
    )
    return path


async def _port(process: Running) -> int:
    deadline = time.monotonic() + 30
    while not (told := process.log.read_text("utf-8").strip()):
        process.alive()
        assert time.monotonic() < deadline, "the hosts did not start"
        await asyncio.sleep(0.05)
    return int(told.splitlines()[0])


async def _figures(session: aiohttp.ClientSession) -> dict[str, object]:
    async with session.get("/figures") as answer:
        figures: dict[str, object] = await answer.json()
        return figures


def _number(figures: dict[str, object], name: str) -> int:
    return int(str(figures[name]))
