from __future__ import annotations

import pytest

from monitor.domain.errors import Retryable
from monitor.domain.signals import Language
from monitor.scorers.detoxify import BUDGET, MOST_TOKENS, DetoxifyScorer, Probabilities

EN, DE, UND = Language(code="en", confidence=1.0), Language(code="de", confidence=1.0), Language()
BEGIN, END = 1, 2


class Lengths:
    """Reads a character as a token and scores each text by its number of tokens."""

    labels = ("toxicity", "threat", "male")
    longest = MOST_TOKENS

    def __init__(self) -> None:
        self.batches: list[list[list[int]]] = []

    def encode(self, texts: list[str], /) -> list[list[int]]:
        return [[BEGIN, *map(ord, text), END] for text in texts]

    def predict(self, batch: list[list[int]], /) -> list[Probabilities]:
        self.batches.append(batch)
        return [(len(tokens) / 1000,) * 3 for tokens in batch]

    @property
    def texts(self) -> list[str]:
        """Return every text that went through, in order."""
        return ["".join(map(chr, tokens[1:-1])) for batch in self.batches for tokens in batch]


class OutOfMemory(Lengths):
    def predict(self, batch: list[list[int]], /) -> list[Probabilities]:
        raise RuntimeError(f"no memory for {batch}")


def scorer(network: Lengths, remembered: int = 100) -> DetoxifyScorer:
    return DetoxifyScorer(network, "lengths", {"en"}, remembered=remembered)


def toxicity(scorer: DetoxifyScorer, *texts: str) -> list[float]:
    return [each.labels["toxicity"] for each in scorer.score(texts, [EN] * len(texts)) if each]


def test_scores_come_in_the_order_of_the_texts() -> None:
    scores = scorer(Lengths()).score(["aaa", "a", "aa"], [EN, EN, EN])
    assert [0.005, 0.003, 0.004] == [each.labels["toxicity"] for each in scores if each]
    assert {"lengths"} == {each.scored_by for each in scores if each}


def test_what_is_no_label_of_toxicity_is_left_out() -> None:
    (scores,) = scorer(Lengths()).score(["aa"], [EN])
    assert scores is not None
    assert {"toxicity": 0.004, "threat": 0.004} == scores.labels


def test_a_language_that_the_model_was_not_trained_on_is_unknown() -> None:
    network = Lengths()
    scores = scorer(network).score(["a", "b", "c"], [DE, EN, UND])
    assert [True, False, True] == [each is None for each in scores]
    assert ["b"] == network.texts


def test_no_text_asks_nothing_of_the_model() -> None:
    network = Lengths()
    assert [] == scorer(network).score([], [])
    assert [] == network.batches


def test_half_characters_do_not_reach_the_tokenizer() -> None:
    network = Lengths()
    toxicity(scorer(network), "a\ud83d")
    assert ["a?"] == network.texts


def test_a_failure_can_be_tried_again_and_does_not_quote_the_comment() -> None:
    with pytest.raises(Retryable) as failure:
        scorer(OutOfMemory()).score(["secret words"], [EN])
    assert "lengths could not score a batch: RuntimeError" == str(failure.value)


def test_batches_are_sorted_by_tokens_and_bounded() -> None:
    network = Lengths()
    toxicity(scorer(network), "a" * 300, "a", "b" * 500, "c" * 500, "aa", *(str(n) * 400 for n in range(5)))
    lengths = [[len(tokens) for tokens in batch] for batch in network.batches]
    in_order = [length for batch in lengths for length in batch]
    assert sorted(in_order) == in_order
    assert all(len(batch) * max(batch) <= BUDGET for batch in lengths)


def test_of_a_text_that_is_too_long_the_beginning_is_scored_and_the_scores_say_so() -> None:
    network = Lengths()
    fits, long = scorer(network).score(["a" * (MOST_TOKENS - 2), "a" * (MOST_TOKENS - 1)], [EN, EN])
    assert fits is not None
    assert long is not None
    assert (False, True) == (fits.truncated, long.truncated)
    assert [[BEGIN, *[ord("a")] * (MOST_TOKENS - 2), END]] == [
        tokens for batch in network.batches for tokens in batch
    ]


def test_a_text_without_end_is_scored_by_its_beginning() -> None:
    network = Lengths()
    (scores,) = scorer(network).score(["a" * 1_000_000], [EN])
    assert scores is not None
    assert scores.truncated
    assert [MOST_TOKENS] == [len(tokens) for batch in network.batches for tokens in batch]


def test_copies_go_through_the_model_once() -> None:
    network = Lengths()
    assert [0.003, 0.003, 0.004] == toxicity(scorer(network), "a", "a", "bb")
    assert ["a", "bb"] == network.texts


def test_what_was_scored_lately_is_not_scored_again() -> None:
    network = Lengths()
    scoring = scorer(network)
    assert toxicity(scoring, "a", "bb") == toxicity(scoring, "a", "bb")
    assert ["a", "bb"] == network.texts


def test_what_was_not_asked_for_the_longest_is_forgotten_first() -> None:
    network = Lengths()
    scoring = scorer(network, remembered=2)
    for text in ("a", "b", "a", "c", "a", "b"):
        toxicity(scoring, text)
    assert ["a", "b", "c", "b"] == network.texts


def test_nothing_is_remembered_where_nothing_shall_be() -> None:
    network = Lengths()
    scoring = scorer(network, remembered=0)
    assert [0.003, 0.003] == [*toxicity(scoring, "a"), *toxicity(scoring, "a")]
    assert ["a", "a"] == network.texts


def test_a_failure_is_not_remembered() -> None:
    network = OutOfMemory()
    scoring = scorer(network)
    for _ in range(2):
        with pytest.raises(Retryable):
            scoring.score(["a"], [EN])
