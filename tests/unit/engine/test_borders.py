from __future__ import annotations

from collections.abc import Mapping

import pytest

from monitor.domain.signals import LABELS
from monitor.engine.borders import score_borders
from monitor.engine.reading import RuleFile, read_book

RULE = """
id: {id}
title: For this test
status: {status}
severity: low
when: {when}
"""


def borders(*clauses: str, status: str = "shadow") -> Mapping[str, float]:
    rules = [RULE.format(id=f"rule-{n}", when=clause, status=status) for n, clause in enumerate(clauses)]
    return score_borders(read_book([RuleFile("rules.yaml", "---".join(rules))]))


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        ('{toxicity: {threat: ">= 0.8"}}', {"threat": 0.8}),
        ('{toxicity: {threat: ">= 0.8", insult: "> 50%"}}', {"threat": 0.8, "insult": 0.5}),
        ('{not: {toxicity: {threat: "< 0.3"}}}', {"threat": 0.3}),
        ('{all: [{text: {words: [potato]}}, {toxicity: {threat: ">= 0.6"}}]}', {"threat": 0.6}),
        ('{any: [{toxicity: {threat: ">= 0.6"}}, {toxicity: {threat: ">= 0.4"}}]}', {"threat": 0.4}),
        ('{toxicity: {any: ">= 0.9"}}', dict.fromkeys(LABELS, 0.9)),
        ('{toxicity: {max: ">= 0.9", threat: ">= 0.7"}}', {**dict.fromkeys(LABELS, 0.9), "threat": 0.7}),
        ('{points: {at_least: 1, of: [{worth: 1, when: {toxicity: {threat: ">= 0.6"}}}]}}', {"threat": 0.6}),
        ("{text: {words: [potato]}}", {}),
    ],
)
def test_the_lowest_number_that_a_score_is_compared_with(clause: str, expected: Mapping[str, float]) -> None:
    assert expected == borders(clause)


def test_all_rules_are_looked_at() -> None:
    clauses = ('{toxicity: {threat: ">= 0.8"}}', '{toxicity: {threat: ">= 0.7", insult: ">= 0.9"}}')
    assert {"threat": 0.7, "insult": 0.9} == borders(*clauses)


def test_a_draft_counts_where_a_rule_in_force_builds_on_it() -> None:
    draft = RULE.format(id="base", status="draft", when='{toxicity: {threat: ">= 0.8"}}')
    built = RULE.format(id="built", status="shadow", when="{matched: base}")
    assert {"threat": 0.8} == score_borders(read_book([RuleFile("rules.yaml", f"{draft}---{built}")]))


@pytest.mark.parametrize("status", ["draft", "retired"])
def test_rules_that_judge_nothing_ask_for_nothing(status: str) -> None:
    assert {} == borders('{toxicity: {threat: ">= 0.8"}}', status=status)
