from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from monitor.scorers.embedded.features import BITS, features
from monitor.scorers.embedded.sums import Stretches, packed

ANY_TEXT = st.text(st.characters(exclude_categories=()))


def buckets(*texts: str) -> list[list[int]]:
    found = features(texts)
    return [found.bucket[found.text == number].tolist() for number in range(len(texts))]


def test_a_text_has_its_runs_its_words_and_its_pairs_once() -> None:
    # abc_abd_: runs of 3 abc, bc_, c_a, _ab, abd, bd_; of 4 and of 5 one less each; 2 words; 1 pair
    assert 6 + 5 + 4 + 2 + 1 == len(buckets("abc abd")[0])
    assert buckets("abc abd")[0] == sorted(set(buckets("abc abd")[0]))


def test_the_same_word_is_the_same_feature_wherever_it_stands() -> None:
    alone, inside = buckets("turnip", "you are a turnip yourself")
    assert set(alone) <= set(inside)


def test_no_text_no_features() -> None:
    assert [] == features([]).bucket.tolist()
    assert [[], []] == buckets("", "?!")


@given(st.lists(ANY_TEXT, min_size=1, max_size=6))
def test_what_a_text_has_does_not_depend_on_the_texts_beside_it(texts: list[str]) -> None:
    assert [buckets(text)[0] for text in texts] == buckets(*texts)


@given(st.lists(ANY_TEXT, min_size=1, max_size=4), st.integers(0, 2**32 - 1))
def test_sums_are_exact_however_many_rows_there_are(texts: list[str], seed: int) -> None:
    texts = [*texts, "one word after another " * 3, " ".join(map(str, range(900)))]
    table = np.random.default_rng(seed).integers(0, 256, (1 << 10, 11), dtype=np.uint8)
    found = features(texts)
    places = found.bucket >> np.uint32(BITS - 10)
    stretches = Stretches.of(found, len(texts))
    added = np.concatenate([stretches.total(rows[places]) for rows in packed(table)], axis=1)
    for number in range(len(texts)):
        expected = table[places[found.text == number]].sum(axis=0, dtype=np.int64)
        assert [*expected.tolist(), 0, 0, 0, 0, 0] == added[number].tolist()
