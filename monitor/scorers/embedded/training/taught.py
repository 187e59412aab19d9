"""What the network learns from: a better model's scores where there are any, else the sources' own labels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from monitor.domain.signals import LABELS
from monitor.scorers.embedded.training.neutral import sentences
from monitor.scorers.embedded.training.rows import Chosen, Floats, Rows

ENGLISH: Final = "en"
WANTED: Final = "J6"
"""The English rows whose labels mean what a score promises. The network never sees them."""

NEUTRAL: Final = "OWN"

OF_LABELLED: Final[Mapping[str, float]] = {"WDEB": 0.3, "TMPL": 0.3, "DAVID": 0.15, "MLMA": 0.5, NEUTRAL: 0.3}
"""What a row of a source counts to the network by its own labels; others count 1."""

OF_TAUGHT: Final[Mapping[str, float]] = {"WDEB": 0.5, "TMPL": 0.5, NEUTRAL: 0.5}
"""What it counts by a teacher's scores, which mean the same in all sources."""


SOFTNESS: Final = 4
"""What a teacher's logits are divided by before they are learned (Hinton et al. 2015): how sure it is tells
more than that it is sure. 1 and 2 measured worse."""

_LEAST: Final = 1e-6


def neutral() -> Rows:
    """Return the harmless sentences about people, as rows."""
    texts = list(sentences())
    labels = np.zeros((len(texts), len(LABELS)), dtype=np.float32)
    return Rows(texts, labels, np.full(len(texts), NEUTRAL), np.full(len(texts), ENGLISH))


def lessons(rows: Rows, taught: Rows) -> tuple[Chosen, Floats]:
    """Return which rows have something taught of them, and the labels of these, by their texts.

    The labels are softened. Our own sentences need no teacher: they are harmless.
    """
    by_text = dict(zip(taught.texts, taught.labels, strict=True))
    known = np.asarray([text in by_text for text in rows.texts]) | (rows.sources == NEUTRAL)
    found = rows.where(known)
    nothing = np.zeros(len(LABELS), dtype=np.float32)
    labels = [
        nothing if source == NEUTRAL else by_text[text]
        for text, source in zip(found.texts, found.sources.tolist(), strict=True)
    ]
    return known, _softened(np.asarray(labels, dtype=np.float32).reshape(-1, len(LABELS)))


def _softened(shares: Floats) -> Floats:
    odds = np.clip(shares, _LEAST, 1 - _LEAST)
    return (1 / (1 + ((1 - odds) / odds) ** (1 / SOFTNESS))).astype(np.float32)
