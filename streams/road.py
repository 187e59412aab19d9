"""What every process on the road starts from: the topics, checked, a producer, a finger on the pulse."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog

from streams import admin
from streams.app import add_agent
from streams.clock import now
from streams.guard import Fuse, Guard
from streams.lifetime import end_within
from streams.patience import patiently
from streams.producer import Producer
from streams.pulse import feel_pulse
from streams.topics import topics

if TYPE_CHECKING:
    import faust

    from streams.guard import Step
    from streams.process import Surroundings
    from streams.readiness import Readiness
    from streams.topics import Topic, Topics

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Road:
    """The topics, checked, and a producer that is connected."""

    around: Surroundings
    topics: Topics
    producer: Producer

    def carry(self, app: faust.App, topic: Topic, step: Step, *, depth: int = 1) -> None:
        """Let `step` take what comes in on `topic`, up to `depth` batches at once."""
        settings = self.around.settings
        guard = Guard(
            step=step,
            producer=self.producer,
            dead_letters=self.topics.dead_letters.name,
            fuse=Fuse(ratio=settings.fuse.dead_letter_ratio, sample=settings.fuse.dead_letter_sample),
            metrics=self.around.metrics,
            clock=now,
        )
        add_agent(app, topic, guard, settings=settings, depth=depth, failed=self.around.lifeline.failed)


@asynccontextmanager
async def open_road(around: Surroundings, readiness: Readiness) -> AsyncIterator[Road]:
    """Yield the road once Kafka is there and its topics fit.

    Raises:
        Misconfigured: a topic differs from what the settings say.
    """
    around.lifeline.at_end(end_within)
    kafka = around.settings.kafka
    declared = topics(kafka)

    async def connect() -> Producer:
        if kafka.manage_topics:
            for name in await admin.apply(kafka, declared):
                log.info("topic.created", topic=name)
        else:
            await admin.check(kafka, declared)
        return await Producer(kafka).__aenter__()

    producer = await around.lifeline.race(patiently("kafka", connect))
    pulse = asyncio.create_task(feel_pulse(kafka, producer, readiness, around.metrics))
    around.lifeline.tie(pulse)
    try:
        yield Road(around=around, topics=declared, producer=producer)
    finally:
        pulse.cancel()
        await producer.__aexit__(None, None, None)
