"""What a person is told, and how its id survives every replay."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitor.domain.comments import Comment
from monitor.domain.severity import Severity
from monitor.domain.signals import Signals
from monitor.domain.verdicts import Match


class AlertKind(StrEnum):
    """What happened to the alert."""

    OPENED = "opened"
    UPDATED = "updated"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """The state of an alert after one event.

    `id` is the same for all events of one alert, `revision` counts them from 1 and rises with
    each step of the severity ladder; the pair identifies what is delivered. `count` is the most
    that one window of `within` seconds holds. `comments` are the keys of the comments counted
    since the alert's first, oldest first, the newest 500 at most; `comment`, `signals` and `match`
    belong to the one that caused this event. `opened_at` is event time.
    """

    id: str
    revision: int
    kind: AlertKind
    rule: str
    title: str
    severity: Severity
    group: tuple[tuple[str, str], ...]
    comments: tuple[str, ...]
    count: int
    within: float
    opened_at: datetime
    comment: Comment
    signals: Signals
    match: Match
    book: str
    say: str = ""

    @property
    def delivery_id(self) -> str:
        """Return the id that a receiver may drop repeats by."""
        return f"{self.id}.{self.revision}"

    @property
    def key(self) -> str:
        """Return what the matches were counted by, readable: `author=ann`."""
        return " ".join(f"{field}={value}" for field, value in self.group)


def alert_id(window_key: str, comment_key: str) -> str:
    """Return the id of the alert that this comment opened in this window.

    A hash of nothing but the rule, the group and the comment, so that replaying the same
    observation can never open a second alert.
    """
    digest = hashlib.sha256(f"{window_key}\n{comment_key}".encode()).hexdigest()
    return f"al_{digest[:24]}"
