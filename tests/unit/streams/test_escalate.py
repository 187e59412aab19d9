"""The escalate step as it is on the road, its messages passed from hand to hand, beside the twin."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Final

import pytest

from monitor.domain.alerts import Alert
from monitor.domain.comments import Author, Comment, CommentEvent, EventKind
from monitor.domain.observations import Counted
from monitor.domain.signals import Signals
from monitor.engine.book import Book
from monitor.engine.observing import counted
from monitor.engine.reading import RuleFile, read_book
from monitor.metrics import Metrics
from monitor.ports.wire import ALERTS, COUNTED
from monitor.services.escalation import Escalator
from monitor.services.inspection import judge, unjudged
from monitor.settings import KafkaSettings
from streams.guard import Message
from streams.steps.escalate import Escalate
from streams.tables import OwnWindows
from streams.topics import topics

NOON: Final = datetime(2026, 3, 1, 12, tzinfo=UTC)
TOPICS: Final = topics(KafkaSettings())
TEXTS: Final = ("what a turnip you are, dear @bob", "turnip, says the whole town today", "good morning", "")
KINDS: Final = (EventKind.CREATED, EventKind.EDITED, EventKind.DELETED)
RULES: Final = "---".join(
    f"""
id: insults.{by}
title: A turnip
status: live
why: For this test.
owner: tests
severity: low
when: {{text: {{words: [turnip]}}}}
escalate: {{by: {by}, count: 3, within: 10m}}
alert: {{cooldown: 1h}}
tests:
  - {{it: finds it, comment: {{text: turnip}}, expect: alert}}
  - {{it: spares others, comment: {{text: carrot}}, expect: nothing}}
"""
    for by in ("author", "thread", "target", "campaign")
)


class Road:
    """One worker that holds all partitions; what it sends to its own topic comes back to it."""

    def __init__(self) -> None:
        self.state: dict[str, bytes] = {}
        windows = OwnWindows(self.state, lambda _: 0)
        self.step = Escalate(
            escalator=Escalator(windows),
            windows=windows,
            topics=TOPICS,
            metrics=Metrics(lambda: NOON),
            clock=lambda: NOON,
        )
        self.alerts: list[Alert] = []

    async def bring(self, payloads: Iterable[bytes]) -> None:
        waiting = list(payloads)
        while waiting:
            messages = [
                Message(topic="observations", partition=0, offset=0, key=None, value=payload)
                for payload in waiting
            ]
            outcome = await self.step.process(messages)
            outcome.done()
            assert not outcome.failures
            sent = [record for record in outcome.records if record.value]
            self.alerts += [ALERTS.decode(each.value) for each in sent if each.topic == TOPICS.alerts.name]
            waiting = [each.value for each in sent if each.value and each.topic == TOPICS.observations.name]


@pytest.fixture(scope="module")
def book() -> Book:
    return read_book([RuleFile("rules.yaml", RULES)])


def story(seed: int) -> list[CommentEvent]:
    """Return what happens to some comments: written, edited, deleted, in any order."""
    chance = Random(seed)
    events = []
    for second in range(60):
        kind = chance.choice(KINDS)
        seen = NOON + timedelta(seconds=10 * second)
        comment = Comment(
            source="gazette",
            native_id=f"c{chance.randrange(12)}",
            text="" if kind is EventKind.DELETED else chance.choice(TEXTS),
            author=Author(name=chance.choice(("ann", "eve"))),
            thread=chance.choice(("t1", "t2")),
            created_at=seen if kind is EventKind.CREATED else NOON,
            edited_at=seen if kind is EventKind.EDITED else None,
        )
        events.append(CommentEvent(kind=kind, comment=comment, observed_at=seen))
    return events


def told(book: Book, events: Sequence[CommentEvent]) -> list[tuple[Counted, ...]]:
    return [
        counted(
            unjudged(event, book, NOON)
            if event.kind is EventKind.DELETED
            else judge(event, Signals(), book, NOON),
            book,
        )
        for event in events
    ]


@pytest.mark.parametrize("seed", range(20))
async def test_the_road_and_the_twin_undo_the_same_matches_and_open_the_same_alerts(
    book: Book, seed: int
) -> None:
    messages = told(book, story(seed))
    state: dict[str, bytes] = {}
    twin, road = Escalator(state, alone=True), Road()
    alerts: list[Alert] = []
    for each in messages:
        decided = twin.decide(each)
        twin.keep(decided)
        alerts += decided.alerts
        await road.bring(COUNTED.encode(value) for value in each)

    assert alerts == road.alerts
    assert state == road.state
    assert alerts


async def test_what_is_no_observation_fails_alone(book: Book) -> None:
    good = [COUNTED.encode(each) for each in told(book, story(1)[:3])[0]]
    messages = [
        Message(topic="observations", partition=0, offset=at, key=None, value=payload)
        for at, payload in enumerate((b"?", *good))
    ]
    outcome = await Road().step.process(messages)
    assert [0] == [failure.message.offset for failure in outcome.failures]
