"""Delivers what waits in a store: `python -m tests.programs.deliver STORE URL record|die`.

With `die` the process is gone after the first answer of the channel and before its record.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

from monitor.metrics import Metrics
from monitor.notifiers.http import Outlet
from monitor.notifiers.webhook import Webhook
from monitor.ports import Delivery
from monitor.ports.network import Networks
from monitor.services.delivery import Deliverer
from monitor.services.routing import Route
from monitor.store.database import Database
from monitor.store.deliveries import SqliteDeliveries


def clock() -> datetime:
    return datetime.now(UTC)


class DiesBeforeRecording(SqliteDeliveries):
    """Stands for a machine that fails in the worst moment."""

    async def delivered(self, delivery: Delivery, answer: str, now: datetime) -> None:
        """Die."""
        del delivery, answer, now
        os.kill(os.getpid(), signal.SIGKILL)


class StopsWhenDone(SqliteDeliveries):
    """Lets the program end once nothing waits."""

    def __init__(self, database: Database) -> None:
        super().__init__(database, clock)
        self.done = asyncio.Event()

    async def delivered(self, delivery: Delivery, answer: str, now: datetime) -> None:
        """Record, and see whether that was the last one."""
        await super().delivered(delivery, answer, now)
        if not await self.waiting():
            self.done.set()


async def main(store: Path, url: str, end: str) -> None:
    async with Database(store) as database:
        records = StopsWhenDone(database)
        deliveries = records if end == "record" else DiesBeforeRecording(database, clock)
        outlet = Outlet(url, networks=Networks(["127.0.0.0/8"]), clock=clock)
        webhook = Webhook("desk", outlet, secrets=["a-long-random-text"], clock=clock)
        deliverer = Deliverer([Route(receiver=webhook)], deliveries, Metrics(), clock)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(deliverer.run())
            await records.done.wait()
            deliverer.stop()


asyncio.run(main(Path(sys.argv[1]), sys.argv[2], sys.argv[3]))
