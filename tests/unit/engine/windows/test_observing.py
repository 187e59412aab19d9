from __future__ import annotations

import dataclasses
from datetime import UTC, datetime

import pytest

from monitor.domain.comments import Author, Comment, CommentEvent, EventKind
from monitor.domain.severity import Severity, Status
from monitor.domain.signals import Signals
from monitor.domain.verdicts import Match, Verdict
from monitor.engine.book import Book
from monitor.engine.observing import observation_of, observe
from monitor.engine.reading import RuleFile, read_book

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def rule(id_: str, rest: str = "") -> str:
    return f"""
id: {id_}
title: A turnip
why: For this test.
owner: tests
status: shadow
severity: low
when: {{text: {{words: [turnip]}}}}
{rest}
---
"""


RULES = "".join(
    [
        rule("plain"),
        *(
            rule(f"by.{by}", f"escalate: {{by: {by}, count: 3, within: 10m}}")
            for by in ("author", "thread", "source")
        ),
        rule("by.rule", "escalate: {by: rule, count: 3, distinct: author, within: 10m}"),
        rule(
            "grouped",
            "escalate: {by: author, count: 2, within: 10m}\nalert: {cooldown: 1h, group_by: [thread]}",
        ),
    ]
)


@pytest.fixture(scope="module")
def book() -> Book:
    return read_book([RuleFile("rules.yaml", RULES)])


def verdict(
    *, author: Author | None = None, thread: str | None = "t1", kind: EventKind = EventKind.CREATED
) -> Verdict:
    comment = Comment(
        source="gazette",
        native_id="c1",
        text="turnip",
        author=author or Author(id="7", name="ann"),
        thread=thread,
    )
    return Verdict(
        event=CommentEvent(kind=kind, comment=comment, observed_at=NOW),
        signals=Signals(),
        matches=tuple(
            Match(rule=id_, severity=Severity.LOW, status=Status.LIVE)
            for id_ in ("plain", "by.author", "by.thread", "by.source", "by.rule", "grouped")
        ),
        book="b1",
        judged_at=NOW,
    )


def test_each_live_match_counts_under_what_its_rule_escalates_by(book: Book) -> None:
    assert [
        "plain|comment=gazette:c1",
        "by.author|author=gazette:7",
        "by.thread|thread=gazette:t1",
        "by.source|source=gazette",
        "by.rule|rule=by.rule",
        "grouped|author=gazette:7",
    ] == [observation.key for observation in observe(verdict(), book)]


def test_a_nameless_comment_stands_for_itself(book: Book) -> None:
    nameless = verdict(author=Author(), thread=None)
    assert ["by.author|author=comment:gazette:c1", "by.thread|thread=comment:gazette:c1"] == [
        observation.key for observation in observe(nameless, book)[1:3]
    ]


def test_shadow_matches_alert_nobody(book: Book) -> None:
    shadow = dataclasses.replace(
        verdict(), matches=(Match(rule="plain", severity=Severity.LOW, status=Status.SHADOW),)
    )
    assert () == observe(shadow, book)


def test_a_shadow_match_can_be_observed_on_demand(book: Book) -> None:
    match = Match(rule="plain", severity=Severity.LOW, status=Status.SHADOW)
    assert "A turnip" == observation_of(verdict(), match, book.rule("plain")).title


def test_a_deleted_comment_counts_towards_nothing(book: Book) -> None:
    assert () == observe(verdict(kind=EventKind.DELETED), book)


def test_what_is_counted_once_comes_with_the_observation(book: Book) -> None:
    assert [None, None, None, None, "gazette:7", None] == [
        observation.value for observation in observe(verdict(), book)
    ]


def test_the_cooldown_is_kept_by_what_alerts_are_grouped_by(book: Book) -> None:
    grouped = observe(verdict(), book)[5]
    assert (("thread", "gazette:t1"),) == grouped.cooldown_group


def test_the_observation_carries_the_escalation_and_the_whole_event(book: Book) -> None:
    judged = verdict()
    observation = observe(judged, book)[1]
    assert (judged.event, book.rule("by.author").escalation) == (observation.event, observation.escalation)


def test_a_bar_in_a_name_shares_no_window(book: Book) -> None:
    keys = [
        observe(verdict(author=Author(name=name)), book)[1].key
        for name in ("ann", "ann|thread=t1", "ann\\|thread=t1")
    ]
    assert 3 == len(set(keys))
    assert "by.author|author=gazette:ann\\|thread=t1" == keys[1]
