"""The work of the ingest process: every source carried to the road, none stopped by another."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

import structlog

from monitor.domain.errors import Misconfigured
from monitor.services.ingest import Ingest, Ingested
from monitor.store.cursors import SqliteCursors
from monitor.store.database import Database
from monitor.store.sightings import SqliteSightings
from streams.clock import now
from streams.publisher import KafkaPublisher
from streams.readiness import Readiness
from streams.road import open_road
from streams.watching import IngestWatch
from streams.wiring import build_sources, open_tools

if TYPE_CHECKING:
    from monitor.settings import SourceSettings
    from streams.process import Surroundings, Work

log = structlog.get_logger()

SELDOM: Final = 900.0
"""Seconds after which a source that cannot work as it is set up is tried again: a person may have helped."""

Sleep = Callable[[float], Awaitable[object]]


def ingest(sources: Sequence[SourceSettings]) -> Work:
    """Return the work of reading these sources until they are exhausted or the process shall stop."""

    async def work(around: Surroundings) -> None:
        readiness = Readiness(around.health, "kafka")
        watch = IngestWatch(around.metrics)
        async with (
            Database(around.settings.store.path) as database,
            open_tools(around.settings, sources, SqliteSightings(database), watch) as tools,
        ):
            opened = build_sources(sources, tools)
            async with open_road(around, readiness) as road:
                publisher = KafkaPublisher(
                    producer=road.producer, topics=road.topics, clock=now, metrics=around.metrics
                )
                cursors = SqliteCursors(database)
                carriers = {source.name: Ingest(source, publisher, cursors, watch).run for source in opened}
                carried = carry_all(carriers, watch, lasting=_lasting(sources))
                taken = await around.lifeline.race(carried)
        log.info(
            "ingest.done",
            events=sum(each.events for each in taken),
            unreadable=sum(each.unreadable for each in taken),
        )

    return work


def _lasting(sources: Sequence[SourceSettings]) -> bool:
    """Return whether there is something to go on with where one source cannot."""
    return any(source.type == "site" or (source.follow and len(sources) > 1) for source in sources)


async def carry_all(
    carriers: Mapping[str, Callable[[], Awaitable[Ingested]]],
    watch: IngestWatch,
    *,
    lasting: bool,
    sleep: Sleep = asyncio.sleep,
) -> list[Ingested]:
    """Run all carriers; return what they took once all have ended.

    Where the process is `lasting`, a source that is misconfigured, or fails in a way that nobody
    expected, is tried again, seldom, and stops no other: what is wrong may be its token, which a
    person can put right meanwhile, or a page that will not stand there for ever.

    Raises:
        Misconfigured: sources cannot work as they are set up; the others were read to their end.
    """

    async def carry(source: str, run: Callable[[], Awaitable[Ingested]]) -> Ingested | Misconfigured:
        while True:
            try:
                return await run()
            except Misconfigured as error:
                watch.misconfigured(source, str(error), SELDOM if lasting else 0.0)
                if not lasting:
                    return error
            except Exception as error:
                if not lasting:
                    raise
                watch.broken(source, error, SELDOM)
            await sleep(SELDOM)

    ended = await asyncio.gather(*(carry(source, run) for source, run in carriers.items()))
    problems = [problem for each in ended if isinstance(each, Misconfigured) for problem in each.problems]
    if problems:
        raise Misconfigured(problems)
    return [each for each in ended if isinstance(each, Ingested)]
