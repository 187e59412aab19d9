"""From which scores on a rule can come to another answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.domain.signals import LABELS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from monitor.engine.book import Book


def score_borders(book: Book) -> Mapping[str, float]:
    """Return by label the lowest number that a rule in force compares its score with.

    Two scores that both lie below it are the same to every rule. A label that is not in it is
    compared by none.
    """
    borders: dict[str, float] = {}
    for rule in book.rules:
        if not rule.status.judged:
            continue
        for name, number in rule.when.compares():
            for label in LABELS if name in ("any", "max") else (name,):
                borders[label] = min(number, borders.get(label, number))
    return borders
