"""One process from start to end: logs, its web server, its signals, its exit."""

from __future__ import annotations

import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog
import uvloop

from monitor import logs
from monitor.metrics import Metrics
from monitor.services.health import HealthServer
from streams.lifeline import Lifeline, Stopped
from streams.lifetime import die_with_parent

if TYPE_CHECKING:
    from monitor.settings import Settings

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a process stands among the others of its machine.

    `index` chooses its port; `parent` is the supervisor that it must not outlive.
    """

    role: str
    index: int = 0
    parent: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a process's work is given."""

    settings: Settings
    metrics: Metrics
    health: HealthServer
    lifeline: Lifeline


Work = Callable[[Surroundings], Awaitable[None]]
"""What a process does; it ends when the lifeline does, or earlier."""


def run(settings: Settings, place: Place, work: Work) -> None:
    """Do `work` until it ends or the process is told to stop.

    Raises:
        MonitorError: what the work failed with.
    """
    if place.parent is not None:
        die_with_parent(place.parent, signal.SIGTERM)
    logs.configure(settings.logs, place.role)
    uvloop.run(_run(settings, place, work))


async def _run(settings: Settings, place: Place, work: Work) -> None:
    lifeline = Lifeline()
    lifeline.heed_signals()
    metrics = Metrics()
    port = settings.http.port_of(place.index)
    async with HealthServer(metrics, host=settings.http.host, port=port) as health:
        log.info("process.listening", port=health.port)
        try:
            await work(Surroundings(settings=settings, metrics=metrics, health=health, lifeline=lifeline))
        except Stopped:
            log.info("process.stopped_before_ready")
