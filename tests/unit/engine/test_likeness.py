from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.engine.counting import Entry
from monitor.engine.fingerprints import fingerprint
from monitor.engine.likeness import ALIKE, MOST_TEXTS, SKETCH, copies, likeness, sketch_of
from tests.bench.vocabulary import WORDS

EVERYDAY = WORDS["en"]
numbers = st.sets(st.integers(0, 200), min_size=1, max_size=SKETCH // 2)


def sketch(numbers: set[int]) -> bytes:
    return sketch_of(number.to_bytes(4, "big") for number in numbers)


def sketched(words: list[str]) -> bytes:
    known = fingerprint(" ".join(words))
    assert known is not None
    return known.sketch


def runs(words: list[str]) -> set[tuple[str, ...]]:
    return {tuple(words[at : at + 3]) for at in range(len(words) - 2)}


@given(one=numbers, other=numbers)
def test_the_likeness_of_short_texts_is_exact(one: set[int], other: set[int]) -> None:
    assert likeness(sketch(one), sketch(other)) == pytest.approx(len(one & other) / len(one | other))


def test_the_likeness_of_long_texts_is_near_the_share_of_runs_that_they_have_in_common() -> None:
    off = []
    for seed in range(200):
        chance = random.Random(seed)
        words = chance.choices(EVERYDAY, k=120)
        copy = [word if chance.random() > seed / 1000 else "turnip" for word in words]
        true = len(runs(words) & runs(copy)) / len(runs(words) | runs(copy))
        off.append(abs(true - likeness(sketched(words), sketched(copy))))

    assert sum(off) / len(off) < 0.08
    assert max(off) < 0.35


def test_of_ten_words_one_may_differ_and_of_twenty_two() -> None:
    for length, changed in ((10, [4]), (20, [3, 12])):
        words = random.Random(length).sample(EVERYDAY, k=length)
        copy = ["turnip" if at in changed else word for at, word in enumerate(words)]
        assert likeness(sketched(words), sketched(copy)) >= ALIKE


def test_texts_that_share_one_sentence_only_are_no_copies() -> None:
    for seed in range(100):
        chance = random.Random(seed)
        shared, one, other = (chance.choices(EVERYDAY, k=number) for number in (8, 15, 15))
        assert likeness(sketched([*shared, *one]), sketched([*shared, *other])) < ALIKE


def entry(number: int, text: bytes) -> Entry:
    return Entry(number, f"c{number}", sketch=text)


def test_copies_of_copies_are_copies_in_any_order_of_arrival() -> None:
    chain = [entry(number, sketch(set(range(5 * number, 5 * number + 15)))) for number in range(4)]
    apart = entry(9, sketch(set(range(500, 510))))

    assert likeness(chain[0].sketch, chain[2].sketch) < ALIKE <= likeness(chain[0].sketch, chain[1].sketch)
    for seen_from in chain:
        assert tuple(chain) == copies([*chain, apart], seen_from.sketch)
    assert (apart,) == copies([*chain, apart], apart.sketch)


def test_so_many_different_texts_of_a_window_are_compared_and_no_more() -> None:
    many = [entry(number, sketch({*range(20), 1000 + number})) for number in range(2 * MOST_TEXTS)]

    assert MOST_TEXTS <= len(copies(many, many[-1].sketch)) <= MOST_TEXTS + 1
