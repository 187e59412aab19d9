"""Toxicity by Detoxify (Apache-2.0), the extra `comment-monitor[detoxify]`.

Detoxify pads a batch to its longest text and computes the padding too: comments go in sorted by
length, in batches of a bounded number of tokens. The scores are the same, five times as fast.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final, Protocol

from monitor.domain.errors import Retryable
from monitor.domain.signals import LABELS, Language, Scores

COVERED: Final[Mapping[str, frozenset[str]]] = {
    "original": frozenset({"en"}),
    "unbiased": frozenset({"en"}),
    "multilingual": frozenset({"en", "fr", "es", "it", "pt", "tr", "ru"}),
}
"""The languages that each of Detoxify's models was trained on (its README). Others are unknown."""

KEPT: Final = (*LABELS, "sexual_explicit")
"""What we take from a model. Mentions of a group, which some models tell too, are nothing toxic."""

BUDGET: Final = 2048
"""Tokens in one batch, padding included (measured: larger ones are no faster on a CPU)."""

MOST_TOKENS: Final = 512
"""What the three models read of a text."""

_CHARACTERS_A_TOKEN: Final = 3
_LONGEST: Final = 10 * MOST_TOKENS
"""Characters handed to the tokenizer, which keeps the first 512 tokens anyway."""


class Model(Protocol):
    """What is needed of `detoxify.Detoxify`."""

    def predict(self, text: list[str], /) -> Mapping[str, float | list[float]]:
        """Return a probability a text by label; for one text it may be a bare number."""
        ...


class DetoxifyScorer:
    """Adapter of `Scorer`."""

    def __init__(self, model: Model, name: str, covered: Collection[str]) -> None:
        self._model = model
        self._name = name
        self._covered = frozenset(covered)

    @property
    def name(self) -> str:
        """Return the model's name, as metrics and `scored_by` show it."""
        return self._name

    def score(self, texts: Sequence[str], languages: Sequence[Language]) -> list[Scores | None]:
        """Return scores a text, in order; None for a language that the model was not trained on.

        Raises:
            Retryable: the model failed this time (out of memory, say).
        """
        scores: list[Scores | None] = [None] * len(texts)
        covered = {
            index: _clean(text)
            for index, (text, language) in enumerate(zip(texts, languages, strict=True))
            if language.code in self._covered
        }
        for batch in batches(covered):
            predicted = self._predict([covered[index] for index in batch])
            for place, index in enumerate(batch):
                labels = {label: values[place] for label, values in predicted.items()}
                scores[index] = Scores(scored_by=self._name, labels=labels)
        return scores

    def _predict(self, texts: list[str]) -> dict[str, list[float]]:
        try:
            predicted = self._model.predict(texts)
        except (RuntimeError, ValueError, IndexError, MemoryError) as error:
            # Only the kind: the message may quote the text.
            raise Retryable(f"{self._name} could not score a batch: {type(error).__name__}") from None
        return {label: _listed(predicted[label]) for label in KEPT if label in predicted}


def batches(texts: Mapping[int, str]) -> Iterator[list[int]]:
    """Yield the texts' numbers, sorted by length, in batches that fit the budget of tokens."""
    batch: list[int] = []
    for index in sorted(texts, key=lambda index: len(texts[index])):
        if batch and (len(batch) + 1) * _tokens(texts[index]) > BUDGET:
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch


def _tokens(text: str) -> int:
    return min(len(text) // _CHARACTERS_A_TOKEN + 2, MOST_TOKENS)


def _clean(text: str) -> str:
    """Return what a tokenizer takes: bounded, and without half characters (lone surrogates)."""
    return text[:_LONGEST].encode("utf-8", "replace").decode()


def _listed(values: float | list[float]) -> list[float]:
    return values if isinstance(values, list) else [values]
