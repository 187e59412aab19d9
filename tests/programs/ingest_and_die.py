"""Ingests a source and is gone between publishing a batch and saving its cursor.

`python -m tests.programs.ingest_and_die FILE STORE PUBLISHED SAVES`: it dies at the save after so
many; with a negative number it lives. Published ids are appended to PUBLISHED, one a line. Instead
of a file, `board` polls a site of 47 comments, ten to a page, for an hour of its own time.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from monitor.services.ingest import Ingest
from monitor.sources.files import FileSource
from monitor.sources.tray import Reading
from monitor.store.database import Database
from monitor.store.sightings import SqliteSightings
from tests.programs.dying import DeadlyCursors, FilePublisher, Silent
from tests.sites.board import Face, a_run


async def main(file: Path, store: Path, published: Path, saves: int) -> None:
    async with Database(store) as database:
        cursors, publisher = DeadlyCursors(database, saves), FilePublisher(published)
        if str(file) != "board":
            source = FileSource(file, Reading(site="gazette", batch=10))
            await Ingest(source, publisher, cursors, Silent()).run()
            return
        run = a_run(Face(per_page=10))
        for minutes in range(47, 0, -1):
            run.site.board.write(age=60 * minutes)
        run.publisher, run.cursors, run.sightings = publisher, cursors, SqliteSightings(database)
        await run.pass_(3_600)


asyncio.run(main(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4])))
