"""The composition root: which adapter stands behind which port, by the settings."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

from monitor.domain.errors import Misconfigured
from monitor.notifiers.build import build_receivers
from monitor.services.delivery import Deliverer
from monitor.services.lane import Pace
from monitor.services.routing import Route
from monitor.sources.files import open_source
from monitor.store.database import Database
from monitor.store.deliveries import SqliteDeliveries
from streams.clock import now

if TYPE_CHECKING:
    from monitor.metrics import Metrics
    from monitor.ports import Source
    from monitor.settings import Settings, SourceSettings
    from monitor.sources.formats import Format
    from streams.lifeline import Lifeline


def build_source(source: SourceSettings) -> Source:
    """Return the source that these settings describe.

    Raises:
        Misconfigured: it cannot be read as it is set up.
    """
    if source.type != "file" or source.path is None:
        raise Misconfigured.plain(f"source '{source.name}': there is no source type '{source.type}'")
    path: Path | Literal["-"] = "-" if str(source.path) == "-" else source.path
    return open_source(path, cast("Format", source.format), source.name, follow=source.follow)


@asynccontextmanager
async def delivering(settings: Settings, metrics: Metrics, lifeline: Lifeline) -> AsyncIterator[Deliverer]:
    """Yield the deliverer of these settings, at work; leave once what is under way is recorded.

    Raises:
        Misconfigured: a receiver, or the store, cannot work as it is set up.
    """
    receivers = build_receivers(settings.receivers, now)
    routes = [
        Route(receiver=receiver, min_severity=wanted.min_severity, rules=wanted.rules)
        for receiver, wanted in zip(receivers, settings.receivers, strict=True)
    ]
    pace = Pace(alerts_per_rule_per_hour=settings.fuse.alerts_per_rule_per_hour)
    async with Database(settings.store.path) as database:
        deliverer = Deliverer(routes, SqliteDeliveries(database, now), metrics, now, pace)
        work = asyncio.create_task(deliverer.run())
        lifeline.tie(work)
        try:
            yield deliverer
        finally:
            deliverer.stop()
            await asyncio.wait({work})
