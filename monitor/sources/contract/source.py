"""What the port `Source` promises, on material that its case brings."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from monitor.domain.comments import CommentEvent
from monitor.ports import Batch, Source, Unreadable
from monitor.sources.contract.promise import expect, hold

_FEWEST_COMMENTS = 3
_MOST_IN_A_BATCH = 2
_REASONS = {"malformed", "schema", "too_large"}


class SourceCase(Protocol):
    """Material for one source, at least three comments, and the source on it.

    A source that runs for ever ends here with its material, or is cut off where nothing more comes.
    """

    @property
    def breaks(self) -> bool:
        """Return whether this source can meet a record that it cannot read."""
        ...

    def open(self, folder: Path, *, broken: bool) -> Source:
        """Return a new source, in batches of at most two records, on the same material each time.

        `folder` is empty at the first call, and the same one at every later call of a test: keep there
        what must stay between them. With `broken`, one or more records that cannot be read stand among
        the same good ones; where `breaks` is False it is never asked for.
        """
        ...


class SourceContract:
    """The promises; a class of tests says `case = …` (or a fixture sets it)."""

    case: SourceCase

    def test_the_material_comes_in_batches_that_hold_something(self, tmp_path: Path) -> None:
        """A batch is never empty: one that only moves the cursor is for sources that never end."""
        for material in self._materials(tmp_path):
            batches = material.read()
            sizes = [len(batch.events) + len(batch.unreadable) for batch in batches]
            comments = len(_keys(batches))
            hold("at least three comments come", comments, holds=comments >= _FEWEST_COMMENTS)
            hold("they come in two batches or more", sizes, holds=len(batches) > 1)
            fits = all(0 < size <= _MOST_IN_A_BATCH for size in sizes)
            hold("every batch holds one or two records", sizes, holds=fits)

    def test_every_cursor_resumes_with_exactly_the_rest(self, tmp_path: Path) -> None:
        """A cursor is text and holds all that is needed, also in a new process."""
        for material in self._materials(tmp_path):
            batches = material.read()
            for number, batch in enumerate(batches, 1):
                rest = _records(material.read(batch.cursor))
                expect(f"after batch {number} exactly the rest comes", _records(batches[number:]), rest)

    def test_the_cursor_of_the_last_batch_yields_nothing_more(self, tmp_path: Path) -> None:
        """What was read comes once."""
        for material in self._materials(tmp_path):
            cursor = material.read()[-1].cursor
            expect("nothing comes after the last cursor", [], material.read(cursor))

    def test_ids_are_unique_and_stay_the_same_when_it_is_read_again(self, tmp_path: Path) -> None:
        """A comment is known again by its id, so that reading it twice tells it once."""
        for material in self._materials(tmp_path):
            first, second = _keys(material.read()), _keys(material.read())
            expect("the same ids come again", first, second)
            expect("no id comes twice", sorted(set(first)), sorted(first))

    def test_the_name_that_cursors_are_kept_under_stays(self, tmp_path: Path) -> None:
        """Under another name the source would be read from its beginning."""
        first, second = (self.case.open(tmp_path, broken=False).name for _ in range(2))
        hold("a source has a name", first, holds=bool(first))
        expect("its name stays", first, second)

    def test_one_source_may_be_read_more_than_once_and_left_early(self, tmp_path: Path) -> None:
        """Ingest leaves a source in the midst of it when the process stops."""
        for material in self._materials(tmp_path):
            source = material.open()
            left = asyncio.run(_first(source))
            rest = asyncio.run(_read(source, left.cursor))
            expect(
                "it reads on after it was left", _records(asyncio.run(_read(source))), _records([left, *rest])
            )

    def test_every_time_has_a_zone(self, tmp_path: Path) -> None:
        """A time without a zone means another moment on every machine."""
        for material in self._materials(tmp_path):
            events = [event for batch in material.read() for event in batch.events]
            naive = [event.comment.key for event in events if not _zoned(event)]
            expect("every time has a zone", [], naive)

    def test_a_record_that_cannot_be_read_costs_no_other(self, tmp_path: Path) -> None:
        """The good comments come as if it were not there."""
        if self.case.breaks:
            whole, broken = self._materials(tmp_path)
            expect("the same comments come", _keys(whole.read()), _keys(broken.read()))
            expect("none is unreadable in whole material", [], _unreadable(whole.read()))

    def test_a_record_that_cannot_be_read_is_handed_out_whole_with_reason_and_place(
        self, tmp_path: Path
    ) -> None:
        """People find it among the dead letters, and must see what it was and where it stood."""
        if not self.case.breaks:
            return
        _, broken = self._materials(tmp_path)
        found = _unreadable(broken.read())
        hold("what cannot be read is handed out", found, holds=bool(found))
        for record in found:
            told = bool(record.payload and record.detail and record.origin)
            hold("it has its bytes, a detail and a place", record, holds=told)
            hold(f"its reason is one of {sorted(_REASONS)}", record.reason, holds=record.reason in _REASONS)

    def _materials(self, folder: Path) -> Iterator[_Material]:
        """Yield the material whole and, where it can be, with broken records in it."""
        for broken in [False, True][: 1 + self.case.breaks]:
            place = folder / ("broken" if broken else "whole")
            place.mkdir()
            yield _Material(self.case, place, broken=broken)


class _Material:
    def __init__(self, case: SourceCase, folder: Path, *, broken: bool) -> None:
        self._case = case
        self._folder = folder
        self._broken = broken

    def open(self) -> Source:
        return self._case.open(self._folder, broken=self._broken)

    def read(self, cursor: str | None = None) -> list[Batch]:
        return asyncio.run(_read(self.open(), cursor))


async def _read(source: Source, cursor: str | None = None) -> list[Batch]:
    return [batch async for batch in source.batches(cursor)]


async def _first(source: Source) -> Batch:
    async for batch in source.batches(None):
        return batch
    raise AssertionError("the source gives nothing")


def _keys(batches: list[Batch]) -> list[str]:
    return [event.comment.key for batch in batches for event in batch.events]


def _unreadable(batches: list[Batch]) -> list[Unreadable]:
    return [record for batch in batches for record in batch.unreadable]


def _records(batches: list[Batch]) -> list[str | Unreadable]:
    found: list[str | Unreadable] = []
    for batch in batches:
        found += [*_keys([batch]), *batch.unreadable]
    return found


def _zoned(event: CommentEvent) -> bool:
    times = (event.observed_at, event.comment.created_at, event.comment.edited_at)
    return all(time.tzinfo is not None for time in times if time is not None)
