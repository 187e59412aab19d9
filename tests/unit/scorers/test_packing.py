from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from monitor.scorers.packing import CALL, packed

LENGTHS = st.dictionaries(st.integers(0, 200), st.integers(1, 512))


@given(LENGTHS, st.integers(512, 4096))
def test_every_text_is_in_one_batch_and_no_batch_is_too_large(lengths: dict[int, int], budget: int) -> None:
    batches = packed(lengths, budget)
    assert sorted(lengths) == sorted(number for batch in batches for number in batch)
    assert all(len(batch) * max(lengths[number] for number in batch) <= budget for batch in batches)


@given(LENGTHS)
def test_the_short_ones_come_first(lengths: dict[int, int]) -> None:
    order = [lengths[number] for batch in packed(lengths, 600) for number in batch]
    assert sorted(order) == order


def test_a_text_that_is_larger_than_the_budget_goes_alone() -> None:
    assert [[1], [0], [2]] == packed({0: 90, 1: 2, 2: 90}, 80)


def test_no_more_batches_are_made_than_are_needed() -> None:
    assert 3 == len(packed(dict.fromkeys(range(10), 20), 80))


def test_short_texts_are_not_padded_to_long_ones_where_another_batch_is_cheaper() -> None:
    assert [[0, 1, 2], [3]] == packed({0: 5, 1: 5, 2: 6, 3: 200}, 2048)


def test_a_little_padding_is_cheaper_than_another_batch() -> None:
    assert [[0, 1, 2]] == packed({0: 5, 1: 9, 2: 20}, 2048)


@given(LENGTHS)
def test_it_is_no_dearer_than_one_text_after_the_other(lengths: dict[int, int]) -> None:
    batches = packed(lengths, 2048)
    cost = sum(len(batch) * max(lengths[number] for number in batch) + CALL for batch in batches)
    assert cost <= sum(length + CALL for length in lengths.values())


def test_nothing_is_no_batch() -> None:
    assert [] == packed({}, 80)
