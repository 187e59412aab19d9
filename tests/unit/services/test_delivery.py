from __future__ import annotations

import asyncio
import json
import signal
import sqlite3
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web
from structlog.testing import capture_logs

from monitor.domain.severity import Severity
from monitor.metrics import Metrics
from monitor.notifiers.http import Outlet
from monitor.notifiers.webhook import Webhook
from monitor.ports.backoff import Backoff
from monitor.ports.network import Networks
from monitor.services.delivery import Deliverer
from monitor.services.lane import Pace
from monitor.services.routing import Route
from monitor.store.database import Database
from monitor.store.deliveries import SqliteDeliveries
from tests.alerts import NOON, an_alert
from tests.channels import Channel, answers, one_by_one, open_channel

REPOSITORY = Path(__file__).parents[3]
QUICK = Pace(backoff=Backoff(first=0.01, longest=0.02))
PATIENT = Pace(backoff=Backoff(first=60.0, longest=300.0), chance=lambda: 1.0)


class Desk:
    """A deliverer with everything real around it: a store, metrics and channels on loopback."""

    def __init__(self, database: Database, channels: dict[str, Channel]) -> None:
        self.passed = timedelta()
        self.started = time.monotonic()
        self.channels = channels
        self.database = database
        self.metrics = Metrics()
        self.deliveries = SqliteDeliveries(database, self.clock)
        self.deliverer = self.made(QUICK)

    def clock(self) -> datetime:
        return NOON + self.passed + timedelta(seconds=time.monotonic() - self.started)

    def made(self, pace: Pace, **wanted: Severity) -> Deliverer:
        routes = [
            Route(receiver=self.webhook(name), min_severity=wanted.get(name, Severity.INFO))
            for name in self.channels
        ]
        return Deliverer(routes, self.deliveries, self.metrics, self.clock, pace)

    def webhook(self, name: str) -> Webhook:
        outlet = Outlet(self.channels[name].url, networks=Networks(["127.0.0.0/8"]), clock=self.clock)
        return Webhook(name, outlet, secrets=["secret"], clock=self.clock)

    def pass_time(self, **parts: float) -> None:
        self.passed += timedelta(**parts)
        self.deliverer.wake()

    def counted(self, name: str, **labels: str) -> float:
        return self.metrics.registry.get_sample_value(f"comment_monitor_{name}", labels) or 0.0

    def outcomes(self, outcome: str, receiver: str = "desk") -> float:
        return self.counted("deliveries_total", receiver=receiver, outcome=outcome)

    async def nothing_waits(self) -> bool:
        return not await self.deliveries.waiting()

    async def has_looked(self) -> None:
        """Let the lanes look at the record: they stand in one queue with these questions."""
        for _ in range(20):
            await self.deliveries.waiting()

    @asynccontextmanager
    async def running(self, pace: Pace = QUICK, **wanted: Severity) -> AsyncIterator[Deliverer]:
        self.deliverer = self.made(pace, **wanted)
        run = asyncio.create_task(self.deliverer.run())
        try:
            yield self.deliverer
        finally:
            self.deliverer.stop()
            await asyncio.wait_for(run, 10)


@pytest.fixture
async def open_desk(tmp_path: Path) -> AsyncIterator[Callable[..., Awaitable[Desk]]]:
    async with AsyncExitStack() as stack:

        async def opened(*names: str) -> Desk:
            database = await stack.enter_async_context(Database(tmp_path / "store.db", busy_seconds=0.05))
            channels = {name: await stack.enter_async_context(open_channel()) for name in names}
            return Desk(database, channels)

        yield opened


@pytest.fixture
async def desk(open_desk: Callable[..., Awaitable[Desk]]) -> Desk:
    return await open_desk("desk")


async def holds(check: Callable[[], Awaitable[bool]]) -> None:
    """Wait until the check holds, 10 seconds at most."""
    async with asyncio.timeout(10):
        while not await check():  # noqa: ASYNC110 - a record on the disk notifies nobody
            await asyncio.sleep(0.005)


async def reaches(count: Callable[[], float], expected: float) -> None:
    async def check() -> bool:
        return count() >= expected

    await holds(check)
    assert count() == expected


async def test_an_accepted_alert_goes_to_every_receiver_that_wants_it(
    open_desk: Callable[..., Awaitable[Desk]],
) -> None:
    desk = await open_desk("desk", "log")
    async with desk.running(desk=Severity.HIGH) as deliverer:
        alerts = [an_alert(1), an_alert(2, severity=Severity.LOW), an_alert(3)]
        assert await deliverer.accept(alerts) == 5
        await holds(desk.nothing_waits)

    assert desk.channels["desk"].ids() == [an_alert(1).delivery_id, an_alert(3).delivery_id]
    assert len(desk.channels["log"].posts) == 3


async def test_a_replayed_alert_goes_out_once(desk: Desk) -> None:
    async with desk.running() as deliverer:
        for _ in range(3):
            await deliverer.accept([an_alert()])
            await holds(desk.nothing_waits)

    assert desk.channels["desk"].ids() == [an_alert().delivery_id]


async def test_what_waited_when_the_process_ended_goes_out_when_it_is_back(desk: Desk) -> None:
    await desk.deliverer.accept([an_alert()])
    async with desk.running():
        await holds(desk.nothing_waits)

    assert desk.channels["desk"].ids() == [an_alert().delivery_id]


async def test_a_channel_that_is_down_delays_only_itself_and_loses_nothing(
    open_desk: Callable[..., Awaitable[Desk]],
) -> None:
    desk = await open_desk("up", "down")
    desk.channels["down"].behaviour = answers(503)
    everything = sorted(an_alert(number).delivery_id for number in range(40))
    async with desk.running() as deliverer:
        await deliverer.accept([an_alert(number) for number in range(40)])
        await reaches(lambda: desk.outcomes("delivered", "up"), 40)
        assert await desk.deliveries.waiting() == {"down": 40}

        before = len(desk.channels["down"].posts)
        desk.channels["down"].behaviour = answers(200)
        await holds(desk.nothing_waits)

    assert sorted(desk.channels["up"].ids()) == everything
    assert set(everything) <= set(desk.channels["down"].ids()[before - 8 :])
    assert desk.outcomes("delivered", "down") == 40


async def test_a_channel_that_hangs_delays_only_itself(open_desk: Callable[..., Awaitable[Desk]]) -> None:
    desk = await open_desk("up", "hangs")
    hanging = asyncio.Event()

    async def hang(_request: web.Request) -> web.StreamResponse:
        await hanging.wait()
        return web.Response()

    desk.channels["hangs"].behaviour = hang
    async with desk.running() as deliverer:
        await deliverer.accept([an_alert(number) for number in range(20)])
        await reaches(lambda: desk.outcomes("delivered", "up"), 20)
        assert len(await desk.channels["hangs"].has_got(8)) == 8
        hanging.set()
        await holds(desk.nothing_waits)


async def test_a_channel_that_is_down_is_not_hammered(desk: Desk) -> None:
    channel = desk.channels["desk"]
    channel.behaviour = answers(503)
    async with desk.running(PATIENT) as deliverer:
        await deliverer.accept([an_alert(number) for number in range(20)])
        await reaches(lambda: desk.outcomes("postponed"), 8)
        await deliverer.accept([an_alert(99)])
        desk.pass_time(seconds=59)
        await desk.has_looked()
        assert len(channel.posts) == 8

        desk.pass_time(seconds=1)
        await reaches(lambda: desk.outcomes("postponed"), 9)
        assert channel.ids()[8] == an_alert(8).delivery_id

        channel.behaviour = answers(200)
        desk.pass_time(seconds=120)
        await holds(desk.nothing_waits)


async def test_the_wait_that_a_channel_asks_for_is_kept(desk: Desk) -> None:
    channel = desk.channels["desk"]
    channel.behaviour = one_by_one(answers(429, Retry_After="600"), answers(200))
    async with desk.running() as deliverer:
        await deliverer.accept([an_alert()])
        await reaches(lambda: desk.outcomes("postponed"), 1)
        desk.pass_time(seconds=599)
        await desk.has_looked()
        assert len(channel.posts) == 1

        desk.pass_time(seconds=1)
        await holds(desk.nothing_waits)
    assert channel.ids() == [an_alert().delivery_id] * 2


async def test_one_alert_that_always_fails_does_not_stand_in_the_way(desk: Desk) -> None:
    poison = an_alert(0).delivery_id

    async def choosy(request: web.Request) -> web.StreamResponse:
        return web.Response(status=500 if request.headers["webhook-id"] == poison else 200)

    desk.channels["desk"].behaviour = choosy
    async with desk.running() as deliverer:
        await deliverer.accept([an_alert(number) for number in range(30)])
        await reaches(lambda: desk.outcomes("delivered"), 29)
        assert await desk.deliveries.waiting() == {"desk": 1}


async def test_a_refused_alert_is_recorded_and_never_tried_again(desk: Desk) -> None:
    desk.channels["desk"].behaviour = one_by_one(answers(413), answers(200))
    async with desk.running() as deliverer:
        await deliverer.accept([an_alert(1)])
        await reaches(lambda: desk.outcomes("refused"), 1)
        await deliverer.accept([an_alert(1), an_alert(2)])
        await holds(desk.nothing_waits)

    assert desk.channels["desk"].ids() == [an_alert(1).delivery_id, an_alert(2).delivery_id]


async def test_the_fuse_holds_back_what_exceeds_a_rules_hour_and_loses_nothing(desk: Desk) -> None:
    flood = [an_alert(number, rule="spam.flood") for number in range(200)]
    urgent = an_alert(900, rule="spam.flood", severity=Severity.CRITICAL)
    async with desk.running() as deliverer:
        await deliverer.accept(flood)
        await deliverer.accept([urgent, an_alert(901)])
        await reaches(lambda: desk.counted("deliveries_held_total", rule="spam.flood"), 100)
        await reaches(lambda: desk.outcomes("delivered"), 102)
        assert {urgent.delivery_id, an_alert(901).delivery_id} <= set(desk.channels["desk"].ids())

        desk.pass_time(minutes=59)
        await desk.has_looked()
        assert await desk.deliveries.waiting() == {"desk": 100}

        desk.pass_time(minutes=1)
        await holds(desk.nothing_waits)

    assert sorted(desk.channels["desk"].ids()) == sorted(
        alert.delivery_id for alert in [*flood, urgent, an_alert(901)]
    )
    assert desk.counted("deliveries_held_total", rule="spam.flood") == 100


async def test_a_restart_opens_no_new_hour(desk: Desk) -> None:
    pace = Pace(alerts_per_rule_per_hour=5)
    for numbers in (range(5), range(5, 10)):
        async with desk.running(pace) as deliverer:
            await deliverer.accept([an_alert(number) for number in numbers])
            await reaches(lambda: desk.outcomes("delivered"), 5)
    assert len(desk.channels["desk"].posts) == 5


async def test_a_stop_waits_for_what_is_under_way_and_begins_nothing(desk: Desk) -> None:
    answered = asyncio.Event()

    async def slow(_request: web.Request) -> web.StreamResponse:
        await answered.wait()
        return web.Response()

    desk.channels["desk"].behaviour = slow
    async with desk.running() as deliverer:
        await deliverer.accept([an_alert(number) for number in range(20)])
        await desk.channels["desk"].has_got(8)
        deliverer.stop()
        answered.set()

    assert desk.outcomes("delivered") == 8
    assert await desk.deliveries.waiting() == {"desk": 12}


async def test_an_answer_is_recorded_however_long_the_disk_is_busy(desk: Desk, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "store.db", isolation_level=None)

    async def lock_and_take(_request: web.Request) -> web.StreamResponse:
        other.execute("BEGIN IMMEDIATE")
        return web.Response()

    desk.channels["desk"].behaviour = lock_and_take
    with capture_logs() as lines:
        async with desk.running() as deliverer:
            await deliverer.accept([an_alert()])
            await reaches(lambda: float(any(line["event"] == "deliveries.unavailable" for line in lines)), 1)
            other.execute("ROLLBACK")
            await holds(desk.nothing_waits)
    other.close()
    assert desk.channels["desk"].ids() == [an_alert().delivery_id]


async def test_each_delivered_alert_has_one_line_without_a_word_of_it(desk: Desk) -> None:
    with capture_logs() as lines:
        async with desk.running() as deliverer:
            await deliverer.accept([an_alert(1), an_alert(2, revision=2)])
            await holds(desk.nothing_waits)

    delivered = [line for line in lines if line["event"] == "alert.delivered"]
    assert {line["alert"]: line["revision"] for line in delivered} == {an_alert(1).id: 1, an_alert(2).id: 2}
    assert set(delivered[0]) == {
        *("event", "log_level", "alert", "revision", "rule", "severity"),
        *("receiver", "attempts", "seconds", "waited"),
    }
    told = json.dumps(lines, default=str)
    comment = an_alert().comment
    told_of = [
        comment.text,
        comment.author.name,
        comment.author.id,
        comment.thread,
        comment.url,
        "s3cret-path",
    ]
    assert [each for each in told_of if each and each in told] == []


async def test_alerts_of_a_receiver_that_is_gone_are_told_of(desk: Desk) -> None:
    await desk.deliveries.enqueue([an_alert()], ["former"])
    with capture_logs() as lines:
        async with desk.running():
            await reaches(lambda: float(len([line for line in lines if "unclaimed" in line["event"]])), 1)
    assert desk.counted("deliveries_waiting", receiver="desk") == 0


async def test_killed_between_answer_and_record_it_repeats_with_the_same_id_only(
    desk: Desk, tmp_path: Path
) -> None:
    await desk.deliverer.accept([an_alert(1), an_alert(2)])
    channel = desk.channels["desk"]

    async def run(end: str) -> int | None:
        command = [
            sys.executable,
            "-m",
            "tests.programs.deliver",
            str(tmp_path / "store.db"),
            channel.url,
            end,
        ]
        process = await asyncio.create_subprocess_exec(*command, cwd=REPOSITORY)
        await asyncio.wait_for(process.wait(), 30)
        return process.returncode

    assert await run("die") == -signal.SIGKILL
    assert len(channel.posts) in {1, 2}
    assert await run("record") == 0

    assert set(channel.ids()) == {an_alert(1).delivery_id, an_alert(2).delivery_id}
    assert len(channel.posts) <= 4
    bodies = {post.headers["webhook-id"]: post.body for post in channel.posts}
    assert [post for post in channel.posts if post.body != bodies[post.headers["webhook-id"]]] == []
