"""A broker that is away holds up nobody who shall stop, and nothing is lost over it."""

from __future__ import annotations

import asyncio
import signal
import time
from pathlib import Path

import pytest

from streams.supervisor import GRACE
from tests.brokers import ApacheKafka
from tests.deployment import Deployment, eventually
from tests.workload import workload, write_rules


@pytest.mark.slow
async def test_a_worker_can_be_stopped_while_the_broker_is_away_and_loses_nothing(tmp_path: Path) -> None:
    made = workload(5000)
    with ApacheKafka(tmp_path / "kafka") as broker:
        road = Deployment(
            folder=tmp_path, bootstrap=broker.bootstrap, prefix="outage.", rules=write_rules(tmp_path)
        )
        assert (await road.command("topics", "apply"))[0] == 0
        await road.send(made.events)
        worker = await road.start("worker", "run", "worker")
        try:
            await some_are_judged(road)
            await asyncio.to_thread(broker.kill)
            began = time.monotonic()
            worker.send_signal(signal.SIGTERM)
            await asyncio.wait_for(worker.wait(), GRACE + 10)
            assert time.monotonic() - began < GRACE

            await asyncio.to_thread(broker.start)
            await road.start("next", "run", "worker")
            await all_are_judged(road, made.keys)
        finally:
            await road.stop()


async def some_are_judged(road: Deployment) -> None:
    async with road.tail("verdicts") as verdicts:

        async def some() -> bool:
            return len(await verdicts.look()) > 100

        await eventually("the first comments are judged", some)


async def all_are_judged(road: Deployment, keys: set[str]) -> None:
    async with road.tail("verdicts") as verdicts:

        async def all_there() -> bool:
            return {message.key.decode() for message in await verdicts.look()} == keys

        await eventually("every comment is judged", all_there)
