"""Faust, as this product uses it: agents by factory, offsets that move last."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import faust

from streams.connection import credentials
from streams.conveyor import Conveyor
from streams.embedded_transport import use_embedded_transport
from streams.guard import Message
from streams.tables import RestoredTable
from streams.topics import MAX_MESSAGE
from streams.transport import use_transport

if TYPE_CHECKING:
    from monitor.settings import KafkaSettings, Settings
    from streams.guard import Guard
    from streams.topics import Topic

BYTES: Final = {"key_type": bytes, "value_type": bytes}
"""Topics carry bytes; decoding is our own, inside the guard."""

MOST_AT_ONCE: Final = 500
"""Messages that Faust takes over in one go. More than a fifth of its buffer for a stream (4,096) would
fill it to the brim, and each message would wait for room by itself, which costs more than judging it."""


def build_app(settings: Settings, role: str) -> faust.App:
    """Return a Faust app with no agents yet. `role` names its consumer group."""
    kafka = settings.kafka
    datadir = settings.worker.data_dir / role
    datadir.mkdir(parents=True, exist_ok=True)
    app = faust.App(
        group_of(kafka, role),
        broker=[f"kafka://{address.strip()}" for address in kafka.bootstrap.split(",")],
        broker_credentials=credentials(kafka),
        broker_session_timeout=kafka.session_timeout,
        broker_heartbeat_interval=kafka.session_timeout / 3,
        broker_commit_interval=1.0,
        broker_max_poll_records=MOST_AT_ONCE,
        consumer_auto_offset_reset="earliest",
        consumer_max_fetch_size=MAX_MESSAGE,
        producer_max_request_size=MAX_MESSAGE,
        key_serializer="raw",
        value_serializer="raw",
        store="memory://",
        datadir=str(datadir),
        autodiscover=False,
        web_enabled=False,
        topic_allow_declare=False,  # streams.admin declares them, and checks
        topic_disable_leader=True,
        table_standby_replicas=0,
        worker_redirect_stdouts=False,
        Table=RestoredTable,
    )
    if kafka.idempotence:
        use_transport(app)
    else:
        use_embedded_transport(app)
    return app


def group_of(kafka: KafkaSettings, role: str) -> str:
    """Return the consumer group of a role."""
    return f"{kafka.topic_prefix}comment-monitor-{role}"


def add_agent(
    app: faust.App,
    topic: Topic,
    guard: Guard,
    *,
    settings: Settings,
    depth: int,
    failed: Callable[[BaseException], None],
) -> None:
    """Let `guard` carry the batches of `topic`, up to `depth` at once.

    `failed` hears of the first failure that no dead letter can hold; the batch and all behind it
    stay unacknowledged.
    """
    worker = settings.worker

    async def agent(stream: Any) -> None:
        stream.enable_acks = False  # also after `noack_take` ends: what is still drained is not done
        conveyor = Conveyor(depth, failed)
        try:
            async for events in stream.noack_take(worker.batch, within=worker.linger):
                await conveyor.put(partial(_carry, guard, stream, events))
        finally:
            await conveyor.drain()

    app.agent(app.topic(topic.name, **BYTES), name=guard.step.name)(agent)


def add_windows(app: faust.App, topic: Topic) -> RestoredTable:
    """Return the table of windows, with `topic` as its changelog."""
    table: RestoredTable = app.Table(
        "windows",
        key_type=str,
        value_type=bytes,
        partitions=topic.partitions,
        changelog_topic=app.topic(
            topic.name, key_type=str, value_type=bytes, compacting=True, partitions=topic.partitions
        ),
        use_partitioner=True,
    )
    return table


async def _carry(guard: Guard, stream: Any, events: list[Any], before: Awaitable[None]) -> None:
    messages = [
        Message(
            topic=event.message.topic,
            partition=event.message.partition,
            offset=event.message.offset,
            key=event.message.key,
            value=event.message.value,
            written_at=event.message.timestamp,
        )
        for event in events
    ]
    await guard.carry(messages, before)
    for event in events:
        await stream.ack(event)
