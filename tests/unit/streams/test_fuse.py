from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.errors import Misconfigured
from streams.guard import Fuse

ratios = st.floats(0.01, 1)
batches = st.lists(st.integers(0, 50), max_size=20)


def test_twice_the_quota_blows_it_and_says_what_to_do() -> None:
    fuse = Fuse(ratio=0.5, sample=100)
    with pytest.raises(Misconfigured) as blown:
        fuse.record("inspect", [True] * 100)
    assert str(blown.value) == (
        "error: 100 of the last 100 messages of inspect failed: the worker stops rather than drain the "
        "topic into the dead letters\n"
        "    hint: look at `comment-monitor dead-letters list`; if this is expected, raise "
        "fuse.dead_letter_ratio"
    )


def test_the_quota_itself_does_not_blow_it() -> None:
    fuse = Fuse(ratio=0.5, sample=100)
    fuse.record("inspect", [True, False] * 200)


def test_one_more_than_the_quota_blows_it() -> None:
    fuse = Fuse(ratio=0.5, sample=100)
    with pytest.raises(Misconfigured):
        fuse.record("inspect", [*[True, False] * 49, True, True])


def test_failures_spread_over_a_batch_larger_than_the_sample_are_not_taken_for_a_flood() -> None:
    fuse = Fuse(ratio=0.5, sample=200)
    fuse.record("inspect", ([True] + [False] * 2) * 167)


def test_it_adds_up_over_batches_and_forgets_old_ones() -> None:
    fuse = Fuse(ratio=0.5, sample=100)
    for _ in range(20):
        fuse.record("inspect", [True] * 50)
        fuse.record("inspect", [False] * 100)
    fuse.record("inspect", [True] * 50)
    with pytest.raises(Misconfigured):
        fuse.record("inspect", [True])


@given(ratios, st.integers(1, 100), batches)
def test_good_messages_never_blow_it(ratio: float, sample: int, sizes: list[int]) -> None:
    fuse = Fuse(ratio=ratio, sample=sample)
    for size in sizes:
        fuse.record("inspect", [False] * size)


@given(ratios, st.integers(2, 100), st.data())
def test_too_few_messages_never_blow_it(ratio: float, sample: int, data: st.DataObject) -> None:
    fuse = Fuse(ratio=ratio, sample=sample)
    fuse.record("inspect", [True] * data.draw(st.integers(0, sample - 1)))
