from __future__ import annotations

import pytest

from monitor.domain.errors import Misconfigured
from monitor.domain.severity import Severity, Status
from monitor.engine.book import Book
from monitor.engine.reading import RuleFile, read_book

PACK = """id: roots.turnip
title: A turnip
why: For this test.
owner: kitchen
status: live
severity: low
when: {text: {words: [turnip]}}
tests:
  - {it: finds one, comment: {text: a turnip}, expect: alert}
  - {it: leaves carrots alone, comment: {text: a carrot}, expect: nothing}
---
id: roots.spree
title: Many
status: shadow
severity: medium
when: {text: {words: [turnip]}}
escalate: {by: author, count: 3, within: 10m, ladder: [{count: 8, severity: critical}]}
"""


def book(*overrides: str) -> Book:
    return read_book(
        [RuleFile("rules/pack.yaml", PACK), RuleFile("rules/local/ours.yaml", "---\n".join(overrides))]
    )


def mistake(override: str) -> str:
    with pytest.raises(Misconfigured) as refused:
        book(override)
    return str(refused.value)


def test_a_local_file_changes_status_and_severity_of_a_packs_rule() -> None:
    rule = book("override: roots.turnip\nstatus: shadow\nseverity: high\nwhy: Too loud here.\n").rule(
        "roots.turnip"
    )
    assert (Status.SHADOW, Severity.HIGH) == (rule.status, rule.severity)
    assert Severity.HIGH == rule.escalation.steps[0].severity


def test_counting_and_cooling_down_can_be_tuned() -> None:
    rule = book("override: roots.spree\ncount: 5\nwithin: 1h\ncooldown: 2h\n").rule("roots.spree")
    assert (5, 3600.0, 7200.0) == (rule.escalation.count, rule.escalation.within, rule.escalation.cooldown)


def test_a_rule_can_be_switched_off() -> None:
    assert Status.RETIRED is book("override: roots.turnip\ndisable: true\n").rule("roots.turnip").status


def test_an_override_is_another_version_of_the_rule_and_of_the_book() -> None:
    plain, tuned = book(), book("override: roots.turnip\nseverity: high\n")
    assert plain.digest != tuned.digest
    assert plain.rule("roots.turnip").digest != tuned.rule("roots.turnip").digest
    assert plain.rule("roots.spree").digest == tuned.rule("roots.spree").digest


def test_a_list_that_changes_makes_another_version_of_the_rules_that_use_it() -> None:
    rule = "id: a\ntitle: A\nseverity: low\nwhen: {text: {lists: [roots]}}\n---\n" + PACK
    before, after = (
        read_book([RuleFile("a.yaml", rule)], [RuleFile("lists/roots.txt", words)])
        for words in ("carrot\n", "carrot\nbeet\n")
    )
    assert before.rule("a").digest != after.rule("a").digest
    assert before.rule("roots.turnip").digest == after.rule("roots.turnip").digest


def test_a_rule_that_an_update_took_away_is_a_warning_so_that_all_others_stay_in_force() -> None:
    warnings = book("override: roots.turnips\nstatus: shadow\n").warnings
    assert ["there is no rule `roots.turnips` to override"] == [warning.message for warning in warnings]
    assert "did you mean `roots.turnip`?" == warnings[0].hint


@pytest.mark.parametrize(
    ("override", "said"),
    [
        ("override: roots.turnip\n", "changes nothing"),
        ("override: roots.turnip\nwhen: {}\n", "unknown key `when`"),
        ("override: roots.turnip\nstatus: loud\n", "cannot be `loud`"),
        ("override: roots.turnip\ncount: 2\n", "counts nothing"),
        ("override: roots.turnip\ndisable: true\nstatus: shadow\n", "contradict"),
        ("override: roots.spree\nstatus: live\n", "cannot go live"),
        ("override: roots.spree\ncount: 9\n", "no longer rises"),
        ("override: roots.spree\nseverity: critical\n", "no longer rises"),
        (
            "override: roots.spree\ncount: 2\n---\noverride: roots.spree\ncount: 4\n",
            "overridden in rules/local/ours.yaml:1 already",
        ),
    ],
)
def test_what_an_override_cannot_do_is_told(override: str, said: str) -> None:
    assert said in mistake(override)
