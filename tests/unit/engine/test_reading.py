from __future__ import annotations

import pytest

from monitor.domain.comments import EventKind
from monitor.domain.errors import Misconfigured
from monitor.domain.observations import Escalation, Step
from monitor.domain.severity import Severity, Status
from monitor.domain.signals import Language, Scores
from monitor.engine.reading import RuleFile, read_book
from monitor.engine.rules import Rule, RuleTest, Scope, TestComment
from tests.trial import a_rule

WHOLE = """
id: insults.repeated
title: Repeated insults
why: Drives people out of the discussion (policy 4.2).
owner: community-desk
status: live
severity: medium
tags: [harassment, 2026]
applies_to: {languages: [en, de], sources: [gazette], events: [created]}
when:
  text: {words: [turnip]}
escalate:
  by: author
  count: 3
  distinct: thread
  within: 10m
  ladder: [{count: 5, severity: high}, {count: 9, severity: critical}]
alert:
  cooldown: 2h
  group_by: [thread]
  say: "{author} insulted {count} times in {within}: {matched} {link} {score.threat} {rule} {thread}"
false_alarms: [Talk about vegetables]
tests:
  - it: catches an insult
    comment: {text: you turnip, language: en, scores: {insult: 0.9}, edited: true}
    expect: alert
  - it: ignores a kind word
    comment: {text: you rose}
    expect: nothing
  - it: counts three in ten minutes
    thread:
      - {at: 0s, author: a, text: you turnip, thread: t1, source: s1}
      - {at: 9.5m, text: you turnip}
    expect: {alerts: 1}
"""


SAY = "{author} insulted {count} times in {within}: {matched} {link} {score.threat} {rule} {thread}"


def read(text: str) -> Rule:
    (rule,) = read_book([RuleFile("rules/one.yaml", text)]).rules
    return rule


def errors(*texts: str) -> list[str]:
    with pytest.raises(Misconfigured) as caught:
        read_book([RuleFile(f"rules/{number}.yaml", text) for number, text in enumerate(texts)])
    return [problem.message for problem in caught.value.problems]


def test_every_field_of_a_rule_is_read() -> None:
    rule = read(WHOLE)

    assert ("insults.repeated", "Repeated insults", "community-desk") == (rule.id, rule.title, rule.owner)
    assert "Drives people out of the discussion (policy 4.2)." == rule.why
    assert (Status.LIVE, Severity.MEDIUM) == (rule.status, rule.severity)
    assert ("harassment", "2026") == rule.tags
    assert (
        Scope(
            languages=frozenset({"en", "de"}),
            sources=frozenset({"gazette"}),
            events=frozenset({EventKind.CREATED}),
        )
        == rule.scope
    )
    assert ("Talk about vegetables",) == rule.false_alarms
    assert ("rules/one.yaml", 2) == (rule.file, rule.line)


def test_escalation_and_cooldown_are_read() -> None:
    rule = read(WHOLE)

    assert (
        Escalation(
            steps=(
                Step(count=3, severity=Severity.MEDIUM),
                Step(count=5, severity=Severity.HIGH),
                Step(count=9, severity=Severity.CRITICAL),
            ),
            within=600,
            cooldown=7200,
            distinct=True,
            say=SAY,
        )
        == rule.escalation
    )
    assert (("author",), "thread", ("thread",)) == (rule.group_by, rule.distinct, rule.cooldown_by)


def test_a_rule_without_escalate_alerts_on_each_comment() -> None:
    rule = read(a_rule("text: {words: [turnip]}"))

    assert Escalation(steps=(Step(count=1, severity=Severity.LOW),), within=0, cooldown=0) == rule.escalation
    assert (("comment",), None, ("comment",)) == (rule.group_by, rule.distinct, rule.cooldown_by)


def test_without_escalate_the_alert_is_grouped_as_it_says() -> None:
    rule = read(a_rule("text: {words: [turnip]}") + "alert: {cooldown: 1d, group_by: [author, thread]}\n")

    assert (("author", "thread"), ("author", "thread")) == (rule.group_by, rule.cooldown_by)
    assert 86400 == rule.escalation.cooldown


def test_a_rule_is_a_draft_and_looks_at_all_but_deletions_unless_it_says_otherwise() -> None:
    rule = read(a_rule("text: {words: [turnip]}").replace("status: shadow\n", ""))

    assert Status.DRAFT is rule.status
    assert Scope(events=frozenset({EventKind.CREATED, EventKind.EDITED, EventKind.RESTORED})) == rule.scope


def test_tests_are_read() -> None:
    catches, ignores, counts = read(WHOLE).tests

    scores = Scores(scored_by="test", labels={"insult": 0.9})
    first = TestComment(
        text="you turnip", language=Language(code="en", confidence=1.0), scores=scores, edited=True
    )
    assert RuleTest(it="catches an insult", comments=(first,), matches=True, line=24) == catches
    assert (False, None) == (ignores.matches, ignores.alerts)
    assert (None, 1) == (counts.matches, counts.alerts)
    assert (
        TestComment(text="you turnip", author="a", thread="t1", source="s1"),
        TestComment(text="you turnip", at=570.0),
    ) == counts.comments


def test_a_file_holds_one_rule_or_a_list_or_several_documents() -> None:
    one, two, three = (a_rule("text: {words: [a]}", f"rule.{number}") for number in range(3))
    listed = "- " + two.rstrip("\n").replace("\n", "\n  ") + "\n"

    book = read_book([RuleFile("a.yaml", f"\ufeff---\n{one}---\n{listed}---\n# nothing\n---\n{three}")])

    assert ["rule.0", "rule.1", "rule.2"] == [rule.id for rule in book.rules]


def test_a_file_without_rules_is_an_empty_book() -> None:
    assert () == read_book([RuleFile("a.yaml", "# nothing yet\n")]).rules
    assert () == read_book([]).rules


def test_the_same_id_in_two_files_is_an_error() -> None:
    rule = a_rule("text: {words: [a]}")

    assert ["the id `one.rule` is taken by the rule in rules/0.yaml:1"] == errors(rule, rule)


def test_all_problems_of_all_files_are_reported_in_order() -> None:
    found = errors("id: A\n", "title: [\n", a_rule("text: {wrds: [a]}"))

    assert ["`A` is no rule id", "unknown key `wrds` in `text`"] == [found[3], found[-1]]
    assert 6 == len(found)


def test_a_file_of_more_than_a_megabyte_is_refused() -> None:
    assert ["this file is larger than 1 MB"] == errors("#" * 1_000_001)


@pytest.mark.parametrize("bomb", ["[" * 500_000, "{a: " * 200_000, "- " * 500_000, "? " * 400_000])
def test_deep_nesting_is_refused_at_once(bomb: str) -> None:
    assert ["this is nested deeper than 40 levels"] == errors(bomb)


def test_a_billion_laughs_are_refused_at_the_first() -> None:
    bomb = "a: &a [ha, ha]\nb: &b [*a, *a, *a]\nc: &c [*b, *b, *b]\n"

    assert ["a text that starts with & needs quotes (&a)"] == errors(bomb)


def test_a_block_of_text_keeps_its_lines() -> None:
    rule = read(a_rule("text: {words: [a]}") + "why: |\n  One.\n  Two.\n")

    assert "One.\nTwo." == rule.why


def test_a_warning_does_not_stop_the_book() -> None:
    (warning,) = read_book([RuleFile("a.yaml", a_rule("text: {regex: 'to\u00adday'}"))]).warnings

    assert ("warning", 6, 20, "`view: raw` shows it") == (
        warning.level,
        warning.line,
        warning.column,
        warning.hint,
    )


@pytest.mark.parametrize(
    ("clause", "message", "hint"),
    [
        ("words: ['colou?r']", "`?` is looked for as it stands", "a pattern is written in `regex`"),
        ("words: ['foo|bar']", "`|` is looked for as it stands", "a pattern is written in `regex`"),
        ("words: [idiot, IDIOT]", "`IDIOT` is found by `idiot` already", "keep one of them"),
        ("words: [idiots, 'idiot*'], view: any", "`idiots` is found by `idiot*` already", "keep one of them"),
        (
            "phrases: [go away now, 'go away*']",
            "`go away now` is found by `go away*` already",
            "keep one of them",
        ),
        (
            "contains: ['idio*']",
            "`*` is the mark itself here",
            "leave it out: these characters are found inside of words too",
        ),
        (
            "regex: '/foo/i'",
            "the slashes around it are part of the pattern",
            "leave them out, and what follows them",
        ),
        (
            "regex: '[A-Z]{5}'",
            "`[A-Z]` takes small letters too",
            "write `case: sensitive` beside it",
        ),
    ],
)
def test_what_is_surely_not_meant_so_is_a_warning(clause: str, message: str, hint: str) -> None:
    (warning,) = read_book([RuleFile("a.yaml", a_rule(f"text: {{{clause}}}"))]).warnings

    assert (message, hint) == (warning.message, warning.hint)


@pytest.mark.parametrize(
    ("comparison", "truth"), [("> 1", "never"), ("< 0%", "never"), (">= 0", "always"), ("<= 100%", "always")]
)
def test_a_comparison_that_is_the_same_for_every_value_is_a_warning(comparison: str, truth: str) -> None:
    rule = a_rule(f'toxicity: {{threat: "{comparison}"}}')
    (warning,) = read_book([RuleFile("a.yaml", rule)]).warnings

    assert f"`{comparison}` is {truth} true" == warning.message


@pytest.mark.parametrize(
    "clause",
    [
        "words: [idiot, idiotic, 'moron*', mor, '*ron', 'C++', what?]",
        "words: [imbécil, imbecil], view: any",
        "words: [US, us], case: sensitive",
        "contains: ['**', '5*', 'f*ck']",
        "regex: ['[A-Za-z]{5}', '(?i)[A-Z]', 'a/b/c']",
        "regex: '[A-Z]{5}', case: sensitive",
    ],
)
def test_what_may_be_meant_so_is_none(clause: str) -> None:
    assert () == read_book([RuleFile("a.yaml", a_rule(f"text: {{{clause}}}"))]).warnings


def test_a_rule_is_another_version_where_one_that_it_builds_on_is() -> None:
    def digests(word: str) -> dict[str, str]:
        base = f"id: base\ntitle: t\nseverity: low\nwhen: {{text: {{words: [{word}]}}}}\n"
        middle = "id: middle\ntitle: t\nseverity: low\nwhen: {matched: base}\n"
        top = "id: top\ntitle: t\nseverity: low\nwhen: {matched: middle}\n"
        other = "id: other\ntitle: t\nseverity: low\nwhen: {text: {words: [carrot]}}\n"
        book = read_book([RuleFile("a.yaml", f"{base}---\n{middle}---\n{top}---\n{other}")])
        return {rule.id: rule.digest for rule in book.rules}

    one, two = digests("turnip"), digests("swede")
    assert ["base", "middle", "top"] == [rule for rule in one if one[rule] != two[rule]]
    assert one == digests("turnip")
