"""What every source promises, whatever it reads. README.md tells how a guest's source joins."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Final, Protocol

import pytest

from monitor.domain.comments import CommentEvent
from monitor.ports import Batch, Source, Unreadable
from monitor.sources.files import FileSource
from monitor.sources.tray import Reading
from tests.contracts import heard, polled

GUESTS: Final = "COMMENT_MONITOR_SOURCE_CASES"
TEXTS: Final = (
    "Good morning, all.",
    "Good morning, Ann.\n\nAnd to you.",
    "Same here, friends.",
    "Bye.",
    "Bye.",
)


class SourceCase(Protocol):
    """Material for one adapter, at least three comments, and the adapter on it."""

    @property
    def breaks(self) -> bool:
        """Return whether this source can meet a record that it cannot read."""
        ...

    def open(self, folder: Path, *, broken: bool) -> Source:
        """Return a new adapter, in batches of at most two records, on the same material each time.

        `folder` is empty at the first call. With `broken`, one or more records that cannot be read
        stand among the same good ones.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class FileCase:
    """A file of one of our formats; `write` gives its content."""

    file: str
    write: Callable[[bool], str]
    breaks: bool = True

    def open(self, folder: Path, *, broken: bool) -> Source:
        path = folder / self.file
        path.write_text(self.write(broken), encoding="utf-8")
        return FileSource(path, Reading(site="gazette", batch=2))


def _lines(broken: bool) -> str:  # noqa: FBT001 - one of the writers, which have one argument
    lines = [json.dumps({"id": number, "text": text}) for number, text in enumerate(TEXTS)]
    return "\n".join([lines[0], *['{"id": 7'] * broken, *lines[1:], *['{"id": 9}'] * broken]) + "\n"


def _table(broken: bool) -> str:  # noqa: FBT001
    rows = [f'{number};"{text}"' for number, text in enumerate(TEXTS)]
    return "\n".join(["id;text", rows[0], *["7;a;b"] * broken, *rows[1:], *['9;"oops'] * broken]) + "\n"


def _page(broken: bool) -> str:  # noqa: FBT001
    assert not broken
    return "The Title\n\nThe article says this.\n\n\n" + "\n\n\n".join(TEXTS)


def _guests() -> dict[str, SourceCase]:
    """Return the cases that others brought, as `module:name` in the environment, parted by spaces."""
    places = os.environ.get(GUESTS, "").split()
    return {
        place: getattr(import_module(place.partition(":")[0]), place.partition(":")[2]) for place in places
    }


CASES: Final[dict[str, SourceCase]] = {
    "jsonl": FileCase(file="comments.jsonl", write=_lines),
    "csv": FileCase(file="comments.csv", write=_table),
    "page": FileCase(file="page.txt", write=_page, breaks=False),
    **heard.CASES,
    **polled.CASES,
    **_guests(),
}


@pytest.fixture(params=[(name, broken) for name, case in CASES.items() for broken in {False, case.breaks}])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Source]:
    """Open a source anew on the same material, once whole and, where it can be, once broken."""
    name, broken = request.param
    return lambda: CASES[name].open(tmp_path, broken=broken)


@pytest.fixture(params=[name for name, case in CASES.items() if case.breaks])
def both(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Source, Source]:
    """Open a source on whole material and on the same with broken records in it."""
    folders = [tmp_path / "whole", tmp_path / "broken"]
    for folder in folders:
        folder.mkdir()
    case = CASES[request.param]
    return case.open(folders[0], broken=False), case.open(folders[1], broken=True)


async def read(source: Source, cursor: str | None = None) -> list[Batch]:
    return [batch async for batch in source.batches(cursor)]


def keys(batches: list[Batch]) -> list[str]:
    return [event.comment.key for batch in batches for event in batch.events]


def records(batches: list[Batch]) -> list[str | Unreadable]:
    found: list[str | Unreadable] = []
    for batch in batches:
        found += [*keys([batch]), *batch.unreadable]
    return found


async def test_the_material_comes_in_batches_that_hold_something(opened: Callable[[], Source]) -> None:
    batches = await read(opened())
    assert len(keys(batches)) >= 3
    assert len(batches) >= 2
    assert all(0 < len(batch.events) + len(batch.unreadable) <= 2 for batch in batches)


async def test_every_cursor_resumes_with_exactly_the_rest(opened: Callable[[], Source]) -> None:
    batches = await read(opened())
    for index, batch in enumerate(batches, start=1):
        assert records(await read(opened(), batch.cursor)) == records(batches[index:])


async def test_the_cursor_of_the_last_batch_yields_nothing_more(opened: Callable[[], Source]) -> None:
    *_, last = await read(opened())
    assert await read(opened(), last.cursor) == []


async def test_ids_are_unique_and_stay_the_same_when_it_is_read_again(opened: Callable[[], Source]) -> None:
    first, second = keys(await read(opened())), keys(await read(opened()))
    assert first == second
    assert len(set(first)) == len(first)


async def test_the_name_that_cursors_are_kept_under_stays(opened: Callable[[], Source]) -> None:
    assert opened().name == opened().name != ""


async def test_one_source_may_be_read_more_than_once_and_left_early(opened: Callable[[], Source]) -> None:
    source = opened()
    async for batch in source.batches(None):
        left = batch
        break
    assert [*records([left]), *records(await read(source, left.cursor))] == records(await read(source))


async def test_every_time_has_a_zone(opened: Callable[[], Source]) -> None:
    def times(event: CommentEvent) -> list[object]:
        given = [event.observed_at, event.comment.created_at, event.comment.edited_at]
        return [time.tzinfo for time in given if time is not None]

    events = [event for batch in await read(opened()) for event in batch.events]
    assert all(all(times(event)) for event in events)


async def test_a_record_that_cannot_be_read_costs_no_other(both: tuple[Source, Source]) -> None:
    whole, broken = [await read(source) for source in both]
    assert keys(broken) == keys(whole)
    assert [record for batch in whole for record in batch.unreadable] == []


async def test_a_record_that_cannot_be_read_is_handed_out_whole_with_reason_and_place(
    both: tuple[Source, Source],
) -> None:
    unreadable = [record for batch in await read(both[1]) for record in batch.unreadable]
    assert unreadable
    for record in unreadable:
        assert record.payload
        assert record.reason in {"malformed", "schema", "too_large"}
        assert record.detail
        assert record.origin
