from __future__ import annotations

from datetime import UTC, datetime

from monitor.domain.severity import Status
from monitor.domain.signals import Signals
from monitor.domain.verdicts import Verdict
from monitor.engine.book import Book
from monitor.engine.observing import observe
from monitor.engine.probation import ProbationPolicy
from monitor.engine.reading import RuleFile, read_book
from monitor.services.inspection import judge
from monitor.services.ruleguard import RuleGuard
from tests.trial import an_event

NOW = datetime(2026, 3, 1, tzinfo=UTC)
POLICY = ProbationPolicy(share=0.1, matches=20, comments=1_000)
RULE = """id: roots.{name}
title: A root
why: For this test.
owner: kitchen
status: {status}
severity: low
when: {{text: {{words: [{words}]}}}}
{more}
tests:
  - {{it: finds one, comment: {{text: "{words}"}}, expect: alert}}
  - {{it: leaves peas alone, comment: {{text: a pea}}, expect: nothing}}
"""


def rule(name: str = "turnip", words: str = "turnip", status: str = "live", more: str = "") -> str:
    return RULE.format(name=name, words=words, status=status, more=more)


def book(*rules: str) -> Book:
    return read_book([RuleFile("a.yaml", "---\n".join(rules))])


def verdicts(rules: Book, *texts: str) -> list[Verdict]:
    return [judge(an_event(text), Signals(), rules, NOW) for text in texts]


def fresh(rules: Book) -> RuleGuard:
    guard = RuleGuard(POLICY)
    guard.begin(rules, {each.id for each in rules.rules})
    return guard


TWICE_THE_QUOTA = ["a turnip"] * 40 + ["a pea"] * 160
AT_THE_QUOTA = ["a turnip"] * 20 + ["a pea"] * 180


def test_a_fresh_rule_that_fires_on_twice_the_quota_is_demoted_and_alerts_nobody() -> None:
    rules = book(rule())
    guard = fresh(rules)
    judged = guard.judge(verdicts(rules, *TWICE_THE_QUOTA))
    assert ("roots.turnip",) == guard.demoted
    assert {Status.SHADOW} == {match.status for verdict in judged for match in verdict.matches}
    assert [] == [observation for verdict in judged for observation in observe(verdict, rules)]


def test_a_fresh_rule_at_the_quota_goes_on() -> None:
    rules = book(rule())
    guard = fresh(rules)
    assert verdicts(rules, *AT_THE_QUOTA) == guard.judge(verdicts(rules, *AT_THE_QUOTA))
    assert () == guard.demoted


def test_an_old_rule_may_fire_as_often_as_a_raid_makes_it() -> None:
    rules = book(rule())
    guard = RuleGuard(POLICY)
    guard.begin(rules, ())
    guard.judge(verdicts(rules, *TWICE_THE_QUOTA))
    assert () == guard.demoted


def test_a_rule_that_has_stood_its_probation_is_left_alone() -> None:
    rules = book(rule())
    guard = fresh(rules)
    guard.judge(verdicts(rules, *["a pea"] * 1_000))
    guard.judge(verdicts(rules, *TWICE_THE_QUOTA))
    assert () == guard.demoted


def test_a_rule_that_is_edited_while_it_runs_is_fresh_and_no_other_is() -> None:
    before, after = book(rule(), rule("pea", "pea")), book(rule(words="turnip, beet"), rule("pea", "pea"))
    guard = RuleGuard(POLICY)
    guard.begin(before, ())
    guard.follow(after)
    guard.judge(verdicts(after, *TWICE_THE_QUOTA))
    assert ("roots.turnip",) == guard.demoted


def test_mending_the_rule_takes_the_demotion_away() -> None:
    rules, mended = book(rule()), book(rule(words="turnips"))
    guard = fresh(rules)
    guard.judge(verdicts(rules, *TWICE_THE_QUOTA))
    guard.follow(mended)
    assert () == guard.demoted


def test_another_rules_change_leaves_the_demotion_standing() -> None:
    rules, other = book(rule()), book(rule(), rule("pea", "pea", "shadow"))
    guard = fresh(rules)
    guard.judge(verdicts(rules, *TWICE_THE_QUOTA))
    guard.follow(other)
    assert ("roots.turnip",) == guard.demoted


def test_a_rule_that_counts_before_it_alerts_is_measured_by_its_alerts() -> None:
    rules = book(rule(more="escalate: {by: author, count: 10, within: 1h}"))
    guard = fresh(rules)
    guard.judge(verdicts(rules, *TWICE_THE_QUOTA))
    assert () == guard.demoted


def test_other_rules_matches_in_the_same_verdict_stay_live() -> None:
    rules = book(rule(), rule("soup", "soup"))
    guard = fresh(rules)
    *_, last = guard.judge(verdicts(rules, *TWICE_THE_QUOTA, "turnip soup"))
    assert {"roots.turnip": "shadow", "roots.soup": "live"} == {
        match.rule: match.status for match in last.matches
    }
