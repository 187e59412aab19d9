from __future__ import annotations

import pytest

from monitor.domain.signals import Language, Signals
from tests.trial import an_event, fires, found, scored


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        ('threat: ">= 0.6"', True),
        ('threat: "> 0.6"', False),
        ('threat: ">= 60%"', True),
        ('threat: "== 0.6"', True),
        ('threat: "!= 0.6"', False),
        ('threat: "< .7", insult: "< 0.2"', True),
        ('threat: ">= 0.6", insult: ">= 0.6"', False),
        ('any: "> 0.5"', True),
        ('max: "<= 0.5"', False),
        ('obscene: ">= 0.1"', False),
        ('obscene: ">= 0.1", unknown: pass', True),
        ('obscene: "< 1", unknown: fail', False),
    ],
)
def test_toxicity_compares_scores(clause: str, expected: bool) -> None:  # noqa: FBT001 - a table's column
    assert expected is fires(f"toxicity: {{{clause}}}", "hello", scored(threat=0.6, insult=0.1))


@pytest.mark.parametrize(("unknown", "expected"), [("pass", True), ("fail", False)])
def test_the_author_may_say_what_a_missing_score_counts_as(unknown: str, expected: bool) -> None:  # noqa: FBT001
    clause = f'toxicity: {{threat: ">= 0.6", unknown: {unknown}}}'

    assert expected is fires(clause, "hello", Signals())
    assert expected is not fires(f"not: {{{clause}}}", "hello", Signals())


@pytest.mark.parametrize(
    ("clause", "code", "expected"),
    [
        ("in: [en, de]", "de", True),
        ("in: en", "de", False),
        ("not_in: [en]", "de", True),
        ("not_in: [en]", "en", False),
        ("in: [en]", "und", False),
        ("not_in: [en]", "und", False),
        ("in: [und]", "und", True),
        ('in: [de], confidence: ">= 0.7"', "de", True),
        ('in: [de], confidence: ">= 0.9"', "de", False),
    ],
)
def test_language_is_what_was_identified(clause: str, code: str, expected: bool) -> None:  # noqa: FBT001
    signals = Signals(language=Language(code=code, confidence=0.8))

    assert expected is fires(f"language: {{{clause}}}", "hello", signals)


def test_a_language_that_cannot_be_told_is_unknown_through_not() -> None:
    assert not fires("not: {language: {in: [en]}}", "hello", Signals())


FINNISH = Language(code="fi", confidence=0.9)


@pytest.mark.parametrize(
    ("signals", "unsupported", "supported"),
    [
        (Signals(language=FINNISH, unsupported=True), True, False),
        (Signals(language=FINNISH, unsupported=False), False, True),
        (Signals(language=FINNISH), False, False),
        (scored(threat=0.1), False, True),
    ],
    ids=["no model knows it", "a model knows it", "not known", "it has scores"],
)
@pytest.mark.parametrize("form", ["language: {{unsupported: {}}}", "not: {{language: {{unsupported: {}}}}}"])
def test_a_language_may_be_one_that_no_model_knows(
    form: str,
    signals: Signals,
    unsupported: bool,  # noqa: FBT001 - a table's column
    supported: bool,  # noqa: FBT001 - a table's column
) -> None:
    yes, no = ("false", "true") if form.startswith("not") else ("true", "false")

    assert unsupported is fires(form.format(yes), "hello", signals)
    assert supported is fires(form.format(no), "hello", signals)


def test_all_that_is_asked_of_a_language_must_hold() -> None:
    asked = "language: {in: [fi, sv], unsupported: true}"

    assert fires(asked, "hei", Signals(language=FINNISH, unsupported=True))
    assert not fires(asked, "hei", Signals(language=FINNISH, unsupported=False))
    assert not fires(asked, "hallo", Signals(language=Language(code="nl"), unsupported=True))


def test_a_field_that_the_source_does_not_give_is_unknown() -> None:
    clause = "author.name: {contains: [bot]}"

    assert not fires(clause, an_event("hello", author=None))
    assert not fires(f"not: {{{clause}}}", an_event("hello", author=None))
    assert fires(f"not: {{{clause}}}", an_event("hello", author="ann"))


def test_author_knows_whether_one_is_given_and_how_they_are_called() -> None:
    assert fires("author: {known: false}", an_event("hello", author=None))
    assert fires("author: {known: true, name: {words: [ann]}}", an_event("hello"))
    assert not fires("author: {known: false, name: {words: [ann]}}", an_event("hello"))


def test_several_keys_of_one_clause_must_all_be_true() -> None:
    clause = '{text: {words: [hello]}, toxicity: {threat: ">= 0.5"}}'

    assert fires(f"all: [{clause}]", "hello", scored(threat=0.5))
    assert not fires(f"all: [{clause}]", "hello", scored(threat=0.4))


def test_at_least_counts_clauses() -> None:
    clause = "at_least: {n: 2, of: [{text: {words: [a]}}, {text: {words: [b]}}, {text: {words: [c]}}]}"

    assert not fires(clause, "a a")
    assert fires(clause, "a c")


def test_the_reason_is_what_was_found_and_nothing_that_was_ruled_out() -> None:
    clause = "all: [{any: [{text: {words: [a]}}, {text: {words: [b]}}]}, {not: {text: {words: [x]}}}]"

    assert ["b"] == found(clause, "b c")


def test_reasons_that_overlap_are_shown_as_one() -> None:
    assert ["kill you now"] == found(
        "all: [{text: {phrases: [kill you]}}, {text: {phrases: [you now]}}]", "kill you now"
    )
