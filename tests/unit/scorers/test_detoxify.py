from __future__ import annotations

import sys
from collections.abc import Mapping

import pytest

from monitor.domain.errors import Misconfigured, Retryable
from monitor.domain.signals import Language
from monitor.scorers.choose import build_scorer
from monitor.scorers.detoxify import BUDGET, MOST_TOKENS, DetoxifyScorer, batches

EN, DE, UND = Language(code="en", confidence=1.0), Language(code="de", confidence=1.0), Language()


class Lengths:
    """Scores each text by its length, as Detoxify answers: a bare number for a single text."""

    def __init__(self) -> None:
        self.calls: list[list[str]] = []

    def predict(self, text: list[str], /) -> Mapping[str, float | list[float]]:
        self.calls.append(text)
        scores = [len(each) / 1000 for each in text]
        labels = ("toxicity", "threat", "male")
        return {label: scores if len(scores) > 1 else scores[0] for label in labels}


class OutOfMemory(Lengths):
    def predict(self, text: list[str], /) -> Mapping[str, float | list[float]]:
        raise RuntimeError(f"no memory for {text}")


def scorer(model: Lengths) -> DetoxifyScorer:
    return DetoxifyScorer(model, "lengths", {"en"})


def test_scores_come_in_the_order_of_the_texts() -> None:
    scores = scorer(Lengths()).score(["aaa", "a", "aa"], [EN, EN, EN])
    assert [0.003, 0.001, 0.002] == [each.labels["toxicity"] for each in scores if each]
    assert {"lengths"} == {each.scored_by for each in scores if each}


def test_a_single_text_is_scored() -> None:
    (scores,) = scorer(Lengths()).score(["aaaa"], [EN])
    assert scores is not None
    assert {"toxicity": 0.004, "threat": 0.004} == scores.labels


def test_a_language_that_the_model_was_not_trained_on_is_unknown() -> None:
    model = Lengths()
    scores = scorer(model).score(["a", "b", "c"], [DE, EN, UND])
    assert [True, False, True] == [each is None for each in scores]
    assert [["b"]] == model.calls


def test_no_text_asks_nothing_of_the_model() -> None:
    model = Lengths()
    assert [] == scorer(model).score([], [])
    assert [] == model.calls


def test_half_characters_do_not_reach_the_tokenizer() -> None:
    model = Lengths()
    scorer(model).score(["a\ud83d"], [EN])
    assert [["a?"]] == model.calls


def test_a_failure_can_be_tried_again_and_does_not_quote_the_comment() -> None:
    with pytest.raises(Retryable) as failure:
        scorer(OutOfMemory()).score(["secret words"], [EN])
    assert "lengths could not score a batch: RuntimeError" == str(failure.value)


def test_batches_are_sorted_by_length_and_bounded() -> None:
    texts = {0: "a" * 300, 1: "a", 2: "a" * 3000, 3: "a" * 3000, 4: "aa"}
    found = list(batches(texts))
    assert [1, 4, 0, 2, 3] == [index for batch in found for index in batch]
    longest = [min(len(texts[batch[-1]]) // 3 + 2, MOST_TOKENS) for batch in found]
    assert all(len(batch) * tokens <= BUDGET for batch, tokens in zip(found, longest, strict=True))


def test_the_budget_holds_however_long_the_texts_are() -> None:
    assert [4, 4, 2] == [len(batch) for batch in batches(dict.fromkeys(range(10), "a" * 100_000))]


def test_no_scorer_is_built_for_none() -> None:
    assert build_scorer("none") is None


def test_an_unknown_model_is_named() -> None:
    with pytest.raises(Misconfigured, match=r"no model 'orignal'(.|\n)*original, unbiased, multilingual"):
        build_scorer("detoxify", model="orignal")


def test_a_missing_extra_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "detoxify", None)
    with pytest.raises(Misconfigured, match=r"pip install 'comment-monitor\[detoxify\]'"):
        build_scorer("detoxify")


def test_an_unknown_scorer_is_named() -> None:
    with pytest.raises(Misconfigured, match=r"no scorer 'perspective'(.|\n)*none, detoxify"):
        build_scorer("perspective")
