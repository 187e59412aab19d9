from __future__ import annotations

from pathlib import Path

import faust
import pytest
from aiokafka.partitioner import DefaultPartitioner
from faust.types import TP

from monitor.settings import KafkaSettings, Settings, WorkerSettings
from streams.app import build_app
from streams.assignment import Assignment
from streams.topics import topics

OBSERVATIONS = topics(KafkaSettings(partitions=4)).observations
ALL = [0, 1, 2, 3]


@pytest.fixture
def app(tmp_path: Path) -> faust.App:
    return build_app(Settings(worker=WorkerSettings(data_dir=tmp_path)), "worker")


def a_key_of(partition: int) -> str:
    """Return a key that a producer sends to this partition."""
    choose = DefaultPartitioner()
    keys = (f"road.spree|author=reader-{number}" for number in range(100))
    return next(key for key in keys if choose(key.encode(), ALL, ALL) == partition)


def test_before_the_first_assignment_nothing_is_held(app: faust.App) -> None:
    held = Assignment(app)
    assert held.partitions == frozenset()
    assert held.place_of(OBSERVATIONS)(a_key_of(0)) is None


async def test_a_window_has_its_place_where_its_observations_partition_is_held(app: faust.App) -> None:
    place = Assignment(app).place_of(OBSERVATIONS)
    await app.on_partitions_assigned.send({TP("observations", 1), TP("observations", 2), TP("comments", 0)})
    assert [place(a_key_of(partition)) for partition in ALL] == [None, 1, 2, None]


async def test_each_assignment_replaces_the_one_before(app: faust.App) -> None:
    held = Assignment(app)
    await app.on_partitions_assigned.send({TP("observations", 1)})
    await app.on_partitions_assigned.send({TP("observations", 3)})
    assert held.partitions == {TP("observations", 3)}


async def test_while_partitions_change_hands_nothing_is_held(app: faust.App) -> None:
    held = Assignment(app)
    await app.on_partitions_assigned.send({TP("observations", 1)})
    await app.on_partitions_revoked.send({TP("observations", 1)})
    assert held.partitions == frozenset()
