from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.comments import EventKind
from monitor.domain.severity import Severity, Status
from monitor.domain.signals import Language, Signals
from monitor.domain.verdicts import Match
from monitor.engine.book import Judgement
from monitor.engine.reading import RuleFile, read_book
from tests.trial import ENGLISH, a_book, a_rule, an_event, scored

WORDS = "text: {words: [turnip]}"


def digest_of(*texts: str, lists: tuple[str, ...] = ()) -> str:
    files = [RuleFile(f"{number}.yaml", text) for number, text in enumerate(texts)]
    return read_book(files, [RuleFile(f"{number}.txt", text) for number, text in enumerate(lists)]).digest


def test_a_match_says_which_rule_where_and_in_which_view() -> None:
    judgement = a_book(WORDS).judge(an_event("You TURNIP!"), ENGLISH)

    match = Match(rule="rule.0", severity=Severity.LOW, status=Status.SHADOW, view="folded", spans=((4, 10),))
    assert Judgement(matches=(match,)) == judgement


def test_all_rules_are_judged_in_the_book_s_order_and_none_stops_another() -> None:
    book = a_book(
        "not: {text: {words: [rose]}}", WORDS, 'toxicity: {threat: ">= 0.1"}', "text: {words: [a]}", WORDS
    )

    matches = book.judge(an_event("turnip"), scored(threat=0.1)).matches

    assert ["rule.0", "rule.1", "rule.2", "rule.4"] == [match.rule for match in matches]


@pytest.mark.parametrize(("status", "judged"), [("draft", 0), ("shadow", 1), ("retired", 0)])
def test_only_rules_in_shadow_and_live_are_judged(status: str, judged: int) -> None:
    book = read_book([RuleFile("a.yaml", a_rule(WORDS).replace("shadow", status))])

    assert judged == len(book.judge(an_event("turnip"), ENGLISH).matches)
    assert 1 == len(book.alone("one.rule").judge(an_event("turnip"), ENGLISH).matches)


def test_a_book_of_one_rule_judges_by_that_rule_only() -> None:
    book = a_book(WORDS, WORDS)

    assert ["rule.1"] == [
        match.rule for match in book.alone("rule.1").judge(an_event("turnip"), ENGLISH).matches
    ]
    assert book.digest == book.alone("rule.1").digest


def test_a_rule_is_found_by_its_id() -> None:
    book = a_book(WORDS)

    assert book.rules[0] is book.rule("rule.0")
    with pytest.raises(KeyError):
        book.rule("rule.9")


@pytest.mark.parametrize(
    ("scope", "fires"),
    [
        ("{languages: [en]}", True),
        ("{languages: [de]}", False),
        ("{sources: [gazette]}", True),
        ("{sources: [herald]}", False),
        ("{sources: ['gaz*']}", True),
        ("{sources: ['gaz*-sports']}", False),
        ("{events: [created]}", True),
        ("{events: [deleted]}", False),
    ],
)
def test_a_rule_looks_only_at_what_it_applies_to(scope: str, fires: bool) -> None:  # noqa: FBT001 - a table's column
    book = read_book([RuleFile("a.yaml", a_rule(WORDS) + f"applies_to: {scope}\n")])

    assert fires is bool(book.judge(an_event("turnip"), ENGLISH).matches)


def test_deletions_are_judged_only_by_rules_that_ask_for_them() -> None:
    event = replace(an_event("turnip"), kind=EventKind.DELETED)
    asking = read_book([RuleFile("a.yaml", a_rule(WORDS) + "applies_to: {events: [deleted]}\n")])

    assert 0 == len(a_book(WORDS).judge(event, ENGLISH).matches)
    assert 1 == len(asking.judge(event, ENGLISH).matches)


def test_only_the_beginning_of_a_long_text_is_matched() -> None:
    files = [RuleFile("a.yaml", a_rule(WORDS))]

    assert 20_000 == read_book(files).max_text
    assert 1 == len(read_book(files).judge(an_event("x " * 9_990 + "turnip"), ENGLISH).matches)
    assert 0 == len(read_book(files).judge(an_event("x " * 9_999 + "turnip"), ENGLISH).matches)
    assert 0 == len(read_book(files, max_text=8).judge(an_event("oh you turnip"), ENGLISH).matches)


def test_the_digest_knows_content_and_not_layout() -> None:
    one, two = a_rule(WORDS, "a"), a_rule(WORDS, "b")
    same = (
        "title:   'A rule'\nid: a\nstatus: shadow # ours\nwhen: {text: {words: ['turnip']}}\nseverity: low\n"
    )

    assert digest_of(one, two) == digest_of(two, one) == digest_of(f"{one}---\n{two}")
    assert digest_of(one) == digest_of(same)
    assert digest_of(one) != digest_of(one.replace("turnip", "parsnip"))
    assert digest_of(one) != digest_of(one, two)
    assert 12 == len(digest_of(one))


def test_the_digest_knows_the_lists() -> None:
    rule = a_rule("text: {lists: ['0']}")

    assert digest_of(rule, lists=("a\nb\n",)) == digest_of(rule, lists=("# ours\n\nb\na\n",))
    assert digest_of(rule, lists=("a\nb\n",)) != digest_of(rule, lists=("a\nb | until: 2027-01-01\n",))


HALF_A = "{worth: 1, when: {text: {words: [a]}}}"
CLAUSES = st.recursive(
    st.sampled_from(
        [
            "text: {words: [a]}",
            "text: {contains: [b]}",
            "text: {phrases: [a b]}",
            "text: {regex: 'a.?c'}",
            "text: {words: [a, b, c], at_least: 2}",
            "text: {words: [ab, bac], view: any}",
            "text: {words: [abc], not: {contains: [b]}}",
            "text: {near: {a: [a], b: [b, c], within: 1}}",
            f"points: {{at_least: 2, of: [{HALF_A}, {{worth: 2, when: {{absent: url}}}}]}}",
            'toxicity: {threat: ">= 0.5"}',
            "language: {in: [en]}",
        ]
    ),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(
            lambda parts: f"all: [{', '.join(f'{{{part}}}' for part in parts)}]"
        ),
        st.lists(inner, min_size=1, max_size=3).map(
            lambda parts: f"any: [{', '.join(f'{{{part}}}' for part in parts)}]"
        ),
        st.lists(inner, min_size=2, max_size=3).map(
            lambda parts: f"at_least: {{n: 2, of: [{', '.join(f'{{{part}}}' for part in parts)}]}}"
        ),
        inner.map(lambda part: f"not: {{{part}}}"),
    ),
    max_leaves=5,
)


@given(
    st.lists(CLAUSES, min_size=1, max_size=4),
    st.text(alphabet="abc 4@.", max_size=8),
    st.sampled_from([None, 0.4, 0.6]),
    st.sampled_from(["en", "und"]),
)
def test_rules_that_are_left_out_for_want_of_a_candidate_could_not_have_fired(
    whens: list[str], text: str, threat: float | None, code: str
) -> None:
    signals = replace(scored() if threat is None else scored(threat=threat), language=Language(code=code))
    book = a_book(*whens)
    everything = a_book(
        *(f"any: [{{{when}}}, {{toxicity: {{insult: '> 1'}}}}]".replace("> 1", "> 0.9") for when in whens)
    )

    fired = [match.rule for match in book.judge(an_event(text), signals).matches]

    assert [match.rule for match in everything.judge(an_event(text), signals).matches] == fired


def test_signals_that_are_all_unknown_are_enough_to_judge() -> None:
    assert 1 == len(a_book(WORDS).judge(an_event("turnip"), Signals()).matches)
