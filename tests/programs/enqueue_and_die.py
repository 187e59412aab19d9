"""Records two alerts and is gone the moment after: `python -m tests.programs.enqueue_and_die STORE`."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

from monitor.store.database import Database
from monitor.store.deliveries import SqliteDeliveries
from tests.alerts import NOON, an_alert


async def main(path: Path) -> None:
    deliveries = SqliteDeliveries(Database(path), lambda: NOON)
    await deliveries.enqueue([an_alert(1), an_alert(2)], ["desk"])
    os.kill(os.getpid(), signal.SIGKILL)


asyncio.run(main(Path(sys.argv[1])))
