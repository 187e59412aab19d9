"""Two models: a fast one for every comment, a good one where it can change what the rules say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import inf, log
from typing import Final

from monitor.domain.errors import Retryable
from monitor.domain.signals import LABELS, Language, Scores
from monitor.domain.soundness import sound
from monitor.ports import Need, Scorer

NAME: Final = "cascade"

LIKELY: Final = Need(borders=dict.fromkeys(LABELS, 0.5))

GENERAL: Final = 0.25
"""The share of its toxicity that a comment is suspected with of every label. A fast model learns threats and
attacks on identities from few examples: on 1,157 held-out comments of Jigsaw the comments asked for, with a
share of 0.1 and borders of 0.8, hold 79 % of the attacks on identities without this, and 96 % with it."""

_NONE_LEFT: Final = 3.0
"""At so many times the wait that shedding begins at, no second opinion is asked for."""

_LEAST: Final = 1e-6
"""Stands for a score of 0 where a logarithm is taken."""


def distance(scores: Scores | None, borders: Mapping[str, float], share: float) -> float | None:
    """Return how far scores are from what would decide; None where no second opinion is needed.

    None is needed where every score is below `share` of its border. If scores are true
    probabilities, less than `share` of such comments can be ones that a better model would put
    beyond the border (Markov's inequality): with 0.1 one in ten at the very most, and far fewer where
    most scores are far below. 0 is nearest: on the border, or no score at all.
    """
    if scores is None or not borders.keys() <= scores.labels.keys():
        return 0.0 if borders else None
    suspected = _suspected(scores, borders)
    asking = [
        abs(log(max(suspected[label], _LEAST) / max(border, _LEAST)))
        for label, border in borders.items()
        if suspected[label] >= share * border
    ]
    return min(asking, default=None)


def asked_up_to(scores: Scores | None, borders: Mapping[str, float]) -> float:
    """Return the largest share with which a second opinion is asked for (see `distance`)."""
    if scores is None or not borders.keys() <= scores.labels.keys():
        return inf
    suspected = _suspected(scores, borders)
    return max((suspected[label] / max(border, _LEAST) for label, border in borders.items()), default=0.0)


def _suspected(scores: Scores, borders: Mapping[str, float]) -> dict[str, float]:
    general = GENERAL * scores.labels.get("toxicity", 0.0)
    return {label: max(scores.labels[label], general) for label in borders}


def share_kept(waited: float, shed_after: float) -> float:
    """Return which share of the second opinions there is time for, from 1 to 0.

    All while comments wait up to `shed_after` seconds, then ever fewer: a worker that is behind
    settles where it keeps up.
    """
    beyond = (waited - shed_after) / shed_after / (_NONE_LEFT - 1)
    return min(max(1.0 - beyond, 0.0), 1.0)


class Cascade:
    """Adapter of `AdaptiveScorer`.

    `share` says how much of a border the first model's score must reach for the second one to be
    asked; from comments that waited for `shed_after` seconds on it is asked less. `scored_by` tells the
    model that spoke last: `cascade:embedded`, `cascade:detoxify-original`; `cascade:embedded(shed)`
    where there was no time for the second one, `cascade:embedded(failed)` where it failed.
    """

    def __init__(self, first: Scorer, second: Scorer, *, share: float, shed_after: float) -> None:
        self._first = first
        self._second = second
        self._share = share
        self._shed_after = shed_after
        self.trouble = ""

    @property
    def name(self) -> str:
        """Return `cascade`, which every `scored_by` begins with."""
        return NAME

    def covers(self, language: str) -> bool:
        """Return whether one of the models can judge texts in this language."""
        return self._first.covers(language) or self._second.covers(language)

    def score(self, texts: Sequence[str], languages: Sequence[Language]) -> list[Scores | None]:
        """Return scores a text, as if rules asked whether any label is likelier than not.

        Raises:
            Retryable: the first model failed.
        """
        return self.score_for(texts, languages, LIKELY)

    def score_for(
        self, texts: Sequence[str], languages: Sequence[Language], need: Need
    ) -> list[Scores | None]:
        """Return scores a text, in order.

        Raises:
            Retryable: the first model failed.
        """
        self.trouble = ""
        first = sound(self._first.score(texts, languages), self._first.name)
        asking = self._asking(first, need.borders)
        kept = round(len(asking) * share_kept(need.waited, self._shed_after))
        places = sorted(asking[:kept])
        marks = dict.fromkeys(asking[kept:], "(shed)")
        try:
            second = sound(
                self._second.score(
                    [texts[place] for place in places], [languages[place] for place in places]
                ),
                self._second.name,
            )
        except Retryable as failure:
            self.trouble = str(failure)
            second = [None] * len(places)
            marks |= dict.fromkeys(places, "(failed)")
        scored = [_first_word(scores, marks.get(place, "")) for place, scores in enumerate(first)]
        for place, scores in zip(places, second, strict=True):
            if scores is not None:
                scored[place] = _last_word(first[place], scores)
        return scored

    def _asking(self, first: Sequence[Scores | None], borders: Mapping[str, float]) -> list[int]:
        """Return which texts need a second opinion, those first where it counts most."""
        distances = ((distance(scores, borders, self._share), place) for place, scores in enumerate(first))
        return [place for _, place in sorted((far, place) for far, place in distances if far is not None)]


def _first_word(scores: Scores | None, mark: str) -> Scores | None:
    return replace(scores, scored_by=f"{NAME}:{scores.scored_by}{mark}") if scores else None


def _last_word(first: Scores | None, second: Scores) -> Scores:
    """Return the second model's scores, and the first one's where the second says nothing."""
    labels = {**(first.labels if first else {}), **second.labels}
    return replace(second, scored_by=f"{NAME}:{second.scored_by}", labels=labels)
