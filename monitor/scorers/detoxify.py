"""Toxicity by Detoxify (Apache-2.0), the extra `comment-monitor[detoxify]`.

`Detoxify.predict` pads a batch to its longest text and computes the padding too. Here comments go
through its network sorted by length, in batches of a bounded area, and one that was seen lately
does not go through it again. The scores are the same.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final, NamedTuple, Protocol, TypeAlias

from monitor.domain.errors import Retryable
from monitor.domain.signals import LABELS, Language, Scores
from monitor.scorers.packing import packed
from monitor.scorers.recent import Recent, key_of

COVERED: Final[Mapping[str, frozenset[str]]] = {
    "original": frozenset({"en"}),
    "original-small": frozenset({"en"}),
    "unbiased": frozenset({"en"}),
    "unbiased-small": frozenset({"en"}),
    "multilingual": frozenset({"en", "fr", "es", "it", "pt", "tr", "ru"}),
}
"""The languages that each of Detoxify's models was trained on (its README). Others are unknown."""

KEPT: Final = (*LABELS, "sexual_explicit")
"""What we take from a model. Mentions of a group, which some models tell too, are nothing toxic."""

BUDGET: Final = 2048
"""Tokens in one batch, padding included (measured: larger ones are no faster on a CPU)."""

MOST_TOKENS: Final = 512
"""What Detoxify's models read of a text."""

REMEMBERED: Final = 10_000
"""Token sequences whose scores are kept by default: 4 MB."""

_LONGEST: Final = 50 * MOST_TOKENS
"""Characters handed to the tokenizer. No 512 tokens are longer in any text that a person wrote."""

Probabilities: TypeAlias = tuple[float, ...]


class Network(Protocol):
    """A model and its tokenizer."""

    @property
    def labels(self) -> Sequence[str]:
        """Return what it gives a probability for, in order."""
        ...

    @property
    def longest(self) -> int:
        """Return how many tokens of a text it can read."""
        ...

    def encode(self, texts: list[str], /) -> list[list[int]]:
        """Return each text's tokens, all of them."""
        ...

    def predict(self, batch: list[list[int]], /) -> list[Probabilities]:
        """Return the probabilities of each of these token sequences, by label."""
        ...


class Reading(NamedTuple):
    """What the network reads of one text."""

    tokens: list[int]
    cut: bool


class DetoxifyScorer:
    """Adapter of `Scorer`. `remembered` bounds the cache of texts seen lately."""

    def __init__(
        self, network: Network, name: str, covered: Collection[str], *, remembered: int = REMEMBERED
    ) -> None:
        self._network = network
        self._name = name
        self._covered = frozenset(covered)
        self._recent = Recent[Probabilities](remembered)

    @property
    def name(self) -> str:
        """Return the model's name, as metrics and `scored_by` show it."""
        return self._name

    def covers(self, language: str) -> bool:
        """Return whether the model was trained on this language."""
        return language in self._covered

    def score(self, texts: Sequence[str], languages: Sequence[Language]) -> list[Scores | None]:
        """Return scores a text, in order; None for a language that the model was not trained on.

        Of a text that is too long it reads the beginning; its scores are `truncated`.

        Raises:
            Retryable: the model failed this time (out of memory, say).
        """
        covered = {
            index: text
            for index, (text, language) in enumerate(zip(texts, languages, strict=True))
            if self.covers(language.code)
        }
        try:
            return self._scored(covered, len(texts))
        except (RuntimeError, ValueError, IndexError, MemoryError) as error:
            # Only the kind: the message may quote the text.
            raise Retryable(f"{self._name} could not score a batch: {type(error).__name__}") from None

    def _scored(self, texts: Mapping[int, str], count: int) -> list[Scores | None]:
        readings = self._read(texts)
        keys = {index: key_of(reading.tokens) for index, reading in readings.items()}
        found = self._probabilities({keys[index]: reading.tokens for index, reading in readings.items()})
        return [
            self._scores(found[keys[index]], cut=readings[index].cut) if index in readings else None
            for index in range(count)
        ]

    def _read(self, texts: Mapping[int, str]) -> dict[int, Reading]:
        if not texts:
            return {}
        encoded = self._network.encode([_clean(text) for text in texts.values()])
        longest = self._network.longest
        return {
            index: Reading(_first(tokens, longest), len(tokens) > longest or len(texts[index]) > _LONGEST)
            for index, tokens in zip(texts, encoded, strict=True)
        }

    def _probabilities(self, wanted: Mapping[bytes, list[int]]) -> dict[bytes, Probabilities]:
        """Return the probabilities of each token sequence; only new ones go through the network."""
        found = {key: known for key in wanted if (known := self._recent.get(key)) is not None}
        new = [(key, tokens) for key, tokens in wanted.items() if key not in found]
        lengths = {place: len(tokens) for place, (_, tokens) in enumerate(new)}
        for batch in packed(lengths, BUDGET):
            predicted = self._network.predict([new[place][1] for place in batch])
            for place, probabilities in zip(batch, predicted, strict=True):
                key = new[place][0]
                found[key] = probabilities
                self._recent.put(key, probabilities)
        return found

    def _scores(self, probabilities: Probabilities, *, cut: bool) -> Scores:
        labels = {
            label: probability
            for label, probability in zip(self._network.labels, probabilities, strict=True)
            if label in KEPT
        }
        return Scores(scored_by=self._name, labels=labels, truncated=cut)


def _first(tokens: list[int], longest: int) -> list[int]:
    """Return what fits into the network: the beginning, and the mark that ends every text."""
    return tokens if len(tokens) <= longest else [*tokens[: longest - 1], tokens[-1]]


def _clean(text: str) -> str:
    """Return what a tokenizer takes: bounded, and without half characters (lone surrogates)."""
    return text[:_LONGEST].encode("utf-8", "replace").decode()
