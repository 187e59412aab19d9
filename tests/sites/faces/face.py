"""What every face of the made-up site has: routes of its own, ids of its own, one truth."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from typing import ClassVar, Final

import yaml
from aiohttp import web

from tests.sites.faces.store import Kept, Store

PACE: Final[Mapping[str, Mapping[str, object]]] = {
    "poll": {"every": "2s", "min": "1s", "max": "8s"},
    "incremental": {"late_window": "1d", "deep_every": "10s"},
    "politeness": {"rate": "10/s", "networks": ["127.0.0.0/8"]},
    "limits": {"timeout": "2m"},
}
"""What a test changes of a source file: minutes become seconds, and loopback may be asked."""


class Face(ABC):
    """One way in which sites show comments.

    `source` is the source file that a person would write for it, with `{url}` where the site stands.
    """

    source: ClassVar[str]

    def __init__(self, store: Store) -> None:
        self.store = store

    def source_at(self, url: str) -> str:
        """Return the source file for the face at this address, at the pace of a test."""
        told = yaml.safe_load(self.source.replace("{url}", url))
        for name, more in PACE.items():
            told[name] = {**told.get(name, {}), **more}
        return str(yaml.safe_dump({"id": "made-up", **told}, allow_unicode=True))

    @abstractmethod
    def routes(self) -> Iterable[web.AbstractRouteDef]:
        """Return the site's routes."""

    def native(self, kept: Kept) -> str:
        """Return the id that this site gives a comment."""
        return str(kept.number)

    def parent(self, kept: Kept) -> str | None:
        """Return the id of the comment that this one answers."""
        found = self.store.get(kept.parent) if kept.parent else None
        return self.native(found) if found else None

    def truth(self) -> dict[str, str]:
        """Return what people see, by native id."""
        return {self.native(kept): kept.text for kept in self.store.shown()}


@asynccontextmanager
async def serving(face: Face) -> AsyncIterator[str]:
    """Serve a face on loopback; yield its URL."""
    app = web.Application()
    app.add_routes(face.routes())
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def zulu(time: datetime) -> str:
    """Return a time as most APIs write it: UTC, milliseconds, Z."""
    return f"{time:%Y-%m-%dT%H:%M:%S}.{time.microsecond // 1000:03d}Z"


def whole(request: web.Request, name: str, otherwise: int) -> int:
    """Return a whole number of the query."""
    return int(request.query.get(name) or otherwise)
