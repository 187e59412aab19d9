"""Remembers how far each source was read: the adapters of `ports.Cursors`."""

from __future__ import annotations

import sqlite3

from monitor.ports import Batch
from monitor.store.database import Database
from monitor.store.sightings import MemorySightings, write_sightings


class SqliteCursors:
    """Keeps cursors in the process's SQLite file; a saved one survives SIGKILL."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def load(self, source: str) -> str | None:
        """Return the cursor saved last, or None."""

        def work(connection: sqlite3.Connection) -> str | None:
            row = connection.execute("SELECT cursor FROM cursors WHERE source = ?", (source,)).fetchone()
            return None if row is None else str(row[0])

        return await self._database.run(work)

    async def save(self, source: str, batch: Batch) -> None:
        """Save the batch's cursor in place of the one before, and its sightings with it."""

        def work(connection: sqlite3.Connection) -> None:
            connection.execute(
                "INSERT INTO cursors (source, cursor) VALUES (?, ?)"
                " ON CONFLICT (source) DO UPDATE SET cursor = excluded.cursor",
                (source, batch.cursor),
            )
            write_sightings(connection, source, batch)

        await self._database.run(work)


class MemoryCursors:
    """Keeps cursors as long as the process lives: for the demo, the offline twin and tests."""

    def __init__(self, sightings: MemorySightings | None = None) -> None:
        self._cursors: dict[str, str] = {}
        self._sightings = sightings or MemorySightings()

    async def load(self, source: str) -> str | None:
        """Return the cursor saved last, or None."""
        return self._cursors.get(source)

    async def save(self, source: str, batch: Batch) -> None:
        """Save the batch's cursor in place of the one before, and its sightings with it."""
        self._cursors[source] = batch.cursor
        self._sightings.take(source, batch)
