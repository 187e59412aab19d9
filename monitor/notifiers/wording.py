"""How an alert is told to a person, the same in every channel. Nothing here is made safe to show yet."""

from __future__ import annotations

from datetime import UTC
from typing import Final

from monitor.domain.alerts import Alert
from monitor.domain.signals import UNDETERMINED
from monitor.engine.wording import NAMELESS, duration

LEAST_SCORE: Final = 0.5
"""A score below this is not told: it is no reason for an alert."""

_MOST_SCORES: Final = 3


def who(alert: Alert) -> str:
    """Return the author's name, with the id where the source gives one too."""
    author = alert.comment.author
    if author.name and author.id and author.id != author.name:
        return f"{author.name} ({author.id})"
    return author.key or NAMELESS


def said(alert: Alert) -> str:
    """Return the rule's own sentence; empty where it has none but the default, which only repeats."""
    return "" if alert.say.startswith(alert.title) else alert.say


def place(alert: Alert) -> str:
    """Return the source and, where it is known, the thread."""
    comment = alert.comment
    return f"{comment.source} / {comment.thread}" if comment.thread else comment.source


def written(alert: Alert) -> list[str]:
    """Return when the comment was written, or last changed, where the source says so."""
    moment = alert.comment.edited_at or alert.comment.created_at
    return [f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"] if moment else []


def counted(alert: Alert) -> list[str]:
    """Return how many comments in what time, where there was more than one."""
    return [f"{alert.count} comments within {duration(alert.within)}"] if alert.count > 1 else []


def measured(alert: Alert) -> list[str]:
    """Return the highest scores and the language, as far as they are known."""
    signals = alert.signals
    told: list[str] = []
    if signals.scores:
        high = sorted(((score, label) for label, score in signals.scores.labels.items()), reverse=True)
        told += [f"{label} {score:.2f}" for score, label in high[:_MOST_SCORES] if score >= LEAST_SCORE]
    if signals.language.code != UNDETERMINED:
        told.append(f"language {signals.language.code} ({signals.language.confidence:.0%})")
    return told
