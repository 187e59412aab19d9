"""What each process is made of: its steps, and what they need."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

import structlog

from monitor.services.escalation import Escalator
from streams import admin, rulekeeping
from streams.app import add_windows, build_app, group_of
from streams.assignment import Assignment
from streams.clock import now
from streams.patience import patiently
from streams.pool import JudgePool
from streams.readiness import Readiness
from streams.road import open_road
from streams.running import run_app
from streams.steps.escalate import Escalate
from streams.steps.inspect import Inspect
from streams.steps.notify import Notify
from streams.supervisor import Child, Supervisor
from streams.tables import OwnWindows
from streams.wiring import delivering

if TYPE_CHECKING:
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


def supervise(children: Sequence[Child]) -> Work:
    """Return the work of keeping these processes running."""

    async def work(around: Surroundings) -> None:
        await Supervisor(around.lifeline).run(children)

    return work
