from __future__ import annotations

import dataclasses
from datetime import UTC, datetime

import pytest

from monitor.domain.comments import Author, Comment, CommentEvent, EventKind
from monitor.domain.observations import Whereabouts
from monitor.domain.severity import Severity, Status
from monitor.domain.signals import Signals
from monitor.domain.verdicts import Match, Verdict
from monitor.engine.book import Book
from monitor.engine.observing import counted, observations_of, observe
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
    assert ["A turnip"] == [each.title for each in observations_of(verdict(), match, book.rule("plain"))]


def test_a_deleted_comment_counts_towards_nothing(book: Book) -> None:
    assert () == observe(verdict(kind=EventKind.DELETED), book)


def test_a_verdict_says_in_which_windows_its_comment_counts_now(book: Book) -> None:
    where, *observations = counted(verdict(), book)

    assert list(observe(verdict(), book)) == observations
    assert (
        Whereabouts(
            comment="gazette:c1",
            observed_at=NOW,
            windows=tuple(each.key for each in observations if each.key != "plain|comment=gazette:c1"),
            keep=4200,
        )
        == where
    )


@pytest.mark.parametrize("kind", [EventKind.DELETED, EventKind.EDITED])
def test_an_edit_that_matches_nothing_and_a_deletion_count_nowhere_any_more(
    book: Book, kind: EventKind
) -> None:
    silent = dataclasses.replace(verdict(kind=kind), matches=())

    assert (Whereabouts(comment="gazette:c1", observed_at=NOW, windows=(), keep=4200),) == counted(
        silent, book
    )


def test_rules_that_were_not_asked_or_not_decided_in_time_undo_nothing() -> None:
    asks_once = rule(
        "asks.once", "escalate: {by: author, count: 3, within: 10m}\napplies_to: {events: [created]}"
    )
    slow = rule("slow", "escalate: {by: author, count: 3, within: 10m}")
    book = read_book([RuleFile("rules.yaml", asks_once + slow + rule("plain"))])
    edited = dataclasses.replace(verdict(kind=EventKind.EDITED), matches=(), cut_off=("slow", "plain"))
    deleted = verdict(kind=EventKind.DELETED)

    assert [("asks.once", "slow"), ()] == [
        each.untold
        for told in (edited, deleted)
        for each in counted(told, book)
        if isinstance(each, Whereabouts)
    ]


def test_what_undoes_nothing_is_not_told(book: Book) -> None:
    new = dataclasses.replace(verdict(), matches=())
    back = verdict(kind=EventKind.RESTORED)
    event = dataclasses.replace(back.event, comment=dataclasses.replace(back.event.comment, text=""))
    without_text = dataclasses.replace(back, event=event, matches=())
    counts_nothing = read_book([RuleFile("rules.yaml", rule("plain"))])

    assert () == counted(new, book)
    assert () == counted(without_text, book)
    assert () == counted(verdict(kind=EventKind.DELETED), counts_nothing)


def test_only_the_rules_that_are_asked_for_count(book: Book) -> None:
    assert ["@gazette:c1", "by.author|author=gazette:7"] == [
        each.key for each in counted(verdict(), book, {"by.author"})
    ]


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


def group_of(
    by: str,
    text: str,
    /,
    *,
    author: str = "ann",
    source: str = "gazette",
    parent: str | None = None,
    **extra: object,
) -> str:
    """Return what a comment's match is counted by."""
    counting = read_book(
        [RuleFile("a.yaml", rule("by.it", f"escalate: {{by: {by}, count: 3, within: 10m}}"))]
    )
    comment = Comment(
        source=source,
        native_id="c1",
        text=text,
        author=Author(name=author),
        parent=parent,
        created_at=NOW,
        extra=extra,
    )
    event = CommentEvent(kind=EventKind.CREATED, comment=comment, observed_at=NOW)
    match = Match(rule="by.it", severity=Severity.LOW, status=Status.SHADOW)
    told = Verdict(event=event, signals=Signals(), matches=(match,), book="b", judged_at=NOW)
    return observations_of(told, match, counting.rule("by.it"))[0].group[0][1]


def test_a_target_is_whom_the_comment_answers_or_else_mentions_first() -> None:
    assert "gazette:bob" == group_of("target", "you turnip", parent_author_name="Bob")
    assert "gazette:bob" == group_of("target", "hey @Bob and @eve, turnips!")
    assert "gazette:bob" == group_of("target", "@eve", **{"parent.author.name": "bob"})


def test_a_comment_is_the_target_of_its_answers_where_nobody_is_named() -> None:
    assert "gazette:comment:17" == group_of("target", "turnip", parent="17")
    assert "gazette:eve" == group_of("target", "turnip @eve", parent="17")
    assert "gazette:bob" == group_of("target", "turnip", parent="17", parent_author_name="Bob")
    assert "comment:gazette:c1" == group_of("target", "turnip", parent="17", parent_author_name="Ann")


def test_who_names_nobody_or_themselves_has_no_target() -> None:
    assert "comment:gazette:c1" == group_of("target", "turnip")
    assert "comment:gazette:c1" == group_of("target", "my own @Ann")


def test_a_campaign_is_one_text_wherever_it_appears() -> None:
    text = "buy the new turnip at our shop today and save a lot of money"

    assert group_of("campaign", text) == group_of(
        "campaign", text.upper() + "!", author="eve", source="herald"
    )
    assert group_of("campaign", text) != group_of(
        "campaign", "an altogether different text about turnips here"
    )
    assert "comment:gazette:c1" == group_of("campaign", "!!!")
