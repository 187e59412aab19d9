from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import aiohttp
import pytest

from monitor.metrics import Metrics
from monitor.services.health import HealthServer
from streams.readiness import Readiness

Checks = Callable[[], Awaitable[tuple[int, dict[str, str]]]]


@pytest.fixture
async def server() -> AsyncIterator[HealthServer]:
    async with HealthServer(Metrics(), host="127.0.0.1", port=0) as running:
        yield running


@pytest.fixture
async def checks(server: HealthServer) -> AsyncIterator[Checks]:
    """Return a function that asks `/readyz` for its status and what each check says."""
    async with aiohttp.ClientSession(f"http://{server.host}:{server.port}") as client:

        async def ask() -> tuple[int, dict[str, str]]:
            async with client.get("/readyz") as answer:
                return answer.status, (await answer.json())["checks"]

        yield ask


async def test_a_process_says_what_it_waits_for(server: HealthServer, checks: Checks) -> None:
    Readiness(server, "kafka", "rules").reached("kafka")
    assert await checks() == (503, {"kafka": "ok", "rules": "waiting for rules"})


async def test_it_is_ready_once_everything_is_there(server: HealthServer, checks: Checks) -> None:
    readiness = Readiness(server, "kafka", "rules")
    for name in ("rules", "kafka", "kafka"):
        readiness.reached(name)
    assert await checks() == (200, {"kafka": "ok", "rules": "ok"})


async def test_what_is_lost_is_waited_for_again(server: HealthServer, checks: Checks) -> None:
    readiness = Readiness(server, "partitions")
    readiness.reached("partitions")
    readiness.lost("partitions")
    assert await checks() == (503, {"partitions": "waiting for partitions"})
