from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from monitor.engine.reading import RuleFile
from monitor.engine.widening import nested_repeats
from monitor.services.rulebook import Sources, book_of
from monitor.services.rulelint import lint

RULE = "id: {id}\ntitle: A rule\nstatus: shadow\nseverity: {severity}\nwhen: {when}\n"


def a_rule(when: str, rule_id: str = "a", severity: str = "low", more: str = "") -> str:
    return RULE.format(id=rule_id, severity=severity, when=when) + more


def findings(*rules: str, lists: Mapping[str, str] | None = None) -> list[str]:
    sources = Sources(
        paths=("rules",),
        rules=tuple(RuleFile(f"rules/{number}.yaml", rule) for number, rule in enumerate(rules)),
        lists=tuple(RuleFile(f"rules/lists/{name}.txt", text) for name, text in (lists or {}).items()),
    )
    found = lint(book_of(sources), sources, date(2026, 3, 1))
    return [f"{problem.file}:{problem.line}: {problem.message}" for problem in found]


TURNIP = a_rule("{text: {words: [turnip]}}")
USING = a_rule("{text: {lists: [roots]}}", "b")


def test_sound_rules_have_no_findings() -> None:
    assert [] == findings(TURNIP, USING, lists={"roots": "beet\ncarrot*\n"})


def test_a_warning_stands_where_the_pattern_does() -> None:
    rule = "id: a\ntitle: A rule\nseverity: low\nwhen:\n  text:\n    regex:\n    - beet\n    - (t+)+beet\n"
    sources = Sources(paths=("rules",), rules=(RuleFile("rules/a.yaml", rule),), lists=())
    (problem,) = lint(book_of(sources), sources, date(2026, 3, 1))
    assert (8, 7, "    - (t+)+beet") == (problem.line, problem.column, problem.source_line)


def test_a_list_that_no_rule_looks_for() -> None:
    assert ["rules/lists/peas.txt:0: no rule looks for the list `peas`"] == findings(
        TURNIP, USING, lists={"roots": "beet\n", "peas": "pea\n"}
    )


def test_a_list_beside_a_single_file_may_be_used_by_others() -> None:
    assert [] == findings(TURNIP, lists={"peas": "pea\n"})


def test_an_entry_whose_last_day_is_over() -> None:
    lists = {"roots": "beet | until: 2026-02-28\ncarrot | until: 2026-03-01\n"}
    assert ["rules/lists/roots.txt:1: `beet` ended on 2026-02-28"] == findings(USING, lists=lists)


@pytest.mark.parametrize(
    ("cover", "covered"),
    [("beet*", "beets"), ("*beet", "redbeet"), ("*beet*", "redbeets"), ("beet*", "beetroot*")],
)
def test_an_entry_that_another_finds_already(cover: str, covered: str) -> None:
    lists = {"roots": f"{cover}\n{covered}\n"}
    assert [f"rules/lists/roots.txt:2: `{covered}` is found by `{cover}` in line 1 already"] == findings(
        USING, lists=lists
    )


@pytest.mark.parametrize(
    "entries",
    [
        "beet*\nred beets",
        "beet* | except: beetle\nbeetle",
        "*beet\nbeets",
        "beet\\*\nbeets",
        "beet*\n*beet",
    ],
)
def test_an_entry_that_only_looks_covered(entries: str) -> None:
    assert [] == findings(USING, lists={"roots": entries + "\n"})


@pytest.mark.parametrize("pattern", ["(a+)+b", "(?:a+b*)*c", r"(\w+\s*)+x", "(?:(?:a|b)*)+c"])
def test_a_pattern_that_repeats_a_repetition_may_take_long(pattern: str) -> None:
    assert nested_repeats(pattern)
    (finding,) = findings(a_rule(f"{{text: {{regex: '{pattern}'}}}}"))
    assert "repeats a repetition" in finding


@pytest.mark.parametrize("pattern", [r"a+(?:\.a+)+", "(ab)+", "a+b+", "(?:a{1,3})+", "(?:a+,)*"])
def test_a_pattern_whose_parts_are_kept_apart_does_not(pattern: str) -> None:
    assert not nested_repeats(pattern)


def test_a_rule_that_another_more_severe_one_makes_needless() -> None:
    wide = a_rule("{text: {words: [turnip, beet]}}", "wide", "high")
    assert ["rules/0.yaml:1: every comment that `a` finds, `wide` finds too"] == findings(TURNIP, wide)


def test_two_equal_rules_are_told_of_once() -> None:
    assert 1 == len(findings(TURNIP, TURNIP.replace("id: a", "id: b")))


@pytest.mark.parametrize(
    "other",
    [
        a_rule("{text: {words: [turnip, beet], at_least: 2}}", "b", "high"),
        a_rule("{all: [{text: {words: [turnip, beet]}}, {author: {known: true}}]}", "b", "high"),
        a_rule("{text: {words: [turnip, beet]}}", "b", "info"),
        a_rule("{text: {words: [turnip, beet]}}", "b", "high", "applies_to: {sources: [gazette]}\n"),
        a_rule(
            "{text: {words: [turnip, beet]}}", "b", "high", "escalate: {by: author, count: 2, within: 1h}\n"
        ),
        a_rule("{author.name: {words: [turnip, beet]}}", "b", "high"),
    ],
)
def test_a_rule_is_no_shadow_of_one_that_asks_for_more(other: str) -> None:
    assert [] == findings(TURNIP, other)


@pytest.mark.parametrize(
    ("when", "more", "why"),
    [
        ("{all: [{text: {words: [a]}}, {not: {text: {words: [a]}}}]}", "", "it asks for"),
        (
            "{all: [{text: {words: [a]}}, {language: {in: [de]}}]}",
            "applies_to: {languages: [en]}\n",
            "no language",
        ),
        ("{text: {words: [a]}, evasion: true}", "", "no text clause undoes any"),
        ("{evasion: true}", "", "no text clause undoes any"),
    ],
)
def test_a_rule_that_can_never_fire(when: str, more: str, why: str) -> None:
    (finding,) = findings(a_rule(when, more=more))
    assert "`a` can never fire" in finding
    assert why in finding


@pytest.mark.parametrize(
    "when",
    ["{not: {text: {words: [a]}}}", "{all: [{not: {text: {words: [a]}}}, {not: {text: {words: [b]}}}]}"],
)
def test_a_rule_that_only_says_what_is_not_there(when: str) -> None:
    (finding,) = findings(a_rule(when))
    assert "finds nearly every comment" in finding


@pytest.mark.parametrize(
    "when",
    [
        "{text: {words: [a], view: any}, evasion: true}",
        "{not: {author: {known: true}}}",
        "{not: {absent: url}}",
    ],
)
def test_a_rule_that_may_well_be_meant_so(when: str) -> None:
    assert [] == findings(a_rule(when))


def test_an_entry_of_a_list_that_differs_in_its_capitals_only() -> None:
    lists = {"roots": "beet\nBEET\nBeet | until: 2027-01-01\n"}
    sensitive = a_rule("{text: {words: [US], case: sensitive}}", "c")

    assert ["rules/lists/roots.txt:2: `BEET` is found by `beet` in line 1 already"] == findings(
        USING, lists=lists
    )
    assert [] == findings(USING, sensitive, lists=lists)
