"""No comment and no pattern can hold a worker.

The times are generous, for slow machines; `tests/bench` measures the real ones.
"""

from __future__ import annotations

import time

import pytest

from monitor.domain.errors import Misconfigured
from monitor.engine.book import Judgement
from tests.monsters import MONSTERS, SLOW, TRAP
from tests.trial import ENGLISH, a_book, an_event


def timed(*whens: str, text: str) -> tuple[float, Judgement]:
    book = a_book(*whens)
    start = time.perf_counter()
    judgement = book.judge(an_event(text), ENGLISH)
    return time.perf_counter() - start, judgement


@pytest.mark.parametrize("pattern", SLOW)
def test_a_nested_pattern_is_cut_off_and_named(pattern: str) -> None:
    seconds, judgement = timed(f"text: {{regex: '{pattern}'}}", text=TRAP)

    assert seconds < 1
    assert Judgement(cut_off=("rule.0",)) == judgement


def test_what_is_cut_off_is_not_decided_and_leaves_the_other_rules_alone() -> None:
    slow = "text: {regex: '(?:x+x+)+y(?!z)'}"

    _, judgement = timed(slow, "text: {contains: [xxx]}", f"not: {{{slow}}}", text=TRAP)

    assert ("rule.0", "rule.2") == judgement.cut_off
    assert ["rule.1"] == [match.rule for match in judgement.matches]


def test_a_rule_that_is_true_anyway_is_not_cut_off() -> None:
    slow = "{text: {regex: '(?:x+x+)+y(?!z)'}}"

    _, judgement = timed(f"any: [{slow}, {{text: {{contains: [xxx]}}}}]", text=TRAP)

    assert ((), 1) == (judgement.cut_off, len(judgement.matches))


def test_a_rule_that_is_false_anyway_is_not_cut_off() -> None:
    slow = "{text: {regex: '(?:x+x+)+y(?!z)'}}"

    _, judgement = timed(f"all: [{slow}, {{language: {{in: [de]}}}}]", text=TRAP)

    assert Judgement() == judgement


def test_a_hundred_slow_patterns_cost_hardly_more_than_one() -> None:
    whens = [f"text: {{regex: '(?:x+x+)+y(?!z{{0,{number}}}z)'}}" for number in range(100)]

    seconds, judgement = timed(*whens, text=TRAP)

    assert seconds < 1
    assert 100 == len(judgement.cut_off)


def test_a_slow_pattern_does_not_hide_the_comment_from_other_rules() -> None:
    slow = [f"text: {{regex: '(?:x+x+)+y(?!z{{0,{number}}}z)'}}" for number in range(10)]

    _, judgement = timed(
        *slow, "text: {regex: 'tur.ip'}", "text: {phrases: [you turnip]}", text=f"you turnip {TRAP}"
    )

    assert ["rule.10", "rule.11"] == [match.rule for match in judgement.matches]


@pytest.mark.parametrize("text", MONSTERS.values(), ids=MONSTERS)
def test_a_monstrous_comment_is_judged_at_once(text: str) -> None:
    entries = "phrases: [you turnip, turnip turnip]"
    whens = [f"text: {{words: [turnip*, '*nip', t{number}], {entries}}}" for number in range(20)]

    seconds, judgement = timed(*whens, "text: {regex: '(t|u)+rnip.*x'}", text=text)

    assert seconds < 1
    assert (text == MONSTERS["ligatures"]) == bool(judgement.cut_off)


@pytest.mark.parametrize("text", MONSTERS.values(), ids=MONSTERS)
def test_undoing_the_disguises_of_a_monstrous_comment_takes_no_time(text: str) -> None:
    whens = [
        f"text: {{words: [turnip*, t{number}], phrases: [you turnip], view: any}}" for number in range(20)
    ]

    seconds, _ = timed(*whens, "text: {words: [turnip], view: joined}", text=text)

    assert seconds < 1


@pytest.mark.parametrize(
    "text", [*MONSTERS.values(), "[quote]" * 2_800, "> a\n" * 5_000, "1.2.3.4 4111 " * 1_500]
)
def test_no_condition_takes_long_on_a_monstrous_comment(text: str) -> None:
    seconds, judgement = timed(
        'shape: {capitals: "> 99%", repeated_words: "> 9999", distinct: "> 99%", links: "> 9999"}',
        "links: {disguised: true}",
        "pii: [email, phone, iban, card, address]",
        'phones: ["+1 202 555 0142"]',
        "text: {near: {a: [turnip], b: [house, their place], within: 3}}",
        "unquoted: {words: [parsnip]}",
        "quoted: {words: [parsnip]}",
        text=text,
    )

    assert seconds < 1
    assert () == judgement.cut_off or text == MONSTERS["ligatures"]


def test_what_is_read_as_many_times_as_long_is_cut_and_rules_that_need_the_rest_say_so() -> None:
    _, judgement = timed("text: {words: [turnip]}", "text: {words: [hello]}", text="hello " + "ﷺ" * 19_000)

    assert ("rule.0",) == judgement.cut_off
    assert ["rule.1"] == [match.rule for match in judgement.matches]


@pytest.mark.parametrize("text", ["ﷺ" * 100, "ß" * 19_000, "㎏ " * 9_000])
def test_ordinary_texts_are_read_whole_whatever_their_characters_stand_for(text: str) -> None:
    _, judgement = timed("text: {words: [turnip]}", text=f"{text} turnip")

    assert ["rule.0"] == [match.rule for match in judgement.matches]


def test_the_number_of_places_in_a_match_is_bounded() -> None:
    _, judgement = timed("text: {words: [turnip]}", text="turnip " * 2_000)

    assert 20 == len(judgement.matches[0].spans)


def test_a_pattern_that_is_too_large_is_refused() -> None:
    with pytest.raises(Misconfigured, match="this pattern is too large"):
        a_book("text: {regex: '(?:(?:(?:turnip){30}){30}){30}'}")
