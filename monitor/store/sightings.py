"""What sources remember of the comments they saw: the adapters of `ports.Sightings`."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime
from itertools import islice
from typing import Final

from monitor.ports import Batch, Sighting
from monitor.store.database import Database

_AT_ONCE: Final = 500
"""Ids asked for in one statement; SQLite takes 999 parameters in its oldest builds."""

_LAST_CHARACTER: Final = "\U0010ffff"
"""Sorts after every character that an id holds, by code point as by bytes of UTF-8."""

_COLUMNS: Final = "native_id, digest, seen_at, thread, created_at, gone, missed"


class SqliteSightings:
    """Reads the sightings that `SqliteCursors` keeps in the process's SQLite file."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def known(self, source: str, native_ids: Collection[str]) -> Mapping[str, Sighting]:
        """Return what is remembered of these comments, by id; those never seen are left out."""

        def work(connection: sqlite3.Connection) -> dict[str, Sighting]:
            ids = iter(native_ids)
            found: dict[str, Sighting] = {}
            while some := list(islice(ids, _AT_ONCE)):
                marks = ", ".join("?" * len(some))
                query = f"SELECT {_COLUMNS} FROM sightings WHERE source = ? AND native_id IN ({marks})"  # noqa: S608 - question marks only
                found |= _by_id(connection.execute(query, (source, *some)))
            return found

        return await self._database.run(work)

    async def standing(self, source: str, thread: str | None, since: datetime) -> Mapping[str, Sighting]:
        """Return the comments that are not gone, created (or, without a time, seen) since then."""
        where = "source = ? AND gone = 0 AND coalesce(created_at, seen_at) >= ?"
        query = f"SELECT {_COLUMNS} FROM sightings WHERE {where}"  # noqa: S608 - constants only
        values: tuple[str | float, ...] = (source, since.timestamp())
        if thread is not None:
            query, values = f"{query} AND thread = ?", (*values, thread)
        return await self._database.run(lambda connection: _by_id(connection.execute(query, values)))

    async def beginning(self, source: str, prefix: str) -> Mapping[str, Sighting]:
        """Return the comments that are not gone whose ids begin so."""
        where = "source = ? AND gone = 0 AND native_id >= ? AND native_id < ?"
        query = f"SELECT {_COLUMNS} FROM sightings WHERE {where}"  # noqa: S608 - constants only
        values = (source, prefix, prefix + _LAST_CHARACTER)
        return await self._database.run(lambda connection: _by_id(connection.execute(query, values)))

    async def latest(self, source: str) -> datetime | None:
        """Return when the source last saw a comment; for people who ask how it stands."""

        def work(connection: sqlite3.Connection) -> datetime | None:
            row = connection.execute("SELECT max(seen_at) FROM sightings WHERE source = ?", (source,))
            [seen_at] = row.fetchone()
            return None if seen_at is None else datetime.fromtimestamp(seen_at, UTC)

        return await self._database.run(work)


class MemorySightings:
    """Keeps sightings as long as the process lives: for trying a source, and for tests."""

    def __init__(self) -> None:
        self._kept: dict[str, dict[str, Sighting]] = {}

    async def known(self, source: str, native_ids: Collection[str]) -> Mapping[str, Sighting]:
        """Return what is remembered of these comments, by id; those never seen are left out."""
        kept = self._kept.get(source, {})
        return {native_id: kept[native_id] for native_id in native_ids if native_id in kept}

    async def standing(self, source: str, thread: str | None, since: datetime) -> Mapping[str, Sighting]:
        """Return the comments that are not gone, created (or, without a time, seen) since then."""
        return {
            native_id: sighting
            for native_id, sighting in self._kept.get(source, {}).items()
            if not sighting.gone
            and (sighting.created_at or sighting.seen_at) >= since
            and thread in {None, sighting.thread}
        }

    async def beginning(self, source: str, prefix: str) -> Mapping[str, Sighting]:
        """Return the comments that are not gone whose ids begin so."""
        return {
            native_id: sighting
            for native_id, sighting in self._kept.get(source, {}).items()
            if not sighting.gone and native_id.startswith(prefix)
        }

    def take(self, source: str, batch: Batch) -> None:
        """Keep the batch's sightings and forget what it says to."""
        kept = self._kept.setdefault(source, {})
        kept.update((sighting.native_id, sighting) for sighting in batch.sightings)
        if batch.forget_before is not None:
            before = batch.forget_before
            self._kept[source] = {key: each for key, each in kept.items() if each.seen_at >= before}


def write_sightings(connection: sqlite3.Connection, source: str, batch: Batch) -> None:
    """Keep the batch's sightings and forget what it says to, in the transaction under way."""
    connection.executemany(
        f"INSERT OR REPLACE INTO sightings (source, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 - constants only
        ((source, *_row(sighting)) for sighting in batch.sightings),
    )
    if batch.forget_before is not None:
        before = batch.forget_before.timestamp()
        connection.execute("DELETE FROM sightings WHERE source = ? AND seen_at < ?", (source, before))


def _row(sighting: Sighting) -> tuple[str | float | None, ...]:
    created = sighting.created_at.timestamp() if sighting.created_at else None
    return (
        sighting.native_id,
        sighting.digest,
        sighting.seen_at.timestamp(),
        sighting.thread,
        created,
        int(sighting.gone),
        sighting.missed,
    )


def _by_id(
    rows: Iterable[tuple[str, str, float, str | None, float | None, int, int]],
) -> dict[str, Sighting]:
    return {
        native_id: Sighting(
            native_id=native_id,
            digest=digest,
            seen_at=datetime.fromtimestamp(seen_at, UTC),
            thread=thread,
            created_at=None if created_at is None else datetime.fromtimestamp(created_at, UTC),
            gone=bool(gone),
            missed=missed,
        )
        for native_id, digest, seen_at, thread, created_at, gone, missed in rows
    }
