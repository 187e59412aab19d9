"""What every delivery record promises, whatever keeps it."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.ports import Deliveries, Delivery
from monitor.store.database import Database
from monitor.store.deliveries import SqliteDeliveries
from monitor.store.memory import MemoryDeliveries
from tests.alerts import NOON, WORDS, an_alert

SECOND = timedelta(seconds=1)
REPOSITORY = Path(__file__).parents[2]


@pytest.fixture(params=["sqlite", "memory"])
async def deliveries(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Deliveries]:
    if request.param == "memory":
        yield MemoryDeliveries(lambda: NOON)
        return
    async with Database(tmp_path / "store.db") as database:
        yield SqliteDeliveries(database, lambda: NOON)


def numbers(due: list[Delivery]) -> list[str]:
    return [delivery.alert.comment.native_id for delivery in due]


async def test_what_is_put_in_comes_out_as_it_was_for_each_receiver(deliveries: Deliveries) -> None:
    assert await deliveries.enqueue([an_alert(1), an_alert(2)], ["desk", "log"]) == 4

    expected = [Delivery(alert=an_alert(n), receiver="log", enqueued_at=NOON) for n in (1, 2)]
    assert await deliveries.due("log", NOON, 10) == expected
    assert await deliveries.waiting() == {"desk": 2, "log": 2}


async def test_nothing_put_in_is_nothing_new(deliveries: Deliveries) -> None:
    assert await deliveries.enqueue([], ["desk"]) == 0
    assert await deliveries.enqueue([an_alert()], []) == 0
    assert await deliveries.due("desk", NOON, 10) == []


async def test_a_replayed_alert_is_recorded_once(deliveries: Deliveries) -> None:
    await deliveries.enqueue([an_alert()], ["desk"])

    assert await deliveries.enqueue([an_alert(), an_alert()], ["desk"]) == 0
    assert len(await deliveries.due("desk", NOON, 10)) == 1


async def test_a_replayed_alert_that_was_delivered_does_not_go_out_again(deliveries: Deliveries) -> None:
    await deliveries.enqueue([an_alert()], ["desk"])
    [delivery] = await deliveries.due("desk", NOON, 10)
    await deliveries.delivered(delivery, "HTTP 200", NOON)

    assert await deliveries.enqueue([an_alert()], ["desk"]) == 0
    assert await deliveries.due("desk", NOON, 10) == []


async def test_a_replay_brings_what_one_receiver_lacks(deliveries: Deliveries) -> None:
    await deliveries.enqueue([an_alert()], ["desk"])

    assert await deliveries.enqueue([an_alert()], ["desk", "log"]) == 1


async def test_the_oldest_goes_first(deliveries: Deliveries) -> None:
    await deliveries.enqueue([an_alert(3)], ["desk"])
    await deliveries.enqueue([an_alert(1), an_alert(2)], ["desk"])

    assert numbers(await deliveries.due("desk", NOON, 2)) == ["c3", "c1"]


async def test_what_failed_waits_and_keeps_its_place_in_the_order(deliveries: Deliveries) -> None:
    await deliveries.enqueue([an_alert(1), an_alert(2)], ["desk"])
    [first, _] = await deliveries.due("desk", NOON, 10)
    await deliveries.postpone(first, NOON + SECOND, "HTTP 503")

    assert numbers(await deliveries.due("desk", NOON, 10)) == ["c2"]
    due = await deliveries.due("desk", NOON + SECOND, 10)
    assert [(delivery.alert.comment.native_id, delivery.attempts) for delivery in due] == [
        ("c1", 1),
        ("c2", 0),
    ]


async def test_attempts_add_up(deliveries: Deliveries) -> None:
    await deliveries.enqueue([an_alert()], ["desk"])
    for _ in range(3):
        [delivery] = await deliveries.due("desk", NOON, 10)
        await deliveries.postpone(delivery, NOON, "HTTP 503")

    assert [delivery.attempts for delivery in await deliveries.due("desk", NOON, 10)] == [3]


async def test_what_is_held_waits_without_having_been_tried(deliveries: Deliveries) -> None:
    await deliveries.enqueue([an_alert(1), an_alert(2), an_alert(3)], ["desk"])
    await deliveries.hold((await deliveries.due("desk", NOON, 10))[:2], NOON + SECOND)

    assert numbers(await deliveries.due("desk", NOON, 10)) == ["c3"]
    due = await deliveries.due("desk", NOON + SECOND, 10)
    assert [(delivery.attempts, delivery.held) for delivery in due] == [(0, True), (0, True), (0, False)]


async def test_the_next_moment_to_look_is_the_earliest_one_ahead(deliveries: Deliveries) -> None:
    await deliveries.enqueue([an_alert(1), an_alert(2), an_alert(3)], ["desk", "log"])
    [one, two, _] = await deliveries.due("desk", NOON, 10)
    await deliveries.postpone(one, NOON + 2 * SECOND, "HTTP 503")
    await deliveries.postpone(two, NOON + 3 * SECOND, "HTTP 503")

    assert await deliveries.next_due("desk", NOON) == NOON + 2 * SECOND
    assert await deliveries.next_due("desk", NOON + 2 * SECOND) == NOON + 3 * SECOND
    assert await deliveries.next_due("log", NOON) is None


async def test_the_revisions_of_an_alert_go_out_one_after_the_other(deliveries: Deliveries) -> None:
    await deliveries.enqueue([an_alert(1), an_alert(1, revision=2), an_alert(2)], ["desk"])
    due = await deliveries.due("desk", NOON, 10)
    assert [delivery.alert.delivery_id[-3:] for delivery in due] == ["1.1", "2.1"]

    await deliveries.delivered(due[0], "HTTP 200", NOON)
    due = await deliveries.due("desk", NOON, 10)
    assert [delivery.alert.delivery_id[-3:] for delivery in due] == ["1.2", "2.1"]


async def test_a_later_revision_overtakes_one_that_is_put_off(deliveries: Deliveries) -> None:
    await deliveries.enqueue([an_alert(1), an_alert(1, revision=2)], ["desk"])
    await deliveries.hold(await deliveries.due("desk", NOON, 10), NOON + SECOND)

    assert [delivery.alert.revision for delivery in await deliveries.due("desk", NOON, 10)] == [2]


async def test_what_is_refused_is_never_due_again(deliveries: Deliveries) -> None:
    await deliveries.enqueue([an_alert()], ["desk"])
    [delivery] = await deliveries.due("desk", NOON, 10)
    await deliveries.refused(delivery, "HTTP 413", NOON)

    assert await deliveries.due("desk", NOON + timedelta(days=1), 10) == []
    assert await deliveries.enqueue([an_alert()], ["desk"]) == 0
    assert await deliveries.waiting() == {}


async def test_what_a_receiver_took_lately_is_known_by_rule(deliveries: Deliveries) -> None:
    await deliveries.enqueue([an_alert(n, rule=f"rule.{n}") for n in (1, 2, 3, 4)], ["desk", "log"])
    for minutes, delivery in enumerate(await deliveries.due("desk", NOON, 3)):
        await deliveries.delivered(delivery, "HTTP 200", NOON + timedelta(minutes=minutes))

    assert await deliveries.delivered_since("desk", NOON + timedelta(minutes=1)) == [
        ("rule.2", NOON + timedelta(minutes=1)),
        ("rule.3", NOON + timedelta(minutes=2)),
    ]
    assert await deliveries.delivered_since("log", NOON) == []


async def test_only_what_is_finished_and_old_is_purged(deliveries: Deliveries) -> None:
    await deliveries.enqueue([an_alert(n) for n in (1, 2, 3, 4)], ["desk"])
    [one, two, three, _] = await deliveries.due("desk", NOON, 10)
    await deliveries.delivered(one, "HTTP 200", NOON)
    await deliveries.refused(two, "HTTP 413", NOON)
    await deliveries.delivered(three, "HTTP 200", NOON + SECOND)

    assert await deliveries.purge(NOON + SECOND) == 2
    assert await deliveries.enqueue([an_alert(n) for n in (1, 2, 3, 4)], ["desk"]) == 2


async def test_a_record_survives_that_its_process_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    command = [sys.executable, "-m", "tests.programs.enqueue_and_die", str(path)]
    process = await asyncio.create_subprocess_exec(*command, cwd=REPOSITORY)
    assert await asyncio.wait_for(process.wait(), 30) == -signal.SIGKILL

    async with Database(path) as database:
        due = await SqliteDeliveries(database, lambda: NOON).due("desk", NOON, 10)
    assert numbers(due) == ["c1", "c2"]


async def test_what_went_out_leaves_no_words_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    async with Database(path) as database:
        deliveries = SqliteDeliveries(database, lambda: NOON)
        await deliveries.enqueue([an_alert()], ["desk"])
        [delivery] = await deliveries.due("desk", NOON, 10)
        await deliveries.delivered(delivery, "HTTP 200", NOON + SECOND)

    with sqlite3.connect(path) as connection:
        rows = connection.execute("SELECT alert, state, attempts, answer, payload FROM deliveries").fetchall()
    connection.close()
    assert rows == [(an_alert().id, "delivered", 1, "HTTP 200", b"")]
    assert WORDS.encode() not in path.read_bytes()
