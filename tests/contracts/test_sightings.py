"""What every memory of sightings promises, whatever keeps it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.ports import Batch, Cursors, Sighting, Sightings
from monitor.store.cursors import MemoryCursors, SqliteCursors
from monitor.store.database import Database
from monitor.store.sightings import MemorySightings, SqliteSightings

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
FIRST = Sighting(native_id="1", digest="a", seen_at=NOON, thread="bridge", created_at=NOON)
SECOND = Sighting(native_id="2", digest="b", seen_at=NOON, thread="market")
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Memory:
    cursors: Cursors
    sightings: Sightings

    async def keep(
        self, *sightings: Sighting, source: str = "gazette", before: datetime | None = None
    ) -> None:
        batch = Batch(events=(), cursor="1", sightings=sightings, forget_before=before)
        await self.cursors.save(source, batch)


@pytest.fixture(params=["sqlite", "memory"])
async def memory(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Memory]:
    if request.param == "memory":
        sightings = MemorySightings()
        yield Memory(MemoryCursors(sightings), sightings)
        return
    async with Database(tmp_path / "store.db") as database:
        yield Memory(SqliteCursors(database), SqliteSightings(database))


async def test_what_was_seen_is_known(memory: Memory) -> None:
    await memory.keep(FIRST, SECOND)
    assert await memory.sightings.known("gazette", ["1", "2", "3"]) == {"1": FIRST, "2": SECOND}


async def test_the_last_sighting_counts(memory: Memory) -> None:
    await memory.keep(FIRST)
    later = replace(FIRST, digest="c", gone=True, missed=2, seen_at=NOON + timedelta(hours=1))
    await memory.keep(later)
    assert await memory.sightings.known("gazette", ["1"]) == {"1": later}


async def test_each_source_remembers_for_itself(memory: Memory) -> None:
    await memory.keep(FIRST)
    assert await memory.sightings.known("courier", ["1"]) == {}
    assert await memory.sightings.standing("courier", None, BEGINNING) == {}


async def test_more_ids_may_be_asked_for_than_a_statement_takes(memory: Memory) -> None:
    many = [replace(SECOND, native_id=str(number)) for number in range(2500)]
    await memory.keep(*many)
    assert len(await memory.sightings.known("gazette", [each.native_id for each in many])) == 2500


async def test_what_is_gone_does_not_stand(memory: Memory) -> None:
    await memory.keep(FIRST, replace(SECOND, gone=True))
    assert await memory.sightings.standing("gazette", None, BEGINNING) == {"1": FIRST}


async def test_a_thread_is_asked_for_by_itself(memory: Memory) -> None:
    await memory.keep(FIRST, SECOND)
    assert await memory.sightings.standing("gazette", "market", BEGINNING) == {"2": SECOND}
    assert await memory.sightings.standing("gazette", "harbour", BEGINNING) == {}


async def test_ids_are_found_by_how_they_begin(memory: Memory) -> None:
    kept = {
        key: replace(SECOND, native_id=key) for key in ("at://ann/1", "at://ann/é\U0010fffe", "at://anna/1")
    }
    await memory.keep(*kept.values(), replace(FIRST, native_id="at://ann/2", gone=True))
    await memory.keep(replace(FIRST, native_id="at://ann/3"), source="courier")
    found = await memory.sightings.beginning("gazette", "at://ann/")
    assert found == {key: each for key, each in kept.items() if key != "at://anna/1"}


async def test_the_window_goes_by_the_comments_own_time_or_else_by_when_it_was_seen(memory: Memory) -> None:
    old = replace(FIRST, native_id="3", created_at=NOON - timedelta(days=8))
    await memory.keep(FIRST, SECOND, old)
    assert set(await memory.sightings.standing("gazette", None, NOON - timedelta(days=7))) == {"1", "2"}


async def test_what_was_not_seen_for_long_is_forgotten(memory: Memory) -> None:
    await memory.keep(FIRST, replace(SECOND, seen_at=NOON - timedelta(days=30)))
    await memory.keep(SECOND, source="courier")
    await memory.keep(before=NOON - timedelta(days=14))
    assert await memory.sightings.known("gazette", ["1", "2"]) == {"1": FIRST}
    assert await memory.sightings.known("courier", ["2"]) == {"2": SECOND}
