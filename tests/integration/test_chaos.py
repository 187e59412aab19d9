"""Processes are killed at any moment, the broker too: nothing is lost, nobody is told twice."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from random import Random

import pytest
from aiohttp import web
from aiokafka import ConsumerRecord

from monitor.domain.alerts import Alert
from monitor.ports.wire import ALERTS, VERDICTS
from monitor.services.lane import Pace
from tests.brokers import ApacheKafka
from tests.deployment import Deployment, Desk, Tail, eventually
from tests.workload import Expected, Workload, workload, write_rules

WORKERS = 2


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    desk = Desk()
    app = web.Application()
    app.router.add_post("/", desk.take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    desk.url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    yield desk
    await runner.cleanup()


@pytest.mark.slow
async def test_nothing_is_lost_and_nobody_is_told_twice(
    tmp_path: Path, desk: Desk, request: pytest.FixtureRequest
) -> None:
    made = workload(request.config.getoption("--road-size"))
    rules = write_rules(tmp_path)
    with ApacheKafka(tmp_path / "kafka") as broker:
        road = Deployment(
            folder=tmp_path, bootstrap=broker.bootstrap, prefix="chaos.", rules=rules, url=desk.url
        )
        assert (await road.command("topics", "apply"))[0] == 0
        try:
            async with road.tail("verdicts") as verdicts, road.tail("alerts") as alerts:
                await _start(road)
                await _send_amid_kills(road, made, broker, verdicts)
                await _settle(made, desk, verdicts, alerts)
                await _prove(made, desk, verdicts, alerts)
                assert [] == await road.read("dead-letters")
        finally:
            await road.stop()


async def _start(road: Deployment) -> None:
    await road.start("notify", "run", "notify")
    for number in range(WORKERS):
        await road.start(f"worker-{number}", "run", "worker")


async def _send_amid_kills(road: Deployment, made: Workload, broker: ApacheKafka, verdicts: Tail) -> None:
    """Send in ten parts; kill a worker in five of the pauses, the broker and the notifier in one each."""
    random = Random(7)
    size = len(made.events) // 10 + 1
    for part in range(10):
        await road.send(made.events[part * size : (part + 1) * size])
        await _judged(verdicts, part * size // 2)
        if part % 2 == 0:
            victim = f"worker-{random.randrange(WORKERS)}"
            await road.kill(victim)
            await road.start(victim, "run", "worker")
        if part == 3:
            await asyncio.to_thread(broker.kill)
            await asyncio.to_thread(broker.start)
        if part == 5:
            await road.kill("notify")
            await road.start("notify", "run", "notify")


async def _judged(verdicts: Tail, count: int) -> None:
    async def enough() -> bool:
        return len(await verdicts.look()) >= count

    await eventually(f"{count} verdicts", enough)


async def _settle(made: Workload, desk: Desk, verdicts: Tail, alerts: Tail) -> None:
    async def all_judged() -> bool:
        return {message.key.decode() for message in await verdicts.look()} >= made.keys

    async def all_delivered() -> bool:
        events = _decoded(await alerts.look())
        return _final(events) == made.alerts and {event.delivery_id for event in events} == set(desk.received)

    await eventually("every comment judged", all_judged)
    await eventually("every alert opened and delivered", all_delivered)


async def _prove(made: Workload, desk: Desk, verdicts: Tail, alerts: Tail) -> None:
    judged = [VERDICTS.decode(message.value).event.comment.key for message in await verdicts.look()]
    assert set(judged) == made.keys
    ids = {(alert.rule, _group(alert), alert.id) for alert in _decoded(await alerts.look())}
    assert len(ids) == len(made.alerts), "an alert was opened twice, under two ids"
    assert {(rule, group) for rule, group, _ in ids} == {(each.rule, each.group) for each in made.alerts}
    repeats = Counter(desk.received)
    repeated = sum(count - 1 for count in repeats.values())
    assert repeated <= Pace().flights, "only what was under way when the notifier was killed may repeat"
    print(
        f"\n{len(made.events)} comments, {len(judged) - len(made.keys)} judged again, "
        f"{len(ids)} alerts, {len(repeats)} deliveries, {repeated} repeated with the same id"
    )


def _decoded(messages: list[ConsumerRecord]) -> list[Alert]:
    return [ALERTS.decode(message.value) for message in messages]


def _final(events: list[Alert]) -> set[Expected]:
    newest = {event.id: event for event in sorted(events, key=lambda event: event.revision)}
    return {Expected(event.rule, _group(event), event.severity) for event in newest.values()}


def _group(alert: Alert) -> str:
    return alert.group[0][1]
