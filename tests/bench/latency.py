"""How long from a comment that is produced to its alert that a webhook has received."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from statistics import quantiles
from typing import Final

from aiohttp import web

from monitor.domain.comments import CommentEvent
from streams.producer import Producer
from tests.bench.broker import record
from tests.bench.generated import alerts, comments
from tests.bench.stage import Stage, stage

RATE: Final = 200
"""Comments a second."""

MATCHING: Final = 0.1
"""Share of them that opens an alert: more than in life, so that the 99th percentile means something."""

WARM_UP: Final = 5.0
"""Seconds whose alerts are not counted."""

LAST_ALERT: Final = 30.0
"""Seconds to wait for the alerts that are still on their way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """Milliseconds from the moment that a comment was due to be produced to its delivered alert."""

    comments: int
    alerts: int
    p50: float
    p95: float
    p99: float
    most: float


@dataclass(slots=True)
class Desk:
    """A webhook receiver that notes when it first heard of each comment."""

    arrivals: dict[str, float] = field(default_factory=dict)
    url: str = ""

    async def take(self, request: web.Request) -> web.Response:
        """Take one delivery."""
        now = time.monotonic()
        alert = (await request.json())["data"]
        self.arrivals.setdefault(alert["comment"]["native_id"], now)
        return web.Response()


async def measure(bootstrap: str, seconds: int) -> Latency:
    """Produce comments at an even rate for so long, and wait for the alerts."""
    async with (
        _desk() as desk,
        stage(bootstrap, desk.url) as on,
        on.worker() as worker,
        on.notifier() as notifier,
    ):
        await worker.ready()
        await notifier.ready()
        size = round((WARM_UP + seconds) * RATE)
        events = list(comments(size, on.book.slurs, matching=MATCHING, at=datetime.now(UTC)))
        due = await _produce(on, events)
        await _all_arrived({event.comment.native_id for event in events if alerts(event)}, desk)
    return _latency(due, desk.arrivals)


async def _produce(on: Stage, events: list[CommentEvent]) -> dict[str, float]:
    """Produce each comment when it is due, whatever has become of the others; return when that was."""
    due: dict[str, float] = {}
    start = time.monotonic() + 1 / RATE
    async with Producer(on.kafka) as producer, asyncio.TaskGroup() as sending:
        for number, event in enumerate(events):
            moment = due[event.comment.native_id] = start + number / RATE
            await asyncio.sleep(max(0.0, moment - time.monotonic()))
            sending.create_task(producer.send([record(on.kafka, event)]))
    return due


async def _all_arrived(expected: set[str], desk: Desk) -> None:
    deadline = time.monotonic() + LAST_ALERT
    while missing := expected - desk.arrivals.keys():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{len(missing)} of {len(expected)} alerts did not arrive")
        await asyncio.sleep(0.1)


def _latency(due: dict[str, float], arrivals: dict[str, float]) -> Latency:
    counted = min(due.values()) + WARM_UP
    delays = sorted((arrivals[name] - due[name]) * 1000 for name in arrivals if due[name] >= counted)
    at = quantiles(delays, n=100, method="inclusive")
    return Latency(comments=len(due), alerts=len(delays), p50=at[49], p95=at[94], p99=at[98], most=delays[-1])


@asynccontextmanager
async def _desk() -> AsyncIterator[Desk]:
    """Yield a receiver that listens."""
    desk = Desk()
    app = web.Application()
    app.router.add_post("/", desk.take)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        desk.url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
        yield desk
    finally:
        await runner.cleanup()
