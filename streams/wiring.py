"""The composition root: which adapter stands behind which port, by the settings."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

from monitor.domain.errors import Misconfigured
from monitor.notifiers.build import build_receivers
from monitor.services.delivery import Deliverer
from monitor.services.lane import Pace
from monitor.services.routing import Route
from monitor.sources.describing import read_sources, source_texts
from monitor.sources.files import open_source
from monitor.sources.idle import idle_tools
from monitor.sources.kinds import Tools
from monitor.store.database import Database
from monitor.store.deliveries import SqliteDeliveries
from streams.clock import now

if TYPE_CHECKING:
    from monitor.metrics import Metrics
    from monitor.ports import Sightings, Source
    from monitor.settings import Settings, SourceSettings
    from monitor.sources.formats import Format
    from monitor.sources.kinds import Watch
    from monitor.sources.web.client import WebClient
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


def build_sources(
    sources: Sequence[SourceSettings], tools: Tools, environ: Mapping[str, str] = os.environ
) -> tuple[Source, ...]:
    """Return the sources that these settings and their source files describe.

    Raises:
        Misconfigured: with every problem of every source file.
    """
    files = tuple(build_source(source) for source in sources if source.type == "file")
    paths = [source.path for source in sources if source.type == "site" and source.path is not None]
    read = read_sources([text for path in paths for text in source_texts(path)], tools, environ)
    if not read.sound:
        raise Misconfigured([problem for problem in read.problems if problem.level == "error"])
    return (*files, *read.sources)


@asynccontextmanager
async def open_tools(
    settings: Settings, sources: Sequence[SourceSettings], sightings: Sightings, watch: Watch
) -> AsyncIterator[Tools]:
    """Yield what the sources of a process share; idle where none of them is a site.

    Raises:
        Misconfigured: what sites need is not installed.
    """
    if all(source.type != "site" for source in sources):
        yield idle_tools(now)
        return
    try:
        from monitor.sources.push.doors import DoorServer
        from monitor.sources.web.client import WebClient, user_agent
    except ModuleNotFoundError as error:
        install = "pip install 'comment-monitor[sources]'"
        raise Misconfigured.plain(f"sources of type site need more than the core: {install}") from error
    async with (
        DoorServer(host=settings.webhooks.host, port=settings.webhooks.port) as doors,
        _closing(WebClient(now, contact=settings.web.contact, proxies=settings.web.proxies)) as web,
    ):
        agent = user_agent(settings.web.contact)
        yield Tools(web=web, sightings=sightings, clock=now, watch=watch, doors=doors, agent=agent)


@asynccontextmanager
async def _closing(client: WebClient) -> AsyncIterator[WebClient]:
    """Yield the client, and close its connections."""
    try:
        yield client
    finally:
        await client.close()


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
