from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations

from monitor.engine.fingerprints import fingerprint
from monitor.engine.likeness import ALIKE, likeness
from tests.bench.vocabulary import WORDS

EVERYDAY = WORDS["en"]


def a_text(seed: int, words: int = 30) -> list[str]:
    return random.Random(seed).choices(EVERYDAY, k=words)


def test_capitals_marks_links_and_disguised_letters_make_no_difference() -> None:
    plain = "buy the new lamp at our shop today and save a lot of money"

    assert fingerprint(plain) == fingerprint(
        "BUY the new lamp, at our shop TODAY - and save a lot of money!!! 77"
    )
    assert fingerprint(plain) == fingerprint(plain + " https://lamps.example/x?y=1")
    assert fingerprint(plain) == fingerprint(plain.replace("lamp", "lаmp"))


def bucket(words: Sequence[str]) -> str:
    known = fingerprint(" ".join(words))
    assert known is not None
    return known.buckets[0]


def test_most_copies_with_one_word_changed_meet_the_original() -> None:
    kept = 0
    for seed in range(200):
        words = a_text(seed)
        copy = [*words]
        copy[random.Random(seed).randrange(len(copy))] = "turnip"
        kept += bucket(words) == bucket(copy)

    assert kept / 200 > 0.8


def test_an_addition_at_the_end_is_mostly_the_same_text() -> None:
    kept = sum(bucket(a_text(seed)) == bucket([*a_text(seed), "really", "good"]) for seed in range(200))

    assert kept / 200 > 0.85


def test_different_texts_seldom_meet_and_are_told_apart_where_they_do() -> None:
    met: dict[str, list[bytes]] = defaultdict(list)
    for seed in range(500):
        known = fingerprint(" ".join(a_text(seed)))
        assert known is not None
        met[known.buckets[0]].append(known.sketch)
    meeting = [sketches for sketches in met.values() if len(sketches) > 1]

    assert len(meeting) < 5
    assert all(likeness(*pair) < ALIKE for sketches in meeting for pair in combinations(sketches, 2))


def test_a_short_text_is_compared_as_a_whole() -> None:
    assert fingerprint("Buy now!") == fingerprint("buy NOW")
    assert fingerprint("buy now") != fingerprint("buy later")
    assert not fingerprint("!!! 123 🔥")


def test_where_no_spaces_are_each_letter_counts_as_a_word() -> None:
    one, other = (
        fingerprint("本店今日全场五折欢迎各位朋友光临选购"),
        fingerprint("本店今日全场五折欢迎各位朋友光临参观"),
    )

    assert one is not None
    assert other is not None
    assert ALIKE <= likeness(one.sketch, other.sketch) < 1
