from __future__ import annotations

import asyncio
import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.domain.errors import Misconfigured, Retryable
from monitor.store.database import Database


def _tables(connection: sqlite3.Connection) -> set[str]:
    return {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def _pragma(connection: sqlite3.Connection, name: str) -> object:
    return connection.execute(f"PRAGMA {name}").fetchone()[0]


def _put(connection: sqlite3.Connection) -> None:
    connection.execute("INSERT INTO cursors VALUES ('gazette', '1')")


def _count(connection: sqlite3.Connection) -> object:
    return connection.execute("SELECT count(*) FROM cursors").fetchone()[0]


async def test_a_missing_file_is_created_with_its_folder_and_schema(tmp_path: Path) -> None:
    path = tmp_path / "new" / "store.db"
    async with Database(path) as database:
        assert "cursors" in await database.run(_tables)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_a_commit_survives_the_process(tmp_path: Path) -> None:
    async with Database(tmp_path / "store.db") as database:
        assert await database.run(lambda connection: _pragma(connection, "journal_mode")) == "wal"
        assert await database.run(lambda connection: _pragma(connection, "synchronous")) == 2
        await database.run(_put)
    async with Database(tmp_path / "store.db") as database:
        assert await database.run(_count) == 1


async def test_work_that_raises_writes_nothing(tmp_path: Path) -> None:
    def half(connection: sqlite3.Connection) -> None:
        _put(connection)
        raise KeyError("gone")

    async with Database(tmp_path / "store.db") as database:
        with pytest.raises(KeyError):
            await database.run(half)
        assert await database.run(_count) == 0


async def test_two_processes_may_open_the_same_new_file(tmp_path: Path) -> None:
    async with Database(tmp_path / "store.db") as one, Database(tmp_path / "store.db") as two:
        await one.run(_put)
        assert await two.run(_count) == 1


async def test_a_file_that_another_process_holds_can_be_tried_again(tmp_path: Path) -> None:
    async with Database(tmp_path / "store.db", busy_seconds=0.05) as database:
        other = sqlite3.connect(tmp_path / "store.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Retryable, match="locked"):
            await database.run(_put)
        other.close()
        await database.run(_put)


async def test_a_store_of_a_newer_release_is_refused(tmp_path: Path) -> None:
    async with Database(tmp_path / "store.db") as database:
        await database.run(lambda connection: connection.execute("PRAGMA user_version=999"))
    with pytest.raises(Misconfigured, match="newer release"):
        await Database(tmp_path / "store.db").__aenter__()


async def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "store.db").write_text("these are somebody's notes, not a database" * 40)
    with pytest.raises(Misconfigured, match="cannot be used"):
        await Database(tmp_path / "store.db").__aenter__()


async def test_a_path_below_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes").write_text("")
    with pytest.raises(Misconfigured, match="cannot be created"):
        await Database(tmp_path / "notes" / "store.db").__aenter__()


async def test_a_wrong_statement_stays_an_error_of_ours(tmp_path: Path) -> None:
    async with Database(tmp_path / "store.db") as database:
        with pytest.raises(sqlite3.OperationalError, match="no such table"):
            await database.run(lambda connection: connection.execute("SELECT * FROM unknown_table"))


async def test_what_waits_together_is_committed_together_and_fails_alone(tmp_path: Path) -> None:
    def put(number: int) -> Callable[[sqlite3.Connection], int]:
        def work(connection: sqlite3.Connection) -> int:
            connection.execute("INSERT INTO cursors VALUES (?, '1')", (f"source-{number}",))
            if number % 3 == 0:
                raise KeyError(number)
            return number

        return work

    async with Database(tmp_path / "store.db") as database:
        done = await asyncio.gather(
            *(database.run(put(number)) for number in range(30)), return_exceptions=True
        )
        expected = [number for number in range(30) if number % 3]
        assert [each for each in done if isinstance(each, int)] == expected
        assert all(isinstance(each, KeyError) for each in done[::3])
        assert await database.run(_count) == len(expected)


async def test_who_is_cancelled_while_waiting_holds_nobody_up(tmp_path: Path) -> None:
    async with Database(tmp_path / "store.db") as database:
        tasks = [asyncio.create_task(database.run(_count)) for _ in range(5)]
        await asyncio.sleep(0)
        tasks[2].cancel()
        done = await asyncio.gather(*tasks, return_exceptions=True)
        assert sum(each == 0 for each in done) >= 4
