"""The scales that sources are weighed on are right themselves."""

from __future__ import annotations

from datetime import UTC, datetime

from monitor.domain.comments import Comment, CommentEvent, EventKind
from tests.sites.ledger import EVEN, Balance, balance

NOW = datetime(2026, 11, 1, tzinfo=UTC)


def event(kind: EventKind, native_id: str, text: str = "") -> CommentEvent:
    comment = Comment(source="gazette", native_id=native_id, text=text)
    return CommentEvent(kind=kind, comment=comment, observed_at=NOW)


def created(native_id: str, text: str = "Good morning") -> CommentEvent:
    return event(EventKind.CREATED, native_id, text)


def test_who_was_told_everything_once_is_even() -> None:
    told = [
        created("1"),
        created("2"),
        event(EventKind.EDITED, "1", "Good  evening"),
        event(EventKind.DELETED, "2"),
        event(EventKind.RESTORED, "2", "Good morning"),
        created("3"),
        event(EventKind.DELETED, "3"),
    ]
    assert EVEN == balance(told, {"1": "Good evening", "2": "Good morning"})


def test_what_nobody_was_told_is_lost() -> None:
    assert Balance(lost=frozenset({"2"})) == balance([created("1")], {"1": "Good morning", "2": "Hello"})


def test_an_edit_that_nobody_was_told_leaves_a_stale_text() -> None:
    assert Balance(stale=frozenset({"1"})) == balance([created("1")], {"1": "Good evening"})


def test_a_deletion_that_nobody_was_told_leaves_a_ghost() -> None:
    assert Balance(ghosts=frozenset({"1"})) == balance([created("1")], {})


def test_what_is_told_again_is_doubled() -> None:
    told = [
        created("1"),
        created("1"),
        event(EventKind.EDITED, "1", "Good morning"),
        event(EventKind.RESTORED, "1", "Good morning"),
        event(EventKind.DELETED, "1"),
        event(EventKind.DELETED, "1"),
    ]
    assert ("created 1", "edited 1", "restored 1", "deleted 1") == balance(told, {}).doubled
