"""A running process says when the broker is away, and when it is back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress

import aiohttp
import pytest

from monitor.metrics import Metrics
from monitor.services.health import HealthServer
from monitor.settings import KafkaSettings
from streams.embedded import EmbeddedBroker
from streams.producer import Producer
from streams.pulse import feel_pulse
from streams.readiness import Readiness
from tests.deployment import eventually


@pytest.fixture
def broker() -> Iterator[EmbeddedBroker]:
    with EmbeddedBroker() as broker:
        yield broker


@pytest.fixture
async def health(broker: EmbeddedBroker) -> AsyncIterator[HealthServer]:
    """Yield the web server of a process that runs on this broker and looks at it often."""
    metrics = Metrics()
    kafka = KafkaSettings(bootstrap=broker.bootstrap, idempotence=False)
    async with HealthServer(metrics, host="127.0.0.1", port=0) as health, Producer(kafka) as producer:
        pulse = asyncio.create_task(
            feel_pulse(kafka, producer, Readiness(health, "kafka"), metrics, every=0.05)
        )
        yield health
        pulse.cancel()
        with suppress(asyncio.CancelledError):
            await pulse


async def test_a_process_is_ready_while_the_broker_answers_it(
    broker: EmbeddedBroker, health: HealthServer
) -> None:
    async with aiohttp.ClientSession(f"http://127.0.0.1:{health.port}") as client:

        async def told(status: int, up: str) -> bool:
            async with client.get("/readyz") as ready, client.get("/metrics") as metrics:
                return ready.status == status and f"comment_monitor_broker_up {up}" in await metrics.text()

        await eventually("the broker answers", lambda: told(200, "1.0"))
        broker.stop()
        await eventually("the broker is missed", lambda: told(503, "0.0"))
        broker.start()
        await eventually("the broker is found again", lambda: told(200, "1.0"))
