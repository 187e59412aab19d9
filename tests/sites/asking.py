"""What tests ask sites with: a web client, quick manners, and a clock that passes time at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Final

from monitor.sources.web.client import WebClient
from monitor.sources.web.message import Manners

LOOPBACK: Final = ("127.0.0.1/32",)
QUICK: Final = Manners(rate=1_000.0, concurrency=100, robots="skip", networks=LOOPBACK, timeout=5.0)
CONTACT: Final = "https://gazette.example/bot"


class Hands:
    """A clock that stands still but for who sleeps by it."""

    def __init__(self, now: datetime | None = None) -> None:
        self.now = now or datetime.now(UTC)
        self.slept: list[float] = []

    def __call__(self) -> datetime:
        """Return the time."""
        return self.now

    def turn(self, seconds: float) -> None:
        """Let time pass."""
        self.now = self.shifted(seconds)

    def shifted(self, seconds: float) -> datetime:
        """Return the time that it will be."""
        return self.now + timedelta(seconds=seconds)

    async def sleep(self, seconds: float) -> None:
        """Let time pass, at once, for all."""
        self.slept.append(seconds)
        self.turn(seconds)
        await asyncio.sleep(0)


@asynccontextmanager
async def open_web(hands: Hands | None = None, contact: str = CONTACT) -> AsyncIterator[WebClient]:
    """Return a client that goes by these hands, or by the wall's."""
    web = (
        WebClient(hands, contact=contact, sleep=hands.sleep)
        if hands
        else WebClient(lambda: datetime.now(UTC), contact=contact)
    )
    try:
        yield web
    finally:
        await web.close()
