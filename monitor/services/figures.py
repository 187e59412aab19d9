"""How good scores are, measured against what people said: the usual figures, and how each is defined.

All are computed here, in numpy, so that two teams that compare figures compare the same ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Scores: TypeAlias = NDArray[np.float64]
Truth: TypeAlias = NDArray[np.bool_]

RATES: Final = (0.01, 0.02, 0.05)
"""Shares of harmless comments that a team may accept to be bothered with."""

_RATE_NAMES: Final = tuple(f"{rate:.2f}" for rate in RATES)

_BINS: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What was measured of one label; each is None where every comment has the label, or none has.

    `auc` is the area under the ROC curve: how often a comment with the label scores above one
    without. `average_precision` is the area under precision over recall, in steps. `recall_at_fpr`
    is the largest share found, by the share of harmless comments found with it at most.
    `calibration_error` is the mean distance of score and truth over ten equal ranges of scores,
    weighted by the comments in each.
    """

    n: int
    positives: int
    auc: float | None = None
    average_precision: float | None = None
    recall_at_fpr: Mapping[str, float | None] = field(default_factory=lambda: dict.fromkeys(_RATE_NAMES))
    calibration_error: float | None = None


@dataclass(frozen=True, slots=True)
class Curve:
    """What would be found at each threshold, the strictest first, and what that would cost."""

    found: Scores
    alarms: Scores

    @classmethod
    def of(cls, scores: Scores, truth: Truth) -> Curve:
        """Return the curve; comments of equal score are found together."""
        order = np.argsort(-scores, kind="stable")
        last = np.flatnonzero(np.diff(scores[order], append=-np.inf))
        found = np.cumsum(truth[order], dtype=np.float64)[last]
        return cls(found=found, alarms=last + 1 - found)

    @property
    def recall(self) -> Scores:
        """Return the share of the comments with the label, from 0 on."""
        return np.concatenate([[0.0], self.found / self.found[-1]])

    @property
    def false_positive_rate(self) -> Scores:
        """Return the share of the comments without, from 0 on."""
        return np.concatenate([[0.0], self.alarms / self.alarms[-1]])


def measured(scores: Scores, truth: Truth) -> Figures:
    """Return the figures of one label."""
    n, positives = len(truth), int(truth.sum())
    if positives in (0, n):
        return Figures(n=n, positives=positives)
    curve = Curve.of(scores, truth)
    return Figures(
        n=n,
        positives=positives,
        auc=float(np.trapezoid(curve.recall, curve.false_positive_rate)),
        average_precision=float(np.sum(np.diff(curve.recall) * curve.found / (curve.found + curve.alarms))),
        recall_at_fpr={name: _recall(curve, rate) for name, rate in zip(_RATE_NAMES, RATES, strict=True)},
        calibration_error=_calibration_error(scores, truth),
    )


def reliability(scores: Scores, truth: Truth) -> list[tuple[float, float, int]]:
    """Return mean score, share with the label and number of comments, for each range that has any."""
    bins = np.minimum((scores * _BINS).astype(np.int64), _BINS - 1)
    inside = [bins == number for number in range(_BINS) if (bins == number).any()]
    return [(float(scores[each].mean()), float(truth[each].mean()), int(each.sum())) for each in inside]


def _recall(curve: Curve, rate: float) -> float:
    return float(curve.recall[curve.false_positive_rate <= rate].max())


def _calibration_error(scores: Scores, truth: Truth) -> float:
    ranges = reliability(scores, truth)
    return sum(count * abs(said - true) for said, true, count in ranges) / len(truth)
