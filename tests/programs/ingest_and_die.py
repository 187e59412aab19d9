"""Ingests a file and is gone between publishing a batch and saving its cursor.

`python -m tests.programs.ingest_and_die FILE STORE PUBLISHED SAVES`: it dies at the save after so
many; with a negative number it lives. Published ids are appended to PUBLISHED, one a line.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from monitor.services.ingest import Ingest
from monitor.sources.files import FileSource
from monitor.sources.tray import Reading
from monitor.store.database import Database
from tests.programs.dying import DeadlyCursors, FilePublisher, Silent


async def main(file: Path, store: Path, published: Path, saves: int) -> None:
    async with Database(store) as database:
        source = FileSource(file, Reading(site="gazette", batch=10))
        await Ingest(source, FilePublisher(published), DeadlyCursors(database, saves), Silent()).run()


asyncio.run(main(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4])))
