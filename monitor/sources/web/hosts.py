"""Whose turn it is: each host is asked at the pace, and by as many at once, as it can be expected to like.

A host is shared by every source that asks it. The strictest of their manners holds for all, what
the host asks for (Crawl-delay, Retry-After) too, and they stand in one line: first come, first served.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final

from aiolimiter import AsyncLimiter
from yarl import URL

from monitor.domain.errors import Retryable
from monitor.ports import Clock
from monitor.sources.web.message import Manners
from monitor.sources.web.waiting import LONGEST_WAIT

PATIENCE: Final = 5.0
"""Seconds that a held host is waited for in the line; longer is for the source to know and to tell."""

MOST_HOSTS: Final = 2_048
"""Hosts remembered before those that nobody needs are forgotten: redirects can name any number."""

_FORGOTTEN_AFTER: Final = timedelta(seconds=LONGEST_WAIT)
_PORTS_OF_THE_WEB: Final = (80, 443)

Sleep = Callable[[float], Awaitable[object]]


class Host:
    """One host, and the line of those who want to ask it."""

    def __init__(self, name: str, clock: Clock, sleep: Sleep) -> None:
        self._name = name
        self._clock = clock
        self._sleep = sleep
        self._line = asyncio.Lock()
        self._left = asyncio.Event()
        self._asking = 0
        self._gap = 0.0
        self._most = 1_000
        self._delays = {"": 0.0}
        self._limiter: AsyncLimiter | None = None
        self._held_until = self._used_at = clock()

    @asynccontextmanager
    async def turn(self, manners: Manners) -> AsyncIterator[None]:
        """Wait in the line, then ask within the block.

        Raises:
            Retryable: the host is not to be asked for a longer while, which is said.
        """
        self._gap = max(self._gap, 1 / manners.rate)
        self._most = min(self._most, manners.concurrency)
        async with self._line:
            while not await self._ready():
                pass
            self._asking += 1
        try:
            yield
        finally:
            self._asking -= 1
            self._used_at = self._clock()
            self._left.set()

    def hold(self, seconds: float) -> None:
        """Let nobody ask for so long."""
        self._held_until = max(self._held_until, self._clock() + timedelta(seconds=seconds))

    def slow_down(self, agent: str, delay: float) -> None:
        """Leave so many seconds between two requests, because robots.txt asks this of the agent."""
        self._delays[agent] = min(delay, LONGEST_WAIT)

    def forgettable(self) -> bool:
        """Return whether nobody asks, waits, or has to know that this host was asked."""
        busy = self._asking or self._line.locked()
        return not busy and max(self._used_at, self._held_until) + _FORGOTTEN_AFTER < self._clock()

    async def _ready(self) -> bool:
        """Return whether the first in the line may ask; having waited for something, it looks again."""
        if (held := (self._held_until - self._clock()).total_seconds()) > 0:
            if held > PATIENCE:
                raise Retryable(f"{self._name} asked to be left alone for {held:.0f} s", retry_after=held)
            await self._sleep(held)
            return False
        if self._asking >= self._most:
            self._left.clear()
            await self._left.wait()
            return False
        gap = self._strictest()
        await self._paced(gap)
        return self._held_until <= self._clock() and gap == self._strictest()

    def _strictest(self) -> float:
        return max(self._gap, *self._delays.values())

    async def _paced(self, gap: float) -> None:
        """Wait until the last request is long enough ago."""
        if gap <= 0:
            return
        if self._limiter is None:
            self._limiter = AsyncLimiter(1, gap)
        elif self._limiter.time_period != gap:
            self._limiter = AsyncLimiter(1, gap)
            await self._limiter.acquire()  # for the request that the former one let through
        await self._limiter.acquire()


class Hosts:
    """Every host that was asked lately."""

    def __init__(self, clock: Clock, sleep: Sleep = asyncio.sleep) -> None:
        self._clock = clock
        self._sleep = sleep
        self._hosts: dict[str, Host] = {}

    def of(self, url: URL) -> Host:
        """Return the host of a URL. Both ports of the web are one; another port is a server of its own."""
        name = url.host or ""
        key = name if url.port in _PORTS_OF_THE_WEB else f"{name}:{url.port}"
        if key not in self._hosts:
            self._forget()
            self._hosts[key] = Host(name, self._clock, self._sleep)
        return self._hosts[key]

    def _forget(self) -> None:
        if len(self._hosts) >= MOST_HOSTS:
            self._hosts = {key: host for key, host in self._hosts.items() if not host.forgettable()}
