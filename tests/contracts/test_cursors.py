"""What every memory of cursors promises, whatever keeps it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from monitor.ports import Batch, Cursors
from monitor.store.cursors import MemoryCursors, SqliteCursors
from monitor.store.database import Database


def at(cursor: str) -> Batch:
    return Batch(events=(), cursor=cursor)


@pytest.fixture(params=["sqlite", "memory"])
async def cursors(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Cursors]:
    if request.param == "memory":
        yield MemoryCursors()
        return
    async with Database(tmp_path / "store.db") as database:
        yield SqliteCursors(database)


async def test_a_source_that_was_never_read_has_no_cursor(cursors: Cursors) -> None:
    assert await cursors.load("gazette") is None


async def test_the_cursor_saved_last_is_loaded(cursors: Cursors) -> None:
    await cursors.save("gazette", at("1"))
    await cursors.save("gazette", at("2"))
    assert await cursors.load("gazette") == "2"


async def test_each_source_has_a_cursor_of_its_own(cursors: Cursors) -> None:
    await cursors.save("gazette", at("1"))
    await cursors.save("courier", at("2"))
    assert [await cursors.load(source) for source in ("gazette", "courier")] == ["1", "2"]


@pytest.mark.parametrize("cursor", ["", '{"offset": 17}', "Ünïcødé \N{GRINNING FACE}\0 '; --", "x" * 100_000])
async def test_a_cursor_comes_back_to_the_letter(cursors: Cursors, cursor: str) -> None:
    await cursors.save(cursor or "empty", at(cursor))
    assert await cursors.load(cursor or "empty") == cursor
