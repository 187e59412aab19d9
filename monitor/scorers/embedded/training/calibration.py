"""From logits to probabilities: a line a label, fitted to texts that the weights were not fitted to."""

from __future__ import annotations

from typing import Final

import numpy as np

from monitor.scorers.embedded.training.rows import Floats

FEWEST: Final = 40
"""Texts with and texts without the label that a line needs; with fewer the label is unknown."""


LEAST_AREA: Final = 0.75
"""Area under the ROC curve below which a label is unknown: 0.5 is a coin."""


def lines(logits: Floats, labels: Floats, weights: Floats) -> Floats:
    """Return slope and intercept a label; NaN where the data cannot tell."""
    found = np.full((labels.shape[1], 2), np.nan, dtype=np.float32)
    for label in range(labels.shape[1]):
        known = ~np.isnan(labels[:, label])
        positives = labels[known, label].sum()
        if not FEWEST <= positives <= known.sum() - FEWEST:
            continue
        if area(logits[known, label], labels[known, label]) >= LEAST_AREA:
            found[label] = _line(logits[known, label], labels[known, label], weights[known])
    return found


def _line(logits: Floats, wanted: Floats, weights: Floats) -> Floats:
    """Return slope and intercept by Newton's method on the weighted cross entropy."""
    line = np.array([1.0, 0.0])
    points = np.c_[logits, np.ones(len(logits))].astype(np.float64)
    for _ in range(50):
        shares = 1 / (1 + np.exp(-np.clip(points @ line, -30, 30)))
        slopes = points.T @ (weights * (shares - wanted))
        bends = (points * (weights * shares * (1 - shares))[:, None]).T @ points
        line -= np.linalg.solve(bends + 1e-6 * np.eye(2), slopes)
    return line.astype(np.float32)


def at_prevalence(labels: Floats, share: float) -> Floats:
    """Return weights by which `share` of the texts are toxic, whatever the data's own share is."""
    toxic = labels == 1
    common = share / (1 - share) * (~toxic).sum() / max(int(toxic.sum()), 1)
    return np.where(toxic, common, 1).astype(np.float32)


def area(logits: Floats, labels: Floats) -> float:
    """Return how often a text with the label has the higher logit than one without."""
    order = np.argsort(np.argsort(logits, kind="stable")) + 1
    positives = labels == 1
    most = int(positives.sum())
    below = order[positives].sum() - most * (most + 1) / 2
    return float(below / (most * (len(labels) - most)))
