from __future__ import annotations

from collections.abc import Sequence

import pytest
import yaml

from monitor.domain.severity import Severity, Status
from monitor.engine.book import Book
from monitor.engine.reading import RuleFile, read_book
from monitor.services.importing import Imported, import_rules
from tests.trial import ENGLISH, an_event


def imported(text: str) -> Imported:
    return import_rules("automoderator", RuleFile("config.yaml", text))


def book(text: str) -> Book:
    return read_book([RuleFile("imported.yaml", imported(text).rules)])


def fires(text: str, comment: str, *, author: str = "ann") -> bool:
    rules = book(text)
    alone = rules.alone(rules.rules[0].id)
    return bool(alone.judge(an_event(comment, author=author), ENGLISH).matches)


def remarks(text: str) -> list[str]:
    return [f"{remark.line}: {remark.message}" for remark in imported(text).remarks]


@pytest.mark.parametrize(
    ("check", "found", "left"),
    [
        ("body: turnip", ["a Turnip!", "turnip"], ["turnips", "turnip2", "_turnip_"]),
        ("body: [turnip soup, beet]", ["turnip soup", "a beet."], ["turnip, soup"]),
        ("body: '$$$'", ["pay $$$ now", "a$$$b"], ["$$"]),
        ("body (includes): turn", ["turnips"], ["tur"]),
        ("body (starts-with): turnip", ["turnips are"], ["a turnip"]),
        ("body (ends-with): soup", ["turnip soup"], ["soups"]),
        ("body (full-exact): turnip", ["Turnip"], ["turnip!"]),
        ("body (full-text): turnip", ["  turnip!!"], ["a turnip"]),
        ("body (case-sensitive): Turnip", ["a Turnip"], ["a turnip"]),
        ("body (regex): 'turn(ip|up)s?'", ["TURNUPS!"], ["xturnip", "turnipsy"]),
        ("body (regex, includes): 'turn(ip|up)'", ["xturnupx"], ["turn"]),
        ("body (regex, starts-with): 'turn\\w+'", ["turnip here"], ["a turnip"]),
        ("body (regex, full-exact): 'turn\\w+'", ["turnip"], ["turnip here"]),
        ("body (regex, full-text): 'turn\\w+'", ["«turnip»"], ["turnip here"]),
        ("body (regex): 'turnip.*soup'", ["turnip\nand soup"], ["soup"]),
        ("title+body: turnip", ["a turnip"], ["a beet"]),
        ("body#2 (includes): turnip", ["turnips"], ["beet"]),
        ("body: [turnip]\n~body: soup", ["a turnip"], ["turnip soup"]),
        ("body: [no, 010]", ["no", "010"], ["not"]),
    ],
)
def test_checks_find_what_they_found_there(check: str, found: Sequence[str], left: Sequence[str]) -> None:
    rule = f"type: comment\n{check}\naction: remove\n"
    assert [] == [comment for comment in found if not fires(rule, comment)]
    assert [] == [comment for comment in left if fires(rule, comment)]


def test_the_authors_name_is_a_check_like_others() -> None:
    for rule in ("author: [ann, bob]\naction: report\n", "author:\n  name: [ann]\naction: report\n"):
        assert (True, False) == (fires(rule, "hello", author="ann"), fires(rule, "hello", author="anna"))


@pytest.mark.parametrize(
    ("action", "severity"),
    [("remove", Severity.HIGH), ("filter", Severity.HIGH), ("report", Severity.MEDIUM), ("", Severity.LOW)],
)
def test_the_action_becomes_the_severity(action: str, severity: Severity) -> None:
    rule = "body: turnip\n" + (f"action: {action}\n" if action else "")
    assert severity is book(rule).rules[0].severity


def test_the_reason_becomes_the_title_without_placeholders() -> None:
    rule = book("body: turnip\naction: remove\naction_reason: 'Root talk [{{match}}]'\n").rules[0]
    assert ("Root talk", "automoderator.root-talk") == (rule.title, rule.id)


def test_what_comes_over_whole_is_in_shadow() -> None:
    assert Status.SHADOW is book("body: turnip\n").rules[0].status
    assert [] == remarks("body: turnip\n")


def test_a_rule_that_loses_a_condition_is_a_draft_and_says_which() -> None:
    text = "body: turnip\nflair_text: chef\nparent_submission:\n  flair_text: soup\n"
    assert Status.DRAFT is book(text).rules[0].status
    assert [
        "2: `flair_text` not carried over: comments have no such field",
        "4: `parent_submission.flair_text` not carried over: threads have no such field here",
    ] == remarks(text)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("type: link submission\ntitle: turnip\n", "it is for a link submission"),
        ("body: turnip\naction: approve\n", "it approves"),
        ("title: turnip\n", "nothing is left of its conditions"),
        ("- body: turnip\n", "this is no rule"),
        ("body (regex): 'turn(ip'\n", "this ( is not closed"),
    ],
)
def test_what_cannot_come_over_at_all_says_why(text: str, why: str) -> None:
    assert 0 == imported(text).count
    assert any(why in remark for remark in remarks(text))


def test_replies_are_left_behind_and_the_rule_is_whole() -> None:
    text = "body: turnip\ncomment: |\n  Please do not.\nset_flair: x\n"
    assert Status.SHADOW is book(text).rules[0].status
    assert ["2", "4"] == [remark.split(":")[0] for remark in remarks(text)]


def test_edits_may_be_all_that_is_asked_for() -> None:
    rule = book("body: turnip\nis_edited: true\n").rules[0]
    assert {"edited"} == {str(kind) for kind in rule.scope.events}


def test_many_documents_are_many_rules_with_ids_of_their_own() -> None:
    rules = book("body: turnip\n---\nbody: beet\n---\n# nothing\n").rules
    assert ["automoderator.body-turnip", "automoderator.body-beet"] == [rule.id for rule in rules]


def test_a_broken_file_is_a_remark() -> None:
    assert 0 == imported("body: [turnip\n").count
    assert "this list is not closed" in remarks("body: [turnip\n")[0]


def test_a_broken_document_leaves_the_others_alone() -> None:
    text = "body: turnip\n---\nbody: &roots [beet]\n---\nbody: leek\n"
    assert 2 == imported(text).count
    assert ["3: not carried over: a text that starts with & needs quotes (&roots)"] == remarks(text)


@pytest.mark.parametrize(
    ("any_of_them", "expected"),
    [
        ("true", [{"any": [{"author": {"account_age": "< 1d"}}, {"author": {"karma": "< 10"}}]}]),
        ("false", [{"author": {"account_age": "< 1d"}}, {"author": {"karma": "< 10"}}]),
    ],
)
def test_one_threshold_may_be_enough(any_of_them: str, expected: list[object]) -> None:
    author = f"{{account_age: '< 1 day', comment_karma: '< 10', satisfy_any_threshold: {any_of_them}}}"
    text = f"body: turnip\nauthor: {author}\n"
    assert [] == remarks(text)
    assert expected == yaml.safe_load(imported(text).rules)["when"]["all"][1:]


def test_thresholds_and_places_have_their_counterparts() -> None:
    text = """body: turnip
body_longer_than: 20
is_top_level: false
reports: 2
ignore_blockquotes: true
author: {account_age: "< 2 weeks", comment_karma: "< 10", is_submitter: true}
parent_submission: {title (includes): soup}
"""
    assert [] == remarks(text)
    when = yaml.safe_load(imported(text).rules)["when"]["all"]
    assert [
        {"unquoted": {"regex": ["\\bturnip\\b"]}},
        {"shape": {"length": "> 20"}},
        {"shape": {"depth": "> 0"}},
        {"reports": ">= 2"},
        {"author": {"account_age": "< 14d"}},
        {"author": {"karma": "< 10"}},
        {"author": {"is_thread_author": True}},
        {"thread.title": {"contains": ["soup"]}},
    ] == when


def test_what_is_asked_of_authors_beyond_that_is_told() -> None:
    text = "body: turnip\nauthor: {contributor_quality: '< moderate'}\n"
    assert ["2: `contributor_quality` not carried over: it has no counterpart here"] == remarks(text)
