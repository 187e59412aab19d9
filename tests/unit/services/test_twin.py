from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.domain.comments import Author, Comment, CommentEvent, EventKind
from monitor.domain.signals import Language
from monitor.domain.verdicts import Verdict
from monitor.engine.reading import RuleFile, read_book
from monitor.ports import Batch, Unreadable
from monitor.services.inspection import Inspector
from monitor.services.rows import alert_line, verdict_line
from monitor.services.twin import Tally, judge_source

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)

RULES = """
id: insults.turnip
title: Somebody is called a turnip
why: For this test.
owner: tests
status: live
severity: low
when: {text: {words: [turnip]}}
escalate: {by: author, count: 2, within: 10m, ladder: [{count: 3, severity: high}]}
tests:
  - {it: finds one, comment: {text: a turnip}, expect: alert}
  - {it: leaves carrots alone, comment: {text: a carrot}, expect: nothing}
"""


class English:
    def identify(self, texts: Sequence[str]) -> list[Language]:
        return [Language(code="en", confidence=0.75) for _ in texts]


class Comments:
    """Hands out these events, two a batch, then an unreadable record."""

    name = "gazette"

    def __init__(self, events: Sequence[CommentEvent]) -> None:
        self._events = events

    async def batches(self, cursor: str | None) -> AsyncIterator[Batch]:
        assert cursor is None
        for start in range(0, len(self._events), 2):
            yield Batch(events=tuple(self._events[start : start + 2]), cursor=str(start))
        lost = Unreadable(payload=b"{", reason="malformed", detail="no JSON", origin="comments.jsonl:9")
        yield Batch(events=(), cursor="end", unreadable=(lost,))


def event(number: int, text: str, author: str = "ann") -> CommentEvent:
    comment = Comment(
        source="gazette",
        native_id=f"c{number}",
        text=text,
        author=Author(name=author),
        created_at=NOW + timedelta(minutes=number),
    )
    return CommentEvent(kind=EventKind.CREATED, comment=comment, observed_at=NOW)


EVENTS = [
    event(0, "what a turnip"),
    event(1, "lovely weather", "bob"),
    event(2, "you turnip"),
    event(3, "a turnip too", "bob"),
    event(4, "turnip!"),
]


@pytest.fixture
def verdicts() -> list[Verdict]:
    return []


@pytest.fixture
async def tally(verdicts: list[Verdict]) -> Tally:
    inspector = Inspector(read_book([RuleFile("rules.yaml", RULES)]), English(), None, lambda: NOW)
    return await judge_source(Comments(EVENTS), inspector, verdicts.append)


async def test_every_comment_is_judged_in_order(tally: Tally, verdicts: list[Verdict]) -> None:
    assert EVENTS == [verdict.event for verdict in verdicts]
    assert (5, {"en": 5}) == (tally.comments, dict(tally.languages))


async def test_matches_count_across_batches_and_the_last_state_of_an_alert_remains(tally: Tally) -> None:
    (alert,) = tally.alerts.values()
    assert (3, 2, "high") == (alert.count, alert.revision, alert.severity)


async def test_what_was_deleted_or_edited_away_does_not_count() -> None:
    deleted = replace(EVENTS[0], kind=EventKind.DELETED, observed_at=NOW + timedelta(minutes=1))
    edited = event(2, "you darling")
    edited = replace(edited, kind=EventKind.EDITED, observed_at=NOW + timedelta(minutes=3))
    inspector = Inspector(read_book([RuleFile("rules.yaml", RULES)]), English(), None, lambda: NOW)
    one, _, three, _, five = EVENTS
    for events, alerts in (
        ((one, deleted, three), 0),
        ((three, deleted, one), 0),
        ((one, three, edited), 1),
        ((three, edited, five), 0),
    ):
        tally = await judge_source(Comments(events), inspector, lambda _: None)
        assert alerts == len(tally.alerts)


async def test_unreadable_records_are_told(tally: Tally) -> None:
    assert ["comments.jsonl:9"] == [record.origin for record in tally.unreadable]


async def test_a_verdict_is_a_line_of_json(tally: Tally, verdicts: list[Verdict]) -> None:
    assert tally
    assert {
        "id": "c0",
        "author": "ann",
        "text": "what a turnip",
        "language": {"code": "en", "confidence": 0.75},
        "scores": None,
        "matches": [
            {
                "rule": "insults.turnip",
                "severity": "low",
                "status": "live",
                "view": "folded",
                "spans": [[7, 13]],
            }
        ],
        "at": "2026-03-01T12:00:00Z",
        "source": "gazette",
        "book": verdicts[0].book,
    } == json.loads(verdict_line(verdicts[0]))


async def test_an_alert_is_a_line_of_json(tally: Tally) -> None:
    (alert,) = tally.alerts.values()
    assert {
        "id": alert.id,
        "rule": "insults.turnip",
        "severity": "high",
        "key": "author=gazette:ann",
        "comments": ["c0", "c2", "c4"],
        "opened_at": "2026-03-01T12:02:00Z",
    } == json.loads(alert_line(alert))
