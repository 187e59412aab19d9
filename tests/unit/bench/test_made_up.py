"""What the benchmark of the road makes up: if this is not so, it measures something else."""

from __future__ import annotations

import pytest

from monitor.domain.signals import Signals
from monitor.engine.book import Book
from monitor.engine.reading import RuleFile, read_book
from tests.bench.generated import alerts, comments
from tests.bench.rulebook import RuleBook, rule_book


@pytest.fixture(scope="module")
def made() -> RuleBook:
    return rule_book()


@pytest.fixture(scope="module")
def book(made: RuleBook) -> Book:
    return read_book([RuleFile("rules.yaml", made.text)])


def test_a_hundred_rules_are_in_force_and_nothing_is_wrong_with_them(book: Book) -> None:
    assert (100, ()) == (sum(rule.status.judged for rule in book.rules), book.warnings)


def test_a_comment_is_matched_when_it_is_meant_to_be(made: RuleBook, book: Book) -> None:
    events = list(comments(2000, made.slurs, matching=0.1))
    meant = [event for event in events if alerts(event)]
    matched = [event for event in events if book.judge(event, Signals()).matches]
    assert meant == matched
    assert 150 < len(meant) < 250


def test_what_matches_alerts_at_once(made: RuleBook, book: Book) -> None:
    (event,) = comments(1, made.slurs, matching=1)
    matches = book.judge(event, Signals()).matches
    assert {1} == {book.rule(match.rule).escalation.count for match in matches}


def test_the_same_seed_makes_the_same(made: RuleBook) -> None:
    assert made == rule_book()
    assert list(comments(20, made.slurs, seed=3)) == list(comments(20, made.slurs, seed=3))
