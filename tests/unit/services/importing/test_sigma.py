from __future__ import annotations

import pytest

from monitor.engine.reading import RuleFile, read_book
from monitor.services.importing import Imported, import_rules
from tests.trial import ENGLISH, an_event

HEAD = "title: Root talk\nid: 0b8d2a2e-0000-4000-8000-000000000001\nlevel: high\ndetection:\n"


def imported(detection: str, head: str = HEAD) -> Imported:
    lines = "".join(f"  {line}\n" for line in detection.splitlines())
    return import_rules("sigma", RuleFile("rule.yml", head + lines))


def fires(detection: str, comment: str, author: str = "ann") -> bool:
    book = read_book([RuleFile("imported.yaml", imported(detection).rules)])
    return bool(book.judge(an_event(comment, author=author), ENGLISH).matches)


@pytest.mark.parametrize(
    ("selection", "found", "left"),
    [
        ("text|contains: turnip", "Turnips!", "beet"),
        ("text|contains: [turnip, beet]", "beets", "pea"),
        ("text|contains|all: [turnip, beet]", "turnip, beet", "turnip"),
        ("text|startswith: turnip", "turnips", "a turnip"),
        ("text|endswith: soup", "turnip soup", "soups"),
        ("text: turnip", "turnip", "turnips"),
        ("text: '*turnip*'", "my turnips", "beet"),
        ("text: 'turnip*'", "turnips", "my turnip"),
        ("text: 'tur*soup'", "turnip\nsoup", "turnip soups"),
        ("text|contains: 't?rnip'", "a tYrnip", "trnip"),
        (r"text|contains: 'tur\*'", "tur*", "turnip"),
        ("text|re: 'turn(ip|up)'", "turnup", "Turnup"),
        ("text|re|i: 'turn(ip|up)'", "Turnup", "turn"),
        ("text|contains|cased: Turnip", "Turnips", "turnips"),
    ],
)
def test_values_and_modifiers_mean_what_they_meant(selection: str, found: str, left: str) -> None:
    detection = f"selection:\n  {selection}\ncondition: selection"
    assert (True, False) == (fires(detection, found), fires(detection, left))


PARTS = "a:\n  text|contains: turnip\nb:\n  text|contains: beet\nc1:\n  text|contains: pea\n"


@pytest.mark.parametrize(
    ("condition", "found", "left"),
    [
        ("a and not b", "turnip", "turnip beet"),
        ("a or b and c1", "turnip", "beet"),
        ("(a or b) and c1", "beet pea", "beet"),
        ("1 of them", "pea", "nothing"),
        ("all of them", "turnip beet pea", "turnip beet"),
        ("2 of them", "turnip pea", "pea"),
        ("a and 1 of c*", "turnip pea", "turnip"),
        ("not 1 of c* and a", "turnip", "turnip pea"),
    ],
)
def test_conditions_bind_as_sigma_has_them(condition: str, found: str, left: str) -> None:
    detection = f"{PARTS}condition: {condition}"
    assert (True, False) == (fires(detection, found), fires(detection, left))


def test_unbound_keywords_are_looked_for_in_the_text() -> None:
    assert fires("keywords:\n  - turnip\n  - beet\ncondition: keywords", "a beet")


def test_stars_in_keywords_mean_what_they_mean_in_fields() -> None:
    detection = "keywords:\n  - turn?p\n  - beet*soup\n  - leek\ncondition: keywords"
    said = ("a turnip", "beet and\nsoup", "leeks", "turnnip", "beet")
    assert [True, True, True, False, False] == [fires(detection, comment) for comment in said]


def test_patterns_across_lines_and_what_must_not_be_come_over() -> None:
    assert fires("s:\n  text|re|m|s: '^soup.*beet'\ncondition: s", "a\nsoup and\nbeet")
    assert not fires("s:\n  text|contains|neq: turnip\ncondition: s", "a turnip")
    assert fires("s:\n  text|contains|neq: turnip\ncondition: s", "a beet")


def test_a_list_of_groups_is_any_of_them_and_a_group_all_of_it() -> None:
    detection = "s:\n  - text|contains: turnip\n    author: ann\n  - text|contains: beet\ncondition: s"
    assert fires(detection, "turnip", "ann")
    assert not fires(detection, "turnip", "bob")
    assert fires(detection, "beet", "bob")


def test_the_head_comes_over() -> None:
    head = HEAD.replace(
        "level: high", "level: informational\nfalsepositives: [Recipes]\ndescription: About roots."
    )
    rule = read_book([RuleFile("a.yaml", imported("s:\n  text: x\ncondition: s", head).rules)]).rules[0]
    assert ("sigma.root-talk", "info", "About roots.", ("Recipes",)) == (
        rule.id,
        rule.severity,
        rule.why,
        rule.false_alarms,
    )


@pytest.mark.parametrize(
    ("detection", "why"),
    [
        ("s:\n  EventID: 4688\ncondition: s", "comments have no field `EventID`"),
        ("s:\n  text|base64offset: x\ncondition: s", "the modifier `base64offset`"),
        ("s:\n  text: null\ncondition: s", "asks whether a field is there"),
        ("s:\n  text: x\ncondition: s and t", "names `t`"),
        ("s:\n  text: x\ncondition: s | count() > 3", "`|`"),
        ("s:\n  text: x\ncondition: (s", "ends too early"),
        ("s:\n  text: x", "no detection with one condition"),
        ("s:\n  text|re: 'a(b'\ncondition: s", "this ( is not closed"),
    ],
)
def test_what_has_no_counterpart_leaves_the_rule_behind_and_says_why(detection: str, why: str) -> None:
    brought = imported(detection)
    assert 0 == brought.count
    assert why in brought.remarks[0].message


def test_a_log_source_is_left_out() -> None:
    brought = imported("s:\n  text: x\ncondition: s", HEAD.replace("level", "logsource: {product: x}\nlevel"))
    assert (1, 1) == (brought.count, len(brought.remarks))
