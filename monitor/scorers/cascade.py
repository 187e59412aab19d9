"""Two models: a fast one for every comment, a good one where it can change what the rules say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import log
from typing import Final

from monitor.domain.errors import Retryable
from monitor.domain.signals import Language, Scores
from monitor.ports import Scorer

NAME: Final = "cascade"

_NONE_LEFT: Final = 3.0
"""At so many times the wait that shedding begins at, no second opinion is asked for."""

_LEAST: Final = 1e-6
"""Stands for a score of 0 where a logarithm is taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """When the first model's word is not enough.

    `borders` are the lowest numbers that rules compare each label's score with. A second opinion
    is worth asking for where the first score is at least `share` of one. If scores are true
    probabilities, of the comments left to the first model less than `share` can be such that the
    second one would have put beyond the border (Markov's inequality): 0.1 is one in ten at the very
    most, and far fewer where most scores are far below.
    """

    borders: Mapping[str, float]
    share: float

    def distance(self, scores: Scores | None) -> float | None:
        """Return how far the scores are from what would decide; None where no second opinion counts.

        0 is nearest: no score at all, or one on the border.
        """
        if not self.borders:
            return None
        if scores is None or not self.borders.keys() <= scores.labels.keys():
            return 0.0
        asking = [
            abs(log(max(scores.labels[label], _LEAST) / max(border, _LEAST)))
            for label, border in self.borders.items()
            if scores.labels[label] >= self.share * border
        ]
        return min(asking, default=None)


def share_kept(waited: float, shed_after: float) -> float:
    """Return which share of the second opinions there is time for, from 1 to 0.

    All while comments wait up to `shed_after` seconds, then ever fewer: a worker that is behind
    settles where it keeps up.
    """
    beyond = (waited - shed_after) / shed_after / (_NONE_LEFT - 1)
    return min(max(1.0 - beyond, 0.0), 1.0)


class Cascade:
    """Adapter of `SheddingScorer`.

    `scored_by` tells the model that spoke last: `cascade:embedded`, `cascade:detoxify-original`;
    `cascade:embedded(shed)` where there was no time for the second one, `cascade:embedded(failed)`
    where it failed.
    """

    def __init__(self, first: Scorer, second: Scorer, doubt: Doubt, *, shed_after: float) -> None:
        self._first = first
        self._second = second
        self._doubt = doubt
        self._shed_after = shed_after

    @property
    def name(self) -> str:
        """Return `cascade`, which every `scored_by` begins with."""
        return NAME

    def score(self, texts: Sequence[str], languages: Sequence[Language]) -> list[Scores | None]:
        """Return scores a text, with all the time in the world.

        Raises:
            Retryable: the first model failed.
        """
        return self.score_in_time(texts, languages, 0.0)

    def score_in_time(
        self, texts: Sequence[str], languages: Sequence[Language], waited: float
    ) -> list[Scores | None]:
        """Return scores a text, in order; the longer comments have `waited`, the fewer second opinions.

        Raises:
            Retryable: the first model failed.
        """
        first = self._first.score(texts, languages)
        distances = ((self._doubt.distance(scores), place) for place, scores in enumerate(first))
        asking = sorted((distance, place) for distance, place in distances if distance is not None)
        kept = round(len(asking) * share_kept(waited, self._shed_after))
        places = sorted(place for _, place in asking[:kept])
        marks = {place: "(shed)" for _, place in asking[kept:]}
        try:
            second = self._second.score(
                [texts[place] for place in places], [languages[place] for place in places]
            )
        except Retryable:
            second = [None] * len(places)
            marks |= dict.fromkeys(places, "(failed)")
        scored = [_first_word(scores, marks.get(place, "")) for place, scores in enumerate(first)]
        for place, scores in zip(places, second, strict=True):
            if scores is not None:
                scored[place] = _last_word(first[place], scores)
        return scored


def _first_word(scores: Scores | None, mark: str) -> Scores | None:
    return replace(scores, scored_by=f"{NAME}:{scores.scored_by}{mark}") if scores else None


def _last_word(first: Scores | None, second: Scores) -> Scores:
    """Return the second model's scores, and the first one's where the second says nothing."""
    labels = {**(first.labels if first else {}), **second.labels}
    return replace(second, scored_by=f"{NAME}:{second.scored_by}", labels=labels)
