from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from monitor.domain.dead_letters import DeadLetter
from streams.letterbox import Kept, Selection

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
KEPT = Kept(
    partition=2,
    offset=17,
    letter=DeadLetter(
        step="inspect",
        reason="schema",
        detail="`text` is missing",
        topic="comments",
        partition=0,
        offset=5,
        failed_at=NOON,
        payload=b"{}",
    ),
)


def test_a_letter_is_named_by_where_it_stands_itself() -> None:
    assert KEPT.place == "2-17"


@pytest.mark.parametrize(
    "selection",
    [
        Selection(),
        Selection(step="inspect"),
        Selection(reason="schema"),
        Selection(since=NOON),
        Selection(places=frozenset({"2-17", "0-5"})),
        Selection(step="inspect", reason="schema", since=NOON, places=frozenset({"2-17"})),
    ],
)
def test_a_letter_is_taken_where_all_that_is_asked_for_fits(selection: Selection) -> None:
    assert selection.takes(KEPT)


@pytest.mark.parametrize(
    "selection",
    [
        Selection(step="notify"),
        Selection(reason="version"),
        Selection(since=NOON + timedelta(seconds=1)),
        Selection(places=frozenset({"0-5"})),
        Selection(step="inspect", reason="version"),
    ],
)
def test_a_letter_is_left_where_anything_that_is_asked_for_does_not_fit(selection: Selection) -> None:
    assert not selection.takes(KEPT)
