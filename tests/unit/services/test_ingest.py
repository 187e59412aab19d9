from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.domain.comments import Comment, CommentEvent, EventKind
from monitor.domain.errors import Misconfigured, Retryable
from monitor.ports import Batch, Unreadable
from monitor.services.ingest import Ingest, Ingested, Pacing
from monitor.store.cursors import MemoryCursors

REPOSITORY = Path(__file__).parents[3]
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DOWN = Retryable("the broker is away")


def event(number: int) -> CommentEvent:
    comment = Comment(source="gazette", native_id=str(number), text="Good morning")
    return CommentEvent(kind=EventKind.CREATED, comment=comment, observed_at=NOW)


def letter(number: int) -> Unreadable:
    return Unreadable(
        payload=b"{", reason="malformed", detail="no JSON", origin=f"jsonl:gazette:a.jsonl:{number}"
    )


BATCHES = (
    Batch(events=(event(1), event(2)), cursor="2"),
    Batch(events=(event(3),), cursor="4", unreadable=(letter(4),)),
    Batch(events=(), cursor="5", unreadable=(letter(5),)),
)


class Shelf:
    """A source of ready batches. It fails once after each batch that `failures` names."""

    name = "gazette"

    def __init__(self, *failures: str) -> None:
        self._failures = list(failures)
        self.opened: list[str | None] = []
        self.left = 0

    async def batches(self, cursor: str | None) -> AsyncIterator[Batch]:
        self.opened.append(cursor)
        try:
            for batch in BATCHES:
                if cursor is None or batch.cursor > cursor:
                    yield batch
                if batch.cursor in self._failures:
                    self._failures.remove(batch.cursor)
                    raise Retryable("the site is away", retry_after=7.0)
        finally:
            self.left += 1


class Bench:
    """Publisher, cursors, observer and pacing in one, writing down what happens in its order.

    Each word in `faults` is a step that fails once when its turn comes.
    """

    def __init__(self, *faults: str) -> None:
        self.steps: list[str] = []
        self._faults = list(faults)
        self._cursors = MemoryCursors()

    async def publish(self, events: Sequence[CommentEvent]) -> None:
        self._do("publish " + " ".join(event.comment.native_id for event in events))

    async def bury(self, letters: Sequence[Unreadable]) -> None:
        self._do("bury " + " ".join(letter.origin.rpartition(":")[2] for letter in letters))

    async def load(self, source: str) -> str | None:
        self._do("load")
        return await self._cursors.load(source)

    async def save(self, source: str, batch: Batch) -> None:
        self._do(f"save {batch.cursor}")
        await self._cursors.save(source, batch)

    def taken(self, source: str, batch: Batch) -> None:
        self.steps.append(f"taken {source} {len(batch.events)} {len(batch.unreadable)}")

    def waiting(self, source: str, error: Retryable, seconds: float) -> None:
        self.steps.append(f"waiting {source} {error} {seconds:g}")

    async def sleep(self, seconds: float) -> None:
        self.steps.append(f"slept {seconds:g}")

    def _do(self, step: str) -> None:
        if step in self._faults:
            self._faults.remove(step)
            self.steps.append(f"failed {step}")
            raise DOWN
        self.steps.append(step)


def ingest(source: Shelf, bench: Bench) -> Ingest:
    return Ingest(source, bench, bench, bench, Pacing(sleep=bench.sleep, chance=lambda: 1.0))


async def test_a_batch_is_published_and_buried_before_its_cursor_is_saved() -> None:
    bench = Bench()
    assert await ingest(Shelf(), bench).run() == Ingested(events=3, unreadable=2, batches=3)
    assert bench.steps == [
        *("load", "publish 1 2", "save 2", "taken gazette 2 0"),
        *("publish 3", "bury 4", "save 4", "taken gazette 1 1"),
        *("bury 5", "save 5", "taken gazette 0 1"),
    ]


async def test_reading_goes_on_after_the_saved_cursor() -> None:
    bench = Bench()
    await bench.save("gazette", Batch(events=(), cursor="4"))
    assert await ingest(Shelf(), bench).run() == Ingested(unreadable=1, batches=1)


@pytest.mark.parametrize("step", ["load", "publish 3", "bury 4", "save 4"])
async def test_what_fails_is_tried_again_and_nothing_else(step: str) -> None:
    smooth, bumpy = Bench(), Bench(step)
    counts = await ingest(Shelf(), smooth).run()
    assert await ingest(Shelf(), bumpy).run() == counts
    at = bumpy.steps.index(f"failed {step}")
    assert bumpy.steps[at : at + 4] == [
        f"failed {step}",
        "waiting gazette the broker is away 0.5",
        "slept 0.5",
        step,
    ]
    assert bumpy.steps[:at] + bumpy.steps[at + 3 :] == smooth.steps


async def test_the_wait_grows_while_the_broker_stays_away() -> None:
    bench = Bench(*["publish 1 2"] * 4)
    await ingest(Shelf(), bench).run()
    assert [step for step in bench.steps if step.startswith("slept")] == [
        "slept 0.5",
        "slept 1",
        "slept 2",
        "slept 4",
    ]


async def test_a_source_that_fails_is_resumed_after_the_last_batch_when_it_asked_to_be() -> None:
    source, bench = Shelf("2", "4"), Bench()
    assert await ingest(source, bench).run() == Ingested(events=3, unreadable=2, batches=3)
    assert source.opened == [None, "2", "4"]
    assert [step for step in bench.steps if step.startswith("slept")] == ["slept 7", "slept 7"]


async def test_what_can_never_work_stops() -> None:
    class Missing(Shelf):
        async def batches(self, cursor: str | None) -> AsyncIterator[Batch]:
            async for batch in super().batches(cursor):
                yield batch
                raise Misconfigured.plain("there is no such file")

    bench = Bench()
    with pytest.raises(Misconfigured):
        await ingest(Missing(), bench).run()
    assert bench.steps[-2:] == ["save 2", "taken gazette 2 0"]


async def test_a_batch_that_was_cancelled_before_its_save_comes_again() -> None:
    class Stuck(Bench):
        published = asyncio.Event()

        async def publish(self, events: Sequence[CommentEvent]) -> None:
            await super().publish(events)
            if events == BATCHES[1].events and not self.published.is_set():
                self.published.set()
                await asyncio.Event().wait()

    source, bench = Shelf(), Stuck()
    task = asyncio.create_task(ingest(source, bench).run())
    await bench.published.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await bench.load("gazette") == "2"
    assert source.left == 1

    await ingest(source, bench).run()
    assert [step for step in bench.steps if step.startswith("publish")] == [
        "publish 1 2",
        "publish 3",
        "publish 3",
    ]


@pytest.mark.slow
def test_a_process_killed_between_publishing_and_saving_loses_nothing(tmp_path: Path) -> None:
    file, store, published = tmp_path / "comments.jsonl", tmp_path / "store.db", tmp_path / "published"
    lines = [json.dumps({"id": number, "text": "Good morning"}) for number in range(35)]
    file.write_text("\n".join([*lines[:15], "{", *lines[15:]]) + "\n")

    def run(saves: int) -> int:
        program = [
            sys.executable,
            "-m",
            "tests.programs.ingest_and_die",
            *map(str, [file, store, published, saves]),
        ]
        return subprocess.run(program, cwd=REPOSITORY, check=False, timeout=60).returncode

    assert [run(saves) for saves in (0, 2, 0, -1)] == [-signal.SIGKILL] * 3 + [0]
    times = Counter(published.read_text().split())
    expected = {str(number) for number in range(35)} | {"jsonl:gazette:comments.jsonl:16"}
    assert set(times) == expected
    assert Counter(times.values()) == {1: 16, 2: 10, 3: 10}
