"""Which `toxicity.doubt` a cascade needs, so that enough of what people labelled gets a second opinion."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, floor
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from monitor.domain.signals import Scores
from monitor.scorers.cascade import asked_up_to

Columns: TypeAlias = Mapping[str, NDArray[np.float64]]

_STEPS: Final = 1000
"""A proposal is rounded down to one of so many, but never to 0."""

_HALF: Final = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """`share` is the setting. With it a share `found` of each label's comments gets a second opinion.

    `harmless` is the share of the comments with none of the labels that gets one too: what it costs.
    """

    share: float
    found: dict[str, float]
    harmless: float | None


def propose(scores: Columns, truths: Columns, recall: float, border: float) -> Doubt:
    """Return the largest share that a second opinion can be asked from, for this recall on every label.

    `scores` and `truths` hold by label what the first model and people said of each comment, NaN where
    nothing; rules are taken to compare each label with `border`. A label that no comment has asks nothing.
    """
    names = list(scores)
    rows = zip(*(scores[name].tolist() for name in names), strict=True)
    borders = dict.fromkeys(names, border)
    limits = np.asarray([asked_up_to(_scores(names, row), borders) for row in rows])
    limits_of = {name: limits[truth >= _HALF] for name, truth in truths.items() if (truth >= _HALF).any()}
    wanted = min((_from_above(each, recall) for each in limits_of.values()), default=1.0)
    share = max(floor(min(wanted, 1.0) * _STEPS), 1) / _STEPS
    harmless = limits[np.all([truth < _HALF for truth in truths.values()], axis=0)]
    return Doubt(
        share=share,
        found={name: float((each >= share).mean()) for name, each in limits_of.items()},
        harmless=float((harmless >= share).mean()) if len(harmless) else None,
    )


def _from_above(limits: NDArray[np.float64], recall: float) -> float:
    """Return the largest number that at least this share of the limits is no smaller than."""
    return float(np.sort(limits)[::-1][max(ceil(recall * len(limits)) - 1, 0)])


def _scores(names: list[str], row: tuple[float, ...]) -> Scores:
    known = {name: score for name, score in zip(names, row, strict=True) if not np.isnan(score)}
    return Scores(scored_by="", labels=known)
