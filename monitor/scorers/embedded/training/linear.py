"""Naive Bayes weights tuned by logistic regression, all labels at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from monitor.scorers.embedded.training.rows import Floats

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

_SMOOTHING: Final = 1.0
_LOOSE: Final = 1e-3
"""How strongly intercepts are pulled to 0: hardly."""


@dataclass(frozen=True, slots=True)
class Care:
    """How weights are fitted: `looseness` is C, the inverse of the penalty, `rounds` those of L-BFGS.

    Few rounds are a penalty too.
    """

    looseness: float
    rounds: int


@dataclass(frozen=True, slots=True)
class Linear:
    """`weights` is a row a feature, a column a label."""

    weights: Floats
    intercepts: Floats

    def logits(self, matrix: csr_matrix | Floats) -> Floats:
        """Return a row a text, a column a label."""
        return np.asarray(matrix @ self.weights + self.intercepts, dtype=np.float32)


def count_ratios(matrix: csr_matrix, labels: Floats, weights: Floats) -> Floats:
    """Return the log of how much likelier each feature is in texts that bear the label."""
    with_it, without = np.nan_to_num(labels) * weights[:, None], np.nan_to_num(1 - labels) * weights[:, None]
    yes, no = _SMOOTHING + matrix.T @ with_it, _SMOOTHING + matrix.T @ without
    ratios: Floats = np.log((yes / yes.sum(axis=0)) / (no / no.sum(axis=0))).astype(np.float32)
    return ratios


def fit(
    matrix: csr_matrix | Floats,
    labels: Floats,
    weights: Floats,
    care: Care,
    *,
    ratios: Floats | float = 1.0,
    offset: Floats | float = 0.0,
) -> Linear:
    """Return what maximises the likelihood of the labels that are known, each text counted by its weight.

    `ratios` scale each feature's column (a small weight is then cheap where they are large), and
    `offset` is what each logit already is.
    """
    from scipy.optimize import minimize

    columns, count = matrix.shape[1], labels.shape[1]
    counts, wanted = ~np.isnan(labels) * weights[:, None], np.nan_to_num(labels)
    transposed = matrix.T.tocsr() if hasattr(matrix, "tocsr") else matrix.T

    def loss(flat: Floats) -> tuple[float, Floats]:
        free, intercepts = flat[:-count].reshape(columns, count).astype(np.float32), flat[-count:]
        logits = matrix @ (ratios * free) + intercepts + offset
        error, misfit = _misfit(logits, wanted, counts)
        gradient = ratios * (transposed @ error) + free / care.looseness
        slopes = error.sum(axis=0) + _LOOSE * intercepts
        penalty = np.square(flat[:-count]).sum() / care.looseness + _LOOSE * np.square(intercepts).sum()
        return misfit + penalty / 2, np.r_[gradient.ravel(), slopes].astype(np.float64)

    start = np.zeros(columns * count + count)
    found = minimize(
        loss, start, jac=True, method="L-BFGS-B", options={"maxiter": care.rounds, "maxcor": 8}
    ).x
    tuned = ratios * found[:-count].reshape(columns, count).astype(np.float32)
    return Linear(weights=tuned, intercepts=found[-count:].astype(np.float32))


def _misfit(logits: Floats, wanted: Floats, counts: Floats) -> tuple[Floats, float]:
    """Return the error of each probability and the cross entropy, each counted as often as `counts` says."""
    small = np.exp(-np.abs(logits))
    shares = np.where(logits >= 0, 1, small) / (1 + small)
    entropy = np.maximum(logits, 0) - logits * wanted + np.log1p(small)
    return (counts * (shares - wanted)).astype(np.float32), float((counts * entropy).sum())
