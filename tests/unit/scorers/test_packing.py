from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from monitor.scorers.packing import packed

LENGTHS = st.dictionaries(st.integers(0, 200), st.integers(1, 512))


@given(LENGTHS, st.integers(512, 4096))
def test_every_text_is_in_one_batch_and_no_batch_is_too_large(lengths: dict[int, int], budget: int) -> None:
    batches = list(packed(lengths, budget))
    assert sorted(lengths) == sorted(number for batch in batches for number in batch)
    assert all(len(batch) * max(lengths[number] for number in batch) <= budget for batch in batches)


@given(LENGTHS)
def test_the_short_ones_come_first(lengths: dict[int, int]) -> None:
    order = [lengths[number] for batch in packed(lengths, 600) for number in batch]
    assert sorted(order) == order


def test_a_text_that_is_larger_than_the_budget_goes_alone() -> None:
    assert [[1], [0], [2]] == list(packed({0: 90, 1: 2, 2: 90}, 80))


def test_batches_are_filled() -> None:
    assert [4, 4, 2] == [len(batch) for batch in packed(dict.fromkeys(range(10), 20), 80)]
