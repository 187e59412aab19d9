"""The contract finds what it is there to find, and says which promise is broken."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.domain.comments import Comment, CommentEvent, EventKind
from monitor.ports import Batch, Source, Unreadable
from monitor.sources.contract import SourceContract

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def event(number: int, at: datetime = NOON) -> CommentEvent:
    comment = Comment(source="gazette", native_id=str(number), text="x", created_at=at)
    return CommentEvent(kind=EventKind.CREATED, comment=comment, observed_at=NOON)


def good(cursor: str | None) -> list[Batch]:
    start = int(cursor or 0)
    return [Batch(events=(event(number),), cursor=str(number + 1)) for number in range(start, 3)]


@dataclass(frozen=True, slots=True)
class Made:
    name: str
    give: Callable[[str | None], Sequence[Batch]]

    async def batches(self, cursor: str | None) -> AsyncIterator[Batch]:
        for batch in self.give(cursor):
            yield batch


@dataclass(frozen=True, slots=True)
class Case:
    give: Callable[[str | None], Sequence[Batch]]
    breaks: bool = False

    def open(self, folder: Path, *, broken: bool) -> Source:  # noqa: ARG002 - the case's
        return Made("gazette", self.give)


def broken_promises(case: Case, folder: Path) -> dict[str, str]:
    contract = SourceContract()
    contract.case = case
    found: dict[str, str] = {}
    for name in (name for name in dir(contract) if name.startswith("test_")):
        place = folder / name
        place.mkdir(parents=True)
        try:
            getattr(contract, name)(place)
        except AssertionError as error:
            found[name] = str(error)
    return found


def test_a_good_source_breaks_no_promise(tmp_path: Path) -> None:
    assert {} == broken_promises(Case(good), tmp_path)


def test_a_cursor_that_is_not_followed_is_found(tmp_path: Path) -> None:
    found = broken_promises(Case(lambda _: good(None)), tmp_path)
    assert (
        "nothing comes after the last cursor"
        in found["test_the_cursor_of_the_last_batch_yields_nothing_more"]
    )
    told = found["test_every_cursor_resumes_with_exactly_the_rest"]
    assert "after batch 1 exactly the rest comes\n  wanted: ['gazette:1', 'gazette:2']" in told


def test_ids_that_change_are_found(tmp_path: Path) -> None:
    numbers = iter(range(1_000))

    def give(cursor: str | None) -> list[Batch]:
        return [Batch(events=(event(next(numbers)),), cursor=batch.cursor) for batch in good(cursor)]

    found = broken_promises(Case(give), tmp_path)
    assert "the same ids come again" in found["test_ids_are_unique_and_stay_the_same_when_it_is_read_again"]


def test_a_time_without_a_zone_is_found(tmp_path: Path) -> None:
    naive = NOON.replace(tzinfo=None)

    def give(cursor: str | None) -> list[Batch]:
        return [
            Batch(events=(event(int(batch.cursor), naive),), cursor=batch.cursor) for batch in good(cursor)
        ]

    assert ["test_every_time_has_a_zone"] == list(broken_promises(Case(give), tmp_path))


def test_an_empty_batch_is_found(tmp_path: Path) -> None:
    found = broken_promises(Case(lambda cursor: [Batch(events=(), cursor="0"), *good(cursor)]), tmp_path)
    assert "test_the_material_comes_in_batches_that_hold_something" in found


def test_a_source_that_swallows_what_it_cannot_read_is_found(tmp_path: Path) -> None:
    found = broken_promises(Case(good, breaks=True), tmp_path)
    assert ["what cannot be read is handed out"] == [told.splitlines()[0] for told in found.values()]


@pytest.mark.parametrize("reason", ["schema", "odd"])
def test_a_reason_that_no_metric_knows_is_found(tmp_path: Path, reason: str) -> None:
    letter = Unreadable(payload=b"x", reason=reason, detail="no id", origin="gazette:4")

    class Broken(Case):
        def open(self, folder: Path, *, broken: bool) -> Source:
            if not broken:
                return Case.open(self, folder, broken=broken)
            return Made("gazette", lambda cursor: [*good(cursor)[:-1], *self.last(cursor)])

        def last(self, cursor: str | None) -> list[Batch]:
            return [
                Batch(events=batch.events, cursor="3", unreadable=(letter,)) for batch in good(cursor)[-1:]
            ]

    found = broken_promises(Broken(good, breaks=True), tmp_path)
    assert (reason == "odd") == bool(found)
