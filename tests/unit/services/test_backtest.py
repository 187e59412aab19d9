from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.domain.comments import Author, Comment, CommentEvent, EventKind
from monitor.domain.signals import Language, Signals
from monitor.domain.verdicts import Verdict
from monitor.engine.book import Book
from monitor.engine.precision import Precision
from monitor.engine.reading import RuleFile, read_book
from monitor.ports import Batch
from monitor.ports.wire import VERDICTS
from monitor.services.archive import read_verdict
from monitor.services.backtest import Backtest, RuleReport
from monitor.services.decisions import Decision, Decisions
from monitor.services.inspection import Inspector
from monitor.services.rows import verdict_line
from monitor.services.twin import Tally, judge_source

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
PROOF = """why: For this test.
owner: kitchen
tests:
  - {it: finds one, comment: {text: turnip soup}, expect: alert}
  - {it: leaves carrots alone, comment: {text: a carrot}, expect: nothing}
"""
TURNIP = (
    "id: roots.turnip\ntitle: A turnip\nstatus: live\nseverity: low\nwhen: {text: {words: [turnip]}}\n"
    + PROOF
)
SPREE = (
    "id: roots.spree\ntitle: Many\nstatus: live\nseverity: medium\n"
    "when: {text: {words: [turnip, soup]}}\n"
    "escalate: {by: author, count: 2, within: 10m, ladder: [{count: 4, severity: high}]}\n"
    "alert: {cooldown: 15m}\n" + PROOF
)
COPIES = (
    "id: roots.copies\ntitle: Copies\nstatus: live\nseverity: medium\n"
    "when: {text: {words: [turnip, soup]}}\n"
    "escalate: {by: campaign, count: 2, distinct: author, within: 20m}\n" + PROOF
)
PILE_ON = (
    "id: roots.pile-on\ntitle: Pile-on\nstatus: live\nseverity: high\n"
    "when: {text: {words: [turnip, soup]}}\n"
    "escalate: {by: target, count: 2, distinct: author, within: 20m}\n" + PROOF
)
LONG = "@carl you ate my turnip soup last night and left nothing of it for anybody else in this house"
WORDS = (LONG, "a turnip", "hot soup", "turnip soup", "a carrot", "lovely weather")


def book(*rules: str) -> Book:
    return read_book([RuleFile(f"{number}.yaml", rule) for number, rule in enumerate(rules)])


class Comments:
    name = "gazette"

    def __init__(self, events: Sequence[CommentEvent]) -> None:
        self._events = events

    async def batches(self, cursor: str | None) -> AsyncIterator[Batch]:
        del cursor
        for start in range(0, len(self._events), 3):
            yield Batch(events=tuple(self._events[start : start + 3]), cursor=str(start))


class English:
    def identify(self, texts: Sequence[str]) -> list[Language]:
        return [Language(code="en", confidence=0.9) for _ in texts]


def event(number: int, text: str, author: str = "ann", minute: float = 0, thread: str = "t") -> CommentEvent:
    at = START + timedelta(minutes=minute)
    comment = Comment(
        source="gazette",
        native_id=f"c{number}",
        text=text,
        author=Author(name=author),
        thread=thread,
        created_at=at,
    )
    return CommentEvent(kind=EventKind.CREATED, comment=comment, observed_at=at)


async def live(rules: Book, events: Sequence[CommentEvent]) -> tuple[Tally, list[Verdict]]:
    """Return what the road's twin makes of these comments, and the archive that it leaves."""
    archive: list[Verdict] = []
    inspector = Inspector(rules, English(), None, lambda: START)
    return await judge_source(Comments(events), inspector, archive.append), archive


COMMENTS = st.lists(
    st.tuples(
        st.sampled_from(WORDS), st.sampled_from(["ann", "bob"]), st.integers(0, 40), st.sampled_from("ab")
    ),
    max_size=25,
)


@given(comments=COMMENTS, cut=st.integers(1, 7))
@settings(max_examples=60, deadline=None)
async def test_a_backtest_gives_the_alerts_of_the_live_road(
    comments: list[tuple[str, str, int, str]], cut: int
) -> None:
    rules = book(TURNIP, SPREE, COPIES, PILE_ON)
    events = [event(number, *comment) for number, comment in enumerate(comments)]
    tally, archive = await live(rules, events)
    backtest = Backtest(rules, [rule.id for rule in rules.rules])
    lines = [VERDICTS.encode(verdict) for verdict in archive]
    for start in range(0, len(lines), cut):
        backtest.take([read_verdict(line) for line in lines[start : start + cut]])
    assert tally.alerts == backtest.trial.alerts


async def test_the_lines_of_judge_lead_to_the_same_alerts_as_the_messages_of_the_topic() -> None:
    rules = book(TURNIP, SPREE)
    tally, archive = await live(rules, [event(number, "turnip soup", minute=number) for number in range(6)])
    backtest = Backtest(rules, ["roots.turnip", "roots.spree"])
    backtest.take([read_verdict(verdict_line(verdict)) for verdict in archive])
    assert tally.alerts == backtest.trial.alerts


@pytest.fixture
async def archive() -> list[Verdict]:
    """Return an archive that was judged by no rule in question."""
    events = [
        event(1, "a turnip", "ann", 0, "one"),
        event(2, "turnip soup", "ann", 1, "two"),
        event(3, "hot soup", "bob", 90, "two"),
        event(4, "a carrot", "bob", 120, "one"),
    ]
    _, verdicts = await live(book(SPREE.replace("roots.spree", "other")), events)
    return verdicts


def report(rules: Book, archive: Sequence[Verdict], rule: str = "roots.turnip", **more: object) -> RuleReport:
    backtest = Backtest(rules, [rule], **more)  # type: ignore[arg-type]
    backtest.take(archive)
    return backtest.report().rules[0]


def test_a_rule_is_counted_as_if_it_were_live_whatever_its_status(archive: list[Verdict]) -> None:
    told = report(book(TURNIP.replace("status: live", "status: draft")), archive)
    assert ("draft", 2, 2, {"low": 2}) == (told.status, told.matches, told.alerts, told.severities)
    assert (1, 2, 2) == (told.authors, told.by_one_author, told.threads)


def test_alerts_are_counted_by_the_hour_of_event_time(archive: list[Verdict]) -> None:
    told = report(book(TURNIP), archive)
    assert (1.0, 2, START) == (told.alerts_per_hour, told.busiest, told.busiest_at)


def test_overlap_says_which_rules_match_the_same_comments(archive: list[Verdict]) -> None:
    assert {"roots.spree": 2} == report(book(TURNIP, SPREE), archive).overlap


def test_samples_show_where_the_words_stand(archive: list[Verdict]) -> None:
    samples = report(book(TURNIP), archive).samples
    assert [("gazette:c1", "a turnip", ("turnip",)), ("gazette:c2", "turnip soup", ("turnip",))] == [
        (sample.comment, sample.excerpt, sample.words) for sample in samples
    ]


def test_samples_are_few_and_always_the_same(archive: list[Verdict]) -> None:
    many = [*archive, *reversed(archive)]
    first = report(book(TURNIP), many, samples=1).samples
    assert 1 == len(first)
    assert first == report(book(TURNIP), archive, samples=1).samples


def test_a_changed_rule_is_compared_with_the_one_in_force(archive: list[Verdict]) -> None:
    changed = TURNIP.replace("words: [turnip]", "words: [soup]")
    change = report(book(changed), archive, against=book(TURNIP)).change
    assert change
    assert (1, 1, 1, 1) == (change.matches_new, change.matches_gone, change.alerts_new, change.alerts_gone)
    assert (["gazette:c3"], ["gazette:c1"]) == (
        [sample.comment for sample in change.new],
        [sample.comment for sample in change.gone],
    )


def test_a_new_rule_is_compared_with_nothing_in_force(archive: list[Verdict]) -> None:
    change = report(book(TURNIP), archive, against=book(SPREE)).change
    assert change
    assert (2, 0, 2, 0) == (change.matches_new, change.matches_gone, change.alerts_new, change.alerts_gone)


def test_decisions_on_comments_and_alerts_give_the_precision(archive: list[Verdict]) -> None:
    decisions = Decisions(
        [
            Decision(comment="gazette:c1", decision="false_alarm"),
            Decision(comment="gazette:c1", rule="roots.turnip", decision="confirmed"),
            Decision(comment="gazette:c2", decision="false_alarm"),
            Decision(comment="gazette:c4", decision="confirmed"),
        ]
    )
    assert Precision(1, 1) == report(book(TURNIP), archive, decisions=decisions).precision


def test_a_deleted_comment_is_not_judged() -> None:
    gone = event(1, "a turnip")
    deleted = CommentEvent(kind=EventKind.DELETED, comment=gone.comment, observed_at=START)
    verdict = Verdict(event=deleted, signals=Signals(), matches=(), book="b", judged_at=START)
    assert 0 == report(book(TURNIP), [verdict]).matches


def test_an_empty_archive_is_a_report_of_nothing() -> None:
    backtest = Backtest(book(TURNIP), ["roots.turnip"])
    backtest.take([])
    told = backtest.report()
    assert (0, None, 0) == (told.verdicts, told.first, told.rules[0].alerts)
