"""What the tests of sources that tell by themselves stand on: real sockets, a clock that is moved by hand."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import aiohttp
from aiohttp import web

from monitor.domain.comments import CommentEvent
from monitor.domain.errors import Retryable
from monitor.ports import Batch, Source, Unreadable
from monitor.services.ingest import Ingest, Pacing
from monitor.settings.secret import Secret
from monitor.sources.kinds import Handler, Tools
from monitor.sources.polling.site import Poll
from monitor.sources.web.message import NO_VALIDATORS, Answer, Manners, Request, Validators, Value
from monitor.store.cursors import MemoryCursors
from monitor.store.sightings import MemorySightings
from tests.sites.ledger import Ledger
from tests.sites.mastodon import TOKEN

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


@dataclass(slots=True)
class Hand:
    """A clock that a test moves."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass(slots=True)
class PlainWeb:
    """Asks without manners: these tests are about what comes by itself."""

    clock: Hand
    asked: list[Request] = field(default_factory=list)

    async def ask(self, request: Request, manners: Manners, validators: Validators = NO_VALIDATORS) -> Answer:
        assert manners.robots == "skip"
        assert validators == NO_VALIDATORS
        self.asked.append(request)
        async with (
            aiohttp.ClientSession() as session,
            session.request(
                request.method,
                request.url,
                params=_plain(request.params),
                headers=_plain(request.headers),
                json=request.json,
            ) as response,
        ):
            return Answer(
                url=str(response.url),
                status=response.status,
                headers={name.lower(): value for name, value in response.headers.items()},
                body=await response.read(),
                received_at=self.clock(),
            )


def _plain(values: object) -> dict[str, str]:
    assert isinstance(values, dict)
    return {name: _text(value) for name, value in values.items()}


def _text(value: Value) -> str:
    return value.reveal() if isinstance(value, Secret) else value


@dataclass(slots=True)
class Notes:
    """Writes down what a source goes through."""

    lines: list[str] = field(default_factory=list)

    def polled(self, source: str, poll: Poll) -> None:
        raise AssertionError((source, poll))

    def connected(self, source: str, *, up: bool, reason: str = "") -> None:
        self.lines.append(f"{source} {'up' if up else 'down'} {reason}".rstrip())

    def knocked(self, source: str, outcome: str) -> None:
        self.lines.append(f"{source} {outcome}")


class NoDoors:
    """Opens nothing."""

    async def open(self, path: str, handler: Handler) -> None:
        raise AssertionError((path, handler))

    def close(self, path: str) -> None:
        raise AssertionError(path)


@dataclass(slots=True)
class Bench:
    """What a source stands on in these tests, and what it told. While it is `down`, there is no broker."""

    down: bool = False
    tries: int = 0

    clock: Hand = field(default_factory=Hand)
    notes: Notes = field(default_factory=Notes)
    ledger: Ledger = field(default_factory=Ledger)
    sightings: MemorySightings = field(default_factory=MemorySightings)
    pauses: list[float] = field(default_factory=list)
    taken_over: list[Batch] = field(default_factory=list)
    cursors: MemoryCursors = field(init=False)
    tools: Tools = field(init=False)

    def __post_init__(self) -> None:
        self.cursors = MemoryCursors(self.sightings)
        self.tools = Tools(
            web=PlainWeb(self.clock),
            sightings=self.sightings,
            clock=self.clock,
            watch=self.notes,
            doors=NoDoors(),
            agent="comment-monitor/1 (+https://gazette.example)",
        )

    def remember(self, sightings: MemorySightings) -> None:
        """Take over what an earlier bench remembered."""
        self.sightings = sightings
        self.cursors = MemoryCursors(sightings)
        self.tools = replace(self.tools, sightings=sightings)

    @asynccontextmanager
    async def running(self, source: Source) -> AsyncIterator[None]:
        """Ingest the source as long as the block lasts."""
        pacing = Pacing(sleep=self._pause)
        task = asyncio.create_task(Ingest(source, self, self.cursors, self, pacing).run())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait({task})
            if not task.cancelled():
                task.result()

    async def publish(self, events: Sequence[CommentEvent]) -> None:
        self.tries += 1
        if self.down:
            raise Retryable("the broker is away")
        await self.ledger.publish(events)

    async def bury(self, letters: Sequence[Unreadable]) -> None:
        await self.ledger.bury(letters)

    def taken(self, source: str, batch: Batch) -> None:
        assert source
        self.taken_over.append(batch)

    def waiting(self, source: str, error: Retryable, seconds: float) -> None:
        assert source
        assert TOKEN not in str(error)
        assert seconds >= 0

    async def _pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        await asyncio.sleep(0.01)

    async def up(self) -> None:
        """Wait until the source is connected and has caught up."""
        await until(lambda: bool(self.notes.lines) and self.notes.lines[-1].endswith(" up"))

    async def told(self, count: int) -> list[CommentEvent]:
        """Wait for so many events; there must be no more."""
        await until(lambda: len(self.ledger.events) >= count)
        assert len(self.ledger.events) == count, self.seen()
        return self.ledger.events

    def seen(self) -> list[str]:
        """Return what was told, in short."""
        return [f"{event.kind} {event.comment.text}".rstrip() for event in self.ledger.events]


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - any condition: nothing to be notified by
            await asyncio.sleep(0.005)


@asynccontextmanager
async def serving(app: web.Application) -> AsyncIterator[str]:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
