"""Takes comments from a source to the broker: publish, be acknowledged, and only then move on.

The cursor is saved last. Whatever kills the process before that, the batch comes again: comments
arrive at least once, with the same ids, and everything behind counts an id once.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from monitor.domain.errors import Retryable
from monitor.ports import Batch, Cursors, Publisher, Source
from monitor.ports.backoff import Backoff

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingested:
    """What was taken over: events, records that could not be read, and the batches they came in."""

    events: int = 0
    unreadable: int = 0
    batches: int = 0

    def plus(self, batch: Batch) -> Ingested:
        """Return the counts with this batch."""
        return Ingested(
            events=self.events + len(batch.events),
            unreadable=self.unreadable + len(batch.unreadable),
            batches=self.batches + 1,
        )


class IngestObserver(Protocol):
    """Is told what happens, to count and log it."""

    def taken(self, source: str, batch: Batch) -> None:
        """Learn that the batch is acknowledged and its cursor saved."""
        ...

    def waiting(self, source: str, error: Retryable, seconds: float) -> None:
        """Learn that something failed and is tried again in so many seconds."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Pacing:
    """How to wait between tries; tests wait without passing time."""

    backoff: Backoff = field(default_factory=Backoff)
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    chance: Callable[[], float] = random.random


class Ingest:
    """Carries one source to the publisher. Only one may run for a source at a time."""

    def __init__(
        self,
        source: Source,
        publisher: Publisher,
        cursors: Cursors,
        observer: IngestObserver,
        pacing: Pacing | None = None,
    ) -> None:
        self._source = source
        self._publisher = publisher
        self._cursors = cursors
        self._observer = observer
        self._pacing = pacing or Pacing()

    async def run(self) -> Ingested:
        """Carry everything after the saved cursor until the source is exhausted; return the counts.

        Broker, disk and site may be away for as long as they like: each is tried again with
        back-off, and the source is resumed after the last batch taken. May be cancelled at any
        time; at worst the batch in work comes again.

        Raises:
            Misconfigured: the source or the store of cursors can never work as it is set up.
        """
        ingested = Ingested()
        cursor = await self._until_done(lambda: self._cursors.load(self._source.name))
        failures = 0
        while True:
            batches = self._source.batches(cursor)
            try:
                async for batch in batches:
                    await self._take(batch)
                    cursor, failures, ingested = batch.cursor, 0, ingested.plus(batch)
            except Retryable as error:
                failures += 1
                await self._wait(error, failures)
            else:
                return ingested
            finally:
                await _close(batches)

    async def _take(self, batch: Batch) -> None:
        if batch.events:
            await self._until_done(lambda: self._publisher.publish(batch.events))
        if batch.unreadable:
            await self._until_done(lambda: self._publisher.bury(batch.unreadable))
        await self._until_done(lambda: self._cursors.save(self._source.name, batch))
        self._observer.taken(self._source.name, batch)

    async def _until_done(self, attempt: Callable[[], Awaitable[T]]) -> T:
        failures = 0
        while True:
            try:
                return await attempt()
            except Retryable as error:
                failures += 1
                await self._wait(error, failures)

    async def _wait(self, error: Retryable, failures: int) -> None:
        pacing = self._pacing
        seconds = pacing.backoff.delay(failures, pacing.chance, asked=error.retry_after)
        self._observer.waiting(self._source.name, error, seconds)
        await pacing.sleep(seconds)


async def _close(batches: AsyncIterator[Batch]) -> None:
    """Let a source that was left early release its files now, not when it is collected."""
    if isinstance(batches, AsyncGenerator):
        await batches.aclose()
