"""The logic of what is not known: Kleene's strong logic of three values."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.signals import Signals
from monitor.engine.conditions.base import Condition, Truth
from monitor.engine.conditions.composition import All, AtLeast, Not
from monitor.engine.subject import Subject
from tests.trial import an_event, fires, judge, scored

if TYPE_CHECKING:
    from collections.abc import Callable

TRUTHS: tuple[Truth, ...] = (True, False, None)
SUBJECT = Subject(an_event("hello"), Signals(), [], 100)


@dataclass(frozen=True, slots=True)
class Given(Condition):
    truth: Truth

    def holds(self, subject: Subject) -> Truth:
        del subject
        return self.truth


def conditions() -> st.SearchStrategy[Condition]:
    def grown(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
        several = st.lists(inner, min_size=1, max_size=4).map(tuple)
        return st.one_of(
            several.map(All),
            several.map(lambda parts: AtLeast(1, parts)),
            several.flatmap(
                lambda parts: st.integers(1, len(parts)).map(lambda least: AtLeast(least, parts))
            ),
            inner.map(Not),
        )

    return st.recursive(st.sampled_from(TRUTHS).map(Given), grown, max_leaves=8)


def possible(condition: Condition) -> set[Truth]:
    """Return what the condition can be when each unknown part is either true or false."""
    if isinstance(condition, Given):
        return {True, False} if condition.truth is None else {condition.truth}
    if isinstance(condition, Not):
        return {not truth for truth in possible(condition.part)}
    assert isinstance(condition, All | AtLeast)
    least = len(condition.parts) if isinstance(condition, All) else condition.least
    return {sum(map(bool, truths)) >= least for truths in product(*map(possible, condition.parts))}


@given(conditions())
def test_what_is_told_holds_whatever_the_unknown_turns_out_to_be(condition: Condition) -> None:
    told = condition.holds(SUBJECT)

    assert told is None or {told} == possible(condition)


@given(conditions())
def test_what_is_unknown_could_be_either(condition: Condition) -> None:
    if condition.holds(SUBJECT) is None:
        assert {True, False} == possible(condition)


@given(conditions())
def test_not_not_is_the_same(condition: Condition) -> None:
    assert condition.holds(SUBJECT) is Not(Not(condition)).holds(SUBJECT)


@given(st.lists(conditions(), min_size=1, max_size=4).map(tuple))
def test_not_all_is_any_not(parts: tuple[Condition, ...]) -> None:
    assert Not(All(parts)).holds(SUBJECT) is AtLeast(1, tuple(map(Not, parts))).holds(SUBJECT)


@given(st.lists(conditions(), min_size=1, max_size=4).map(tuple))
def test_at_least_all_of_them_is_all(parts: tuple[Condition, ...]) -> None:
    assert All(parts).holds(SUBJECT) is AtLeast(len(parts), parts).holds(SUBJECT)


@pytest.mark.parametrize(
    ("make", "table"),
    [
        (All, {(True, None): None, (False, None): False, (None, None): None}),
        (lambda parts: AtLeast(1, parts), {(True, None): True, (False, None): None, (None, None): None}),
        (lambda parts: AtLeast(2, parts), {(True, None): None, (False, None): False, (None, None): None}),
    ],
)
def test_unknown_decides_only_where_nothing_else_can(
    make: Callable[[tuple[Condition, ...]], Condition], table: dict[tuple[Truth, Truth], Truth]
) -> None:
    for (left, right), expected in table.items():
        assert expected is make((Given(left), Given(right))).holds(SUBJECT)
        assert expected is make((Given(right), Given(left))).holds(SUBJECT)


def test_a_rule_fires_only_on_what_is_known_to_be_true() -> None:
    unknown = 'toxicity: {threat: ">= 0.5"}'

    assert not fires(unknown, "hello", Signals())
    assert not fires(f"not: {{{unknown}}}", "hello", Signals())
    assert fires(f"not: {{{unknown}}}", "hello", scored(threat=0.1))
    assert fires(f"any: [{{{unknown}}}, {{text: {{words: [hello]}}}}]", "hello", Signals())


def test_what_is_unknown_for_want_of_scores_is_not_cut_off() -> None:
    assert () == judge('toxicity: {threat: ">= 0.5"}', "hello", Signals()).cut_off
