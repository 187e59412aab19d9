"""Reads a source in a test as the product does: its file, the poller, the web, a store; and watches it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from monitor.domain.errors import Misconfigured, Retryable
from monitor.ports import Batch, Clock, Cursors, Sightings, Source
from monitor.services.ingest import Ingest
from monitor.sources.describing import SourceText, read_sources
from monitor.sources.kinds import Handler, Tools
from monitor.sources.polling.site import Poll
from monitor.sources.web.client import WebClient
from monitor.store.cursors import MemoryCursors
from monitor.store.sightings import MemorySightings
from tests.sites.ledger import Balance, Ledger

SECRETS: Final[Mapping[str, str]] = {"FACE_KEY": "a key of the site"}


@dataclass(slots=True)
class Watcher:
    """What a source went through: its readings, and why it waited."""

    ledger: Ledger
    polls: list[Poll] = field(default_factory=list)
    waits: list[str] = field(default_factory=list)
    _read: asyncio.Event = field(default_factory=asyncio.Event)

    def polled(self, source: str, poll: Poll) -> None:  # noqa: ARG002 - one source in each test
        """Keep a reading."""
        self.polls.append(poll)
        self._read.set()

    def connected(self, source: str, *, up: bool, reason: str = "") -> None:
        """Nothing streams here."""

    def knocked(self, source: str, outcome: str) -> None:
        """Nobody knocks here."""

    def taken(self, source: str, batch: Batch) -> None:
        """The ledger knows."""

    def waiting(self, source: str, error: Retryable, seconds: float) -> None:
        """Keep why nothing was published."""
        self.waits.append(f"{source} {error} {seconds:.1f}")

    def balance(self, truth: Mapping[str, str]) -> Balance:
        """Hold what was told beside what is true."""
        return self.ledger.balance(truth)

    async def readings(self, count: int = 1, *, deep: int = 0, patience: float = 3000.0) -> None:
        """Return after so many more readings from now on that came to their end, and so many deep ones.

        `patience` is in seconds of the running loop.
        """
        before = len(self.polls) + 1  # the one under way may have begun before what is waited for
        async with asyncio.timeout(patience):
            while not self._enough(before, count, deep):
                self._read.clear()
                await self._read.wait()

    def _enough(self, before: int, count: int, deep: int) -> bool:
        since = [poll for poll in self.polls[before:] if poll.outcome in {"read", "unchanged"}]
        return len(since) >= count and sum(poll.deep for poll in since) >= deep


class NoDoors:
    """Opens nothing."""

    async def open(self, path: str, handler: Handler) -> None:  # noqa: ARG002 - the protocol's
        """Refuse: a polled source asks, and is not asked."""
        raise Misconfigured.plain(f"nothing comes in by {path}")

    def close(self, path: str) -> None:
        """There is nothing to close."""


@asynccontextmanager
async def watching(
    text: str,
    clock: Clock,
    *,
    environ: Mapping[str, str] = SECRETS,
    store: tuple[Cursors, Sightings] | None = None,
) -> AsyncIterator[Watcher]:
    """Carry the source of this file into a ledger while the block runs. `store` outlives it where given."""
    memory = MemorySightings()
    cursors, sightings = store or (MemoryCursors(memory), memory)
    watcher = Watcher(Ledger())
    web = WebClient(clock, contact="https://monitor.example/bot")
    tools = Tools(web=web, sightings=sightings, clock=clock, watch=watcher, doors=NoDoors())
    source = source_of(text, tools, environ)
    carrying = asyncio.create_task(Ingest(source, watcher.ledger, cursors, watcher).run())
    try:
        yield watcher
        if carrying.done():
            carrying.result()
    finally:
        carrying.cancel()
        with suppress(asyncio.CancelledError):
            await carrying
        await web.close()


def source_of(text: str, tools: Tools, environ: Mapping[str, str] = SECRETS) -> Source:
    """Return the source that a file with this text tells of."""
    reading = read_sources([SourceText(path="gazette.yaml", text=text, base=Path())], tools, environ)
    if not reading.sound:
        raise Misconfigured(list(reading.problems))
    (source,) = reading.sources
    return source
