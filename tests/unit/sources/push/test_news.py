from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from monitor.domain.comments import Comment, EventKind
from monitor.ports import Batch
from monitor.sources.push.news import Told, sift
from monitor.store.sightings import MemorySightings

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
CREATED, EDITED, DELETED, RESTORED = EventKind


def told(
    kind: EventKind,
    text: str = "",
    *,
    at: float | None = None,
    native_id: str = "1",
    parent: str | None = None,
    only_known: bool = False,
) -> Told:
    comment = Comment(source="pond", native_id=native_id, text=text, parent=parent)
    time = None if at is None else NOON + timedelta(seconds=at)
    return Told(kind=kind, comment=comment, at=time, only_known=only_known)


async def news(*rounds: Sequence[Told]) -> list[str]:
    """Return what went out over several batches, each remembered before the next."""
    sightings, out = MemorySightings(), []
    for batch in rounds:
        found = await sift(batch, sightings, "pond", NOON)
        sightings.take("pond", Batch(events=(), cursor="", sightings=found.sightings))
        out += [f"{event.kind} {event.comment.text}".rstrip() for event in found.events]
    return out


CASES: dict[str, tuple[list[Told], list[str]]] = {
    "the same twice": ([told(CREATED, "a"), told(CREATED, "a")], ["created a"]),
    "an edit": ([told(CREATED, "a", at=0), told(EDITED, "b", at=1)], ["created a", "edited b"]),
    "an edit seen on a page": (
        [told(CREATED, "a", at=0), told(CREATED, "b", at=1)],
        ["created a", "edited b"],
    ),
    "an edit of nothing": ([told(CREATED, "a", at=0), told(EDITED, "a", at=1)], ["created a"]),
    "an edit of what was never seen": ([told(EDITED, "b", at=1)], ["edited b"]),
    "an edit before its comment": ([told(EDITED, "b", at=1), told(CREATED, "a", at=0)], ["edited b"]),
    "an edit back": (
        [told(CREATED, "a", at=0), told(EDITED, "b", at=1), told(EDITED, "a", at=2)],
        ["created a", "edited b", "edited a"],
    ),
    "edits out of order": (
        [told(CREATED, "a", at=0), told(EDITED, "c", at=2), told(EDITED, "b", at=1)],
        ["created a", "edited c"],
    ),
    "a deletion": ([told(CREATED, "a"), told(DELETED)], ["created a", "deleted"]),
    "a deletion twice": ([told(CREATED, "a"), told(DELETED), told(DELETED)], ["created a", "deleted"]),
    "a deletion of what was never seen": ([told(DELETED)], ["deleted"]),
    "one that does not concern us": ([told(DELETED, only_known=True)], []),
    "a deletion before its comment": ([told(DELETED), told(CREATED, "a", at=0)], ["deleted"]),
    "a stream joined again": (
        [told(CREATED, "a", at=0), told(DELETED, at=1), told(CREATED, "a", at=0), told(DELETED, at=1)],
        ["created a", "deleted"],
    ),
    "written anew under its id": (
        [told(CREATED, "a", at=0), told(DELETED, at=1), told(CREATED, "b", at=2)],
        ["created a", "deleted", "restored b"],
    ),
    "brought back": (
        [told(CREATED, "a"), told(DELETED), told(RESTORED, "a"), told(RESTORED, "a")],
        ["created a", "deleted", "restored a"],
    ),
    "an edit of what is gone": (
        [told(CREATED, "a"), told(DELETED), told(EDITED, "b")],
        ["created a", "deleted"],
    ),
}


@pytest.mark.parametrize("case", CASES)
async def test_only_news_goes_out(case: str) -> None:
    said, expected = CASES[case]
    assert await news(said) == expected
    assert await news(*([each] for each in said)) == expected


async def test_what_was_told_is_no_news_after_a_restart() -> None:
    said = [told(CREATED, "a", at=0), told(EDITED, "b", at=1), told(CREATED, "c", native_id="2")]
    assert await news(said, said, [said[1]]) == ["created a", "edited b", "created c"]


async def test_a_reply_stands_in_the_thread_of_its_parent() -> None:
    sightings = MemorySightings()
    first = Told(kind=CREATED, comment=Comment(source="pond", native_id="1", text="a", thread="1"))
    said = [
        first,
        told(CREATED, "b", native_id="2", parent="1"),
        told(CREATED, "c", native_id="3", parent="2"),
    ]
    found = await sift(said, sightings, "pond", NOON)
    assert [event.comment.thread for event in found.events] == ["1", "1", "1"]


async def test_a_reply_to_what_was_never_seen_stands_in_that_ones_thread() -> None:
    said = [told(CREATED, "b", native_id="2", parent="1"), told(DELETED, native_id="2")]
    found = await sift(said, MemorySightings(), "pond", NOON)
    assert [event.comment.thread for event in found.events] == ["1", "1"]
