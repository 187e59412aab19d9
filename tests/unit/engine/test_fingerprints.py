from __future__ import annotations

import random

from monitor.engine.fingerprints import fingerprint
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


def test_most_copies_with_one_word_changed_keep_the_fingerprint() -> None:
    kept = 0
    for seed in range(200):
        words = a_text(seed)
        copy = [*words]
        copy[random.Random(seed).randrange(len(copy))] = "turnip"
        kept += fingerprint(" ".join(words)) == fingerprint(" ".join(copy))

    assert kept / 200 > 0.7


def test_an_addition_at_the_end_is_mostly_the_same_text() -> None:
    kept = sum(
        fingerprint(" ".join(a_text(seed))) == fingerprint(" ".join([*a_text(seed), "really", "good"]))
        for seed in range(200)
    )

    assert kept / 200 > 0.8


def test_different_texts_have_different_fingerprints() -> None:
    assert 500 == len({fingerprint(" ".join(a_text(seed))) for seed in range(500)})


def test_a_short_text_is_compared_as_a_whole() -> None:
    assert fingerprint("Buy now!") == fingerprint("buy NOW")
    assert fingerprint("buy now") != fingerprint("buy later")
    assert not fingerprint("!!! 123 🔥")
