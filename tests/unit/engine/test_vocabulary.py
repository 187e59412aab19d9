"""Conditions beyond plain text: fields, neighbours, values of the author and the comment, other rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.domain.comments import CommentEvent, EventKind
from monitor.domain.errors import Misconfigured
from monitor.engine.reading import RuleFile, read_book
from tests.trial import DAY, ENGLISH, a_book, a_rule, an_event, fires, found, scored


def having(text: str = "hello", /, **given: object) -> CommentEvent:
    event = an_event(text)
    return replace(event, comment=replace(event.comment, extra=given))


def told(given: Mapping[str, object]) -> CommentEvent:
    return having("hello", **given)


def errors(when: str) -> list[str]:
    with pytest.raises(Misconfigured) as caught:
        a_book(when)
    return [problem.message for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("clause", "text", "expected"),
    [
        ("unquoted: {words: [idiot]}", "> you idiot\nno, be kind", False),
        ("unquoted: {words: [idiot]}", "> be kind\nyou idiot", True),
        ("unquoted: {words: [idiot]}", "[quote=ann]idiot [quote]x[/quote][/quote] no", False),
        ("unquoted: {words: [idiot]}", "<blockquote>fine</blockquote> idiot", True),
        ("unquoted: {words: [idiot]}", "[quote]never closed idiot", True),
        ("quoted: {words: [idiot]}", "> you idiot\nno", True),
        ("quoted: {words: [idiot]}", "> be kind\nidiot", False),
        ("text: {near: {a: [burn], b: [house, shop], within: 2}}", "burn down their house", True),
        ("text: {near: {a: [burn], b: [house], within: 1}}", "burn down their house", False),
        ("text: {near: {a: [burn], b: [house], within: 1}}", "the house must burn", True),
        ("text: {near: {a: [burn], b: [house], within: 0}}", "burn, house", True),
        ("text: {near: {a: [burn*], b: [their house], within: 3}}", "burning all of their house", True),
        ("text: {near: {a: [burn], b: [house], within: 3}}", "house", False),
        ("text: {words: [kill], not: {phrases: [killing time, kill time]}}", "kill time", False),
        ("text: {words: [kill], not: {phrases: [kill time]}}", "kill them", True),
        ("any_text: {words: [ann]}", "hello", True),
        ("any_text: {words: [bob]}", "hello", False),
    ],
)
def test_text_clauses(clause: str, text: str, expected: bool) -> None:  # noqa: FBT001 - a table's column
    assert expected is fires(clause, text)


def test_neighbours_are_found_behind_any_number_of_others() -> None:
    clause = "text: {near: {a: [burn], b: [house], within: 1}}"

    assert fires(clause, "burn " * 100 + "the house")
    assert not fires(clause, "burn " * 100 + "x y z house " * 100)


def test_a_place_in_what_is_not_quoted_is_a_place_in_the_comment() -> None:
    assert ["idiot"] == found("unquoted: {words: [idiot]}", "> no\nyou idiot")
    assert ["burn their house"] == found(
        "text: {near: {a: [burn], b: [house], within: 2}}", "to burn their house!"
    )


def test_any_text_does_without_fields_that_are_not_given() -> None:
    event = an_event("hello", author=None)

    assert fires("not: {any_text: {words: [idiot]}}", event)
    assert fires("any_text: {words: [idiot]}", an_event("hello", author="an idiot"))


@pytest.mark.parametrize(
    "given",
    [
        {"thread.title": "A bridge"},
        {"thread_title": "A bridge"},
        {"thread": {"title": "A bridge"}},
    ],
)
def test_what_a_source_gives_is_found_by_its_documented_name(given: Mapping[str, object]) -> None:
    assert fires("thread.title: {words: [bridge]}", told(given))
    assert fires("present: thread.title", told(given))
    assert not fires("absent: [thread.title]", told(given))


def test_what_a_source_does_not_give_is_unknown() -> None:
    for clause in (
        "thread.title: {words: [bridge]}",
        "author: {trusted: true}",
        'author: {karma: "> 1"}',
        "author: {roles: [staff]}",
        'author: {account_age: "< 1d"}',
        'reports: ">= 1"',
        'shape: {depth: ">= 1"}',
        "same: [author.name, parent.author.name]",
    ):
        assert not fires(clause, "hello"), clause
        assert not fires(f"not: {{{clause}}}", "hello"), clause


@pytest.mark.parametrize(
    ("clause", "given", "expected"),
    [
        ("author: {trusted: true}", {"author.trusted": True}, True),
        ("author: {trusted: false}", {"author.trusted": "false"}, True),
        ("author: {banned: true}", {"author": {"banned": False}}, False),
        ("author: {is_thread_author: true}", {"author_is_thread_author": True}, True),
        ('author: {karma: "< -5"}', {"author.karma": -6}, True),
        ('author: {karma: ">= 10"}', {"author.karma": "9.5"}, False),
        ('author: {comments: "== 0"}', {"author.comments": 0}, True),
        ('author: {confirmed_alerts: ">= 1"}', {"author.confirmed_alerts": 2}, True),
        ("author: {roles: [Staff]}", {"author.roles": ["member", "staff"]}, True),
        ("author: {badges: helper}", {"author.badges": "Helper"}, True),
        ('author: {account_age: "< 2d"}', {"author.created_at": (DAY - timedelta(days=1)).isoformat()}, True),
        (
            'author: {account_age: "< 2d"}',
            {"author.created_at": (DAY - timedelta(days=3)).timestamp()},
            False,
        ),
        (
            'author: {first_seen: ">= 1h"}',
            {"author.first_seen_at": (DAY - timedelta(hours=1)).isoformat()},
            True,
        ),
        ('author: {account_age: "> 0s"}', {"author.created_at": "2020-01-01T00:00:00"}, False),
        ('author: {known: true, karma: "> 1"}', {"author.karma": 2}, True),
        ('reports: ">= 3"', {"reports": 3}, True),
        ('votes: "< 0"', {"votes": -1}, True),
        ('shape: {depth: ">= 2"}', {"depth": 2}, True),
        (
            'shape: {after_start: "< 5m"}',
            {"thread.started_at": (DAY - timedelta(minutes=4)).isoformat()},
            True,
        ),
        ("same: [author.name, parent.author.name]", {"parent.author.name": " ANN "}, True),
        ("parent.text: {words: [hello]}", {"parent_text": "hello there"}, True),
    ],
)
def test_values_that_a_source_gives(clause: str, given: Mapping[str, object], expected: bool) -> None:  # noqa: FBT001
    assert expected is fires(clause, told(given))


@pytest.mark.parametrize(
    ("clause", "text", "expected"),
    [
        ('capitals: "> 70%"', "THIS IS LOUD, ok", True),
        ('capitals: "> 0.7"', "This is not", False),
        ('capitals: "== 0"', "123", True),
        ('length: "== 2"', "  hi \n", True),
        ('words: ">= 3"', "one, two three", True),
        ('lines: "== 2"', "one\n\ntwo", True),
        ('emoji: ">= 50%"', "ok 🔥🔥", True),
        ('emoji: "== 100%"', "👨‍👩‍👧‍👦 👍🏽 ❤️ 🇫🇷 1️⃣", True),
        ('emoji: "== 50%"', "a👩🏽‍🚀", True),
        ('words: "== 4"', "今日は 5", True),
        ('words: "== 2"', "L'été passé", True),
        ('punctuation: "> 50%"', "what?!?!?!", True),
        ('distinct: "< 10%"', "ha" * 20, True),
        ('repeated_characters: ">= 4"', "soooo", True),
        ('repeated_words: ">= 3"', "No no NO!", True),
        ('longest_word: "> 20"', "x" * 21, True),
        ("digits_only: true", "12 34!", True),
        ("digits_only: false", "a1", True),
        ('links: "== 2"', "https://a.example www.b.example", True),
        ('links: "== 1"', "[https://a.example/x](https://a.example/x)", True),
        ('links: "== 1"', "<a href='https://a.example'>https://a.example</a>", True),
        ('links: "== 2"', "<a href='https://a.example'>here</a>, [there](https://b.example)", True),
        ("link_first: true", " https://a.example hi", True),
        ("link_last: true", "see https://a.example", True),
        ("link_only: true", "https://a.example", True),
        ("link_only: true", "see https://a.example", False),
        ('mentions: "== 2"', "@ann and @bob, not me@example.org", True),
        ("edited: true", "hi", False),
    ],
)
def test_shape(clause: str, text: str, expected: bool) -> None:  # noqa: FBT001 - a table's column
    assert expected is fires(f"shape: {{{clause}}}", text)


def test_an_edited_comment_has_the_shape_of_one() -> None:
    assert fires("shape: {edited: true}", replace(an_event("hi"), kind=EventKind.EDITED))


POINTS = (
    "points: {at_least: 3, of: ["
    "{worth: 2, when: {text: {words: [a]}}}, {worth: 1, when: {text: {words: [b]}}},"
    '{worth: 3, when: {toxicity: {threat: ">= 0.5"}}}]}'
)


def test_points_add_up() -> None:
    assert fires(POINTS, "a b")
    assert not fires(POINTS, "a", scored(threat=0.1))
    assert fires(POINTS, "c", scored(threat=0.9))
    assert not fires(f"not: {{{POINTS}}}", "a")
    assert fires(f"not: {{{POINTS}}}", "a", scored(threat=0.1))


def test_a_rule_takes_conditions_that_it_has_named() -> None:
    define = "define:\n  spam_a: {text: {words: [a]}}\n  spam_b: {text: {words: [b]}}\n"

    def book(when: str) -> list[str]:
        rules = read_book([RuleFile("a.yaml", a_rule(when) + define)])
        return [text for text in ("a", "b", "a b") if rules.judge(an_event(text), ENGLISH).matches]

    assert ["a", "a b"] == book("use: spam_a")
    assert ["a", "b", "a b"] == book("use: spam_*")
    assert ["a b"] == book("use: {all: spam_*}")
    assert ["b"] == book("all: [{use: {any: [spam_b]}}, {not: {use: spam_a}}]")


@pytest.mark.parametrize(
    ("define", "when", "message"),
    [
        ("define: {a: {use: b}, b: {use: a}}", "use: a", "`a` is made of itself"),
        ("define: {ab: {text: {words: [x]}}}", "use: ba", "the rule defines no `ba`"),
        ("define: [a]", "text: {words: [x]}", "`define` must be a group of `name: …` lines, not a list"),
    ],
)
def test_what_is_wrong_with_names_is_reported(define: str, when: str, message: str) -> None:
    with pytest.raises(Misconfigured) as caught:
        read_book([RuleFile("a.yaml", a_rule(when) + define + "\n")])

    assert message in [problem.message for problem in caught.value.problems]


def test_a_condition_that_is_named_and_never_used_is_a_warning() -> None:
    text = a_rule("text: {words: [a]}") + "define: {b: {text: {words: [b]}}}\n"

    assert ["`b` is defined and never used"] == [
        problem.message for problem in read_book([RuleFile("a.yaml", text)]).warnings
    ]


def test_a_rule_builds_on_another_wherever_that_stands() -> None:
    book = a_book("{matched: rule.1, text: {words: [b]}}", "text: {words: [a]}", "not: {matched: rule.1}")

    def fired(text: str) -> list[str]:
        return [match.rule for match in book.judge(an_event(text), ENGLISH).matches]

    assert ["rule.0", "rule.1"] == fired("a b")
    assert ["rule.1"] == fired("a")
    assert ["rule.2"] == fired("b")
    assert 1 == len(book.alone("rule.0").judge(an_event("a b"), ENGLISH).matches)


def test_a_rule_builds_on_one_of_any_condition() -> None:
    book = a_book("matched: rule.1", "{text: {words: [idiot], view: any}, evasion: true}")

    assert ["rule.0", "rule.1"] == [match.rule for match in book.judge(an_event("1d10t"), ENGLISH).matches]
    assert [] == [match.rule for match in book.judge(an_event("idiot"), ENGLISH).matches]


def test_a_rule_that_does_not_apply_has_not_matched() -> None:
    first = a_rule("text: {words: [a]}", "rule.a") + "applies_to: {languages: [de]}\n"
    book = read_book([RuleFile("a.yaml", first + "---\n" + a_rule("not: {matched: rule.a}", "rule.b"))])

    assert ["rule.b"] == [match.rule for match in book.judge(an_event("a"), ENGLISH).matches]


def test_another_rule_may_go_first() -> None:
    second = a_rule("text: {words: [a, b]}", "rule.b") + "unless_matched: [rule.a]\n"
    book = read_book([RuleFile("a.yaml", a_rule("text: {words: [a]}", "rule.a") + "---\n" + second)])

    assert ["rule.a"] == [match.rule for match in book.judge(an_event("a"), ENGLISH).matches]
    assert ["rule.b"] == [match.rule for match in book.judge(an_event("b"), ENGLISH).matches]


def test_rules_in_a_circle_are_refused() -> None:
    assert ["there is no rule `rule.7`"] == errors("matched: rule.7")
    assert ["these rules build on one another: rule.0 → rule.0"] == errors("matched: rule.0")
    with pytest.raises(Misconfigured, match=r"rule\.0 → rule\.1 → rule\.2 → rule\.0"):
        a_book("matched: rule.1", "matched: rule.2", "{matched: rule.0, text: {words: [a]}}")


@pytest.mark.parametrize(
    ("clause", "message"),
    [
        ("author: {account_age: 3}", "`3` is no comparison"),
        ('author: {account_age: "< 3"}', "`< 3` compares with something else"),
        ('author: {karma: "< 3%"}', "`< 3%` compares with something else"),
        ('shape: {capitals: "> 7"}', "`> 7` compares with 7, but values go from 0 to 1"),
        ("shape: {}", "`shape` asks for nothing"),
        ("present: titel", "`present` cannot be `titel`"),
        ("same: [text]", "`same` compares two fields"),
        (
            "points: {at_least: 9, of: [{worth: 1, when: {text: {words: [a]}}}]}",
            "all parts together are worth 1, never 9",
        ),
        ("text: {words: [a], view: leet, case: sensitive}", "capitals are no part of a disguise"),
        ("text: {near: {a: [x], within: 1}}", "`near` needs `b`"),
    ],
)
def test_what_is_wrong_is_reported(clause: str, message: str) -> None:
    assert message in errors(clause)
