"""Scores that are no probabilities are a model's failure, not a statement about a comment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from monitor.domain.errors import Retryable
from monitor.domain.signals import Scores

Given = TypeVar("Given", bound=Sequence[Scores | None])


def sound(scores: Given, scorer: str) -> Given:
    """Return the scores, each of them a number from 0 to 1.

    A condition on what is not a number is false whatever it asks, so that a broken model would pass for
    a harmless comment.

    Raises:
        Retryable: one of them is no such number; it says which label's.
    """
    for each in scores:
        if each is None:
            continue
        for label, score in each.labels.items():
            if not 0 <= score <= 1:
                raise Retryable(f"{scorer} gave a score for {label} that is no number from 0 to 1")
    return scores
