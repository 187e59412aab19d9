"""Remembers how far each source was read: the adapters of `ports.Cursors`."""

from __future__ import annotations

import sqlite3

from monitor.store.database import Database


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

    async def save(self, source: str, cursor: str) -> None:
        """Save the cursor in place of the one before."""

        def work(connection: sqlite3.Connection) -> None:
            connection.execute(
                "INSERT INTO cursors (source, cursor) VALUES (?, ?)"
                " ON CONFLICT (source) DO UPDATE SET cursor = excluded.cursor",
                (source, cursor),
            )

        await self._database.run(work)


class MemoryCursors:
    """Keeps cursors as long as the process lives: for the demo, the offline twin and tests."""

    def __init__(self) -> None:
        self._cursors: dict[str, str] = {}

    async def load(self, source: str) -> str | None:
        """Return the cursor saved last, or None."""
        return self._cursors.get(source)

    async def save(self, source: str, cursor: str) -> None:
        """Save the cursor in place of the one before."""
        self._cursors[source] = cursor
