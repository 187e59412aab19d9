"""What each process is made of: its steps, and what they need."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

import structlog

from monitor.services.escalation import Escalator
from monitor.services.ingest import Ingest
from monitor.store.cursors import SqliteCursors
from monitor.store.database import Database
from streams import admin, rulekeeping
from streams.app import add_windows, build_app, group_of
from streams.assignment import Assignment
from streams.clock import now
from streams.patience import patiently
from streams.pool import JudgePool
from streams.publisher import KafkaPublisher
from streams.readiness import Readiness
from streams.road import open_road
from streams.running import run_app
from streams.steps.escalate import Escalate
from streams.steps.inspect import Inspect
from streams.steps.notify import Notify
from streams.supervisor import Child, Supervisor
from streams.tables import OwnWindows
from streams.wiring import build_source, delivering

if TYPE_CHECKING:
    from monitor.domain.errors import Retryable
    from monitor.metrics import Metrics
    from monitor.ports import Batch
    from monitor.settings import SourceSettings
    from streams.process import Surroundings, Work

log = structlog.get_logger()


async def worker(around: Surroundings) -> None:
    """Judge comments and count matches until the process shall stop."""
    readiness = Readiness(around.health, "kafka", "rules", "partitions")
    settings = around.settings
    async with open_road(around, readiness) as road, JudgePool(settings) as pool:
        loaded = await around.lifeline.race(pool.warm_up())
        rulekeeping.count(around.metrics, loaded)
        around.metrics.model(loaded.scorer)
        around.metrics.missing(model=bool(loaded.missing))
        if loaded.missing:
            log.error("model.missing", judged_by=loaded.scorer, reason=loaded.missing)
        log.info("rules.loaded", digest=loaded.digest, scorer=loaded.scorer, **loaded.rules)
        readiness.reached("rules")
        app = build_app(settings, "worker")
        observations = road.topics.observations
        held = Assignment(app)
        windows = OwnWindows(add_windows(app, road.topics.windows), held.place_of(observations))
        inspect = Inspect(pool=pool, topics=road.topics, metrics=around.metrics)
        escalate = Escalate(
            escalator=Escalator(windows),
            windows=windows,
            topics=road.topics,
            metrics=around.metrics,
            clock=now,
        )
        # Every judge has a batch while one more is taken from Kafka.
        road.carry(app, road.topics.comments, inspect, depth=settings.worker.judges + 1)
        road.carry(app, observations, escalate)
        await _may_join(around, "worker")
        async with rulekeeping.keeping(pool, around.metrics, around.lifeline, settings.rules.reload):
            await run_app(app, held, around.lifeline, readiness, around.metrics)


async def notify(around: Surroundings) -> None:
    """Deliver alerts until the process shall stop."""
    readiness = Readiness(around.health, "kafka", "partitions")
    async with (
        open_road(around, readiness) as road,
        delivering(around.settings, around.metrics, around.lifeline) as deliverer,
    ):
        app = build_app(around.settings, "notify")
        road.carry(app, road.topics.alerts, Notify(deliverer=deliverer))
        await _may_join(around, "notify")
        await run_app(app, Assignment(app), around.lifeline, readiness, around.metrics)


async def _may_join(around: Surroundings, role: str) -> None:
    kafka = around.settings.kafka
    check = partial(admin.check_group, kafka, group_of(kafka, role))
    await around.lifeline.race(patiently("group", check))


def ingest(sources: Sequence[SourceSettings]) -> Work:
    """Return the work of reading these sources until they are exhausted or the process shall stop."""

    async def work(around: Surroundings) -> None:
        readiness = Readiness(around.health, "kafka")
        async with (
            open_road(around, readiness) as road,
            Database(around.settings.store.path) as database,
        ):
            publisher = KafkaPublisher(
                producer=road.producer, topics=road.topics, clock=now, metrics=around.metrics
            )
            cursors = SqliteCursors(database)
            counts = IngestCounts(around.metrics)
            carriers = [Ingest(build_source(source), publisher, cursors, counts).run() for source in sources]
            taken = await around.lifeline.race(asyncio.gather(*carriers))
            log.info(
                "ingest.done",
                events=sum(each.events for each in taken),
                unreadable=sum(each.unreadable for each in taken),
            )

    return work


def supervise(children: Sequence[Child]) -> Work:
    """Return the work of keeping these processes running."""

    async def work(around: Surroundings) -> None:
        await Supervisor(around.lifeline).run(children)

    return work


class IngestCounts:
    """Counts and logs what the ingest service tells."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def taken(self, source: str, batch: Batch) -> None:
        """Count a batch that is safe."""
        for name, count in Counter(event.comment.source for event in batch.events).items():
            self._metrics.ingested(name, count)
        for reason, count in Counter(record.reason for record in batch.unreadable).items():
            self._metrics.unreadable(source, reason, count)

    def waiting(self, source: str, error: Retryable, seconds: float) -> None:
        """Log that a source waits."""
        log.warning("ingest.waiting", source=source, reason=str(error), pause=round(seconds, 2))
