"""Toxicity by the model that travels with the product: numpy alone, nothing to fetch, 60 µs a comment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from monitor.domain.signals import Language, Scores
from monitor.scorers.embedded.model import BUNDLED, Model

LONGEST: Final = 5000
"""Characters that are read of a text, as many as the longest one in the data has."""

_TEXTS: Final = 256
_CHARACTERS: Final = 120_000
"""Bounds of one batch: what it works on then stays in the processor's cache."""


class EmbeddedScorer:
    """Adapter of `Scorer`. A language without data is unknown, and so is a label that its data lacks."""

    def __init__(self, model: Model) -> None:
        self._model = model

    @property
    def name(self) -> str:
        """Return the model's name, as metrics and `scored_by` show it."""
        return self._model.name

    def covers(self, language: str) -> bool:
        """Return whether the model was trained on this language."""
        return language in self._model.languages

    def score(self, texts: Sequence[str], languages: Sequence[Language]) -> list[Scores | None]:
        """Return scores a text, in order; None for a language that the model was not trained on."""
        scores: list[Scores | None] = [None] * len(texts)
        by_language: defaultdict[str, list[int]] = defaultdict(list)
        for number, language in enumerate(languages):
            if self.covers(language.code):
                by_language[language.code].append(number)
        for code, numbers in by_language.items():
            read = [texts[number][:LONGEST] for number in numbers]
            for number, labels in zip(numbers, self._labels(code, read), strict=True):
                cut = len(texts[number]) > LONGEST
                scores[number] = Scores(scored_by=self.name, labels=labels, truncated=cut)
        return scores

    def _labels(self, code: str, texts: Sequence[str]) -> Iterator[dict[str, float]]:
        model = self._model.languages[code]
        names = model.labels
        for batch in batches(texts):
            for row in model.probabilities(batch).tolist():
                yield dict(zip(names, row, strict=True))


def batches(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield the texts in order, in batches of a bounded number and length."""
    start = characters = 0
    for number, text in enumerate(texts):
        if number - start == _TEXTS or characters + len(text) > _CHARACTERS:
            yield texts[start:number]
            start, characters = number, 0
        characters += len(text)
    if start < len(texts):
        yield texts[start:]


def load_embedded(path: Path | None = None) -> EmbeddedScorer:
    """Return the scorer with the model in this file; the bundled one without.

    Raises:
        Misconfigured: there is no such file, or it is no model of ours.
    """
    return EmbeddedScorer(Model.load(path or BUNDLED))
