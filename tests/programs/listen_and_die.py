"""Ingests what a source file tells of, and is gone between publishing a batch and saving its cursor.

`python -m tests.programs.listen_and_die FILE STORE PUBLISHED SAVES PORT`: it dies at the save after
so many; with a negative number it lives until it is killed. Published ids are appended to PUBLISHED,
one a line. Webhooks come in by PORT.
"""

from __future__ import annotations

import asyncio
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from monitor.services.ingest import Ingest
from monitor.sources.describing import build_sources
from monitor.sources.kinds import Tools
from monitor.sources.polling.site import Poll
from monitor.sources.push.doors import DoorServer
from monitor.sources.web.client import WebClient
from monitor.store.database import Database
from monitor.store.sightings import SqliteSightings
from tests.programs.dying import DeadlyCursors, FilePublisher, Silent


class Blind:
    """Watches nothing."""

    def polled(self, source: str, poll: Poll) -> None:
        """See nothing."""

    def connected(self, source: str, *, up: bool, reason: str = "") -> None:
        """See nothing."""

    def knocked(self, source: str, outcome: str) -> None:
        """See nothing."""


def now() -> datetime:
    return datetime.now(UTC)


async def main(file: Path, store: Path, published: Path, saves: int, port: int) -> None:
    async with Database(store) as database, DoorServer(host="127.0.0.1", port=port) as doors:
        tools = Tools(
            web=WebClient(now), sightings=SqliteSightings(database), clock=now, watch=Blind(), doors=doors
        )
        (source,) = build_sources(file, tools, os.environ)
        await Ingest(source, FilePublisher(published), DeadlyCursors(database, saves), Silent()).run()


asyncio.run(main(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5])))
