"""The poller as a case of the contract: on a site in virtual time, together with the memory that it needs."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Final

import msgspec

from monitor.ports import Batch, Sighting, Source
from monitor.sources.polling.site import Policy
from monitor.store.sightings import MemorySightings
from tests.sites.board import Face, Over, Run, a_run

SECONDS: Final = 3_600.0


class Remembering:
    """A polled source, beside what Ingest would have saved with each of its cursors.

    Batches without events are saved and not handed out: they carry a cursor alone. The iteration
    ends when the time of the run is up.
    """

    def __init__(self, run: Run, folder: Path) -> None:
        self._run = run
        self._folder = folder

    @property
    def name(self) -> str:
        return self._run.site.name

    async def batches(self, cursor: str | None) -> AsyncGenerator[Batch, None]:
        kept = self._kept(cursor)
        memory = MemorySightings()
        memory.take(self.name, Batch(events=(), cursor="", sightings=tuple(kept.values())))
        self._run.sightings = memory
        self._run.time.end = self._run.time() + timedelta(seconds=SECONDS)
        async with aclosing(self._run.source().batches(cursor)) as batches:
            while (batch := await _next(batches)) is not None:
                memory.take(self.name, batch)
                kept |= {each.native_id: each for each in batch.sightings}
                self._file(batch.cursor).write_bytes(msgspec.json.encode(list(kept.values())))
                if batch.events or batch.unreadable:
                    yield batch

    def _kept(self, cursor: str | None) -> dict[str, Sighting]:
        if cursor is None:
            return {}
        found = msgspec.json.decode(self._file(cursor).read_bytes(), type=list[Sighting])
        return {each.native_id: each for each in found}

    def _file(self, cursor: str) -> Path:
        return self._folder / f"{hashlib.sha256(cursor.encode()).hexdigest()}.json"


async def _next(batches: AsyncGenerator[Batch, None]) -> Batch | None:
    try:
        return await anext(batches)
    except Over:
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class PolledCase:
    """A site that shows its comments in this face."""

    face: Face
    policy: Policy
    breaks: bool = True

    def open(self, folder: Path, *, broken: bool) -> Source:
        odd = ("{oops",) if broken else ()
        run = a_run(replace(self.face, per_page=1 if broken else 2, odd=odd), self.policy)
        for minutes in range(5, 0, -1):
            run.site.board.write(f"Good morning {minutes}", age=60 * minutes)
        return Remembering(run, folder)


CASES: Final = {
    "poll": PolledCase(face=Face(), policy=Policy()),
    "poll-oldest-first": PolledCase(
        face=Face(order="oldest_first", resumes=True), policy=Policy(order="oldest_first")
    ),
}
