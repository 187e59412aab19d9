"""A worker that stops by itself acknowledges nothing that it has not done."""

from __future__ import annotations

from itertools import count, islice
from random import Random

import pytest
from aiokafka.partitioner import DefaultPartitioner

from monitor.ports.wire import EVENTS
from tests.deployment import Deployment, eventually
from tests.workload import workload

BAD = 1500


def keys_of_one_partition(partitions: int) -> list[bytes]:
    """Return keys that all go to the first partition, so that the others hold good messages only."""
    choose, all_of_them = DefaultPartitioner(), list(range(partitions))
    keys = (f"bad-{number}".encode() for number in count())
    return list(islice((key for key in keys if choose(key, all_of_them, all_of_them) == 0), BAD))


@pytest.fixture
def kafka_settings() -> dict[str, str]:
    return {"session_timeout": "6s"}


async def test_nothing_is_lost_when_the_fuse_stops_a_worker(
    road: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = workload(BAD)
    good = [(event.comment.key.encode(), EVENTS.encode(event)) for event in made.events]
    bad: list[tuple[bytes, bytes | None]] = [(key, b"junk") for key in keys_of_one_partition(road.partitions)]
    late = Random(5).sample(good, 200)
    await road.send_raw([*bad, *(message for message in good if message not in late)])
    worker = await road.start("worker", "run", "worker")

    async def stopped() -> bool:
        return worker.returncode is not None

    await eventually("the worker stopped by itself", stopped)
    assert worker.returncode == 78, road.log("worker")[-2000:]
    await road.send_raw([*late])

    monkeypatch.setenv("COMMENT_MONITOR_FUSE__DEAD_LETTER_RATIO", "1.0")
    await road.start("patient", "run", "worker")
    async with road.tail("verdicts") as verdicts, road.tail("dead-letters") as letters:

        async def all_settled() -> bool:
            judged = {message.key.decode() for message in await verdicts.look()}
            buried = {message.key for message in await letters.look()}
            return judged == made.keys and buried == {key for key, _ in bad}

        await eventually("every comment judged, every other message buried", all_settled)
