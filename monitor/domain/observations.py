"""Matches that count towards a rule's alert for an author, a thread or a source; those that do no more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from monitor.domain.alerts import Alert
from monitor.domain.comments import CommentEvent
from monitor.domain.severity import Severity
from monitor.domain.signals import Signals
from monitor.domain.verdicts import Match


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """From `count` on, the alert has this severity."""

    count: int
    severity: Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """When counted matches become an alert.

    Travels with each observation, so that the stateful step needs no rule book and a reload never
    splits a window between two versions.

    `within` and `cooldown` are seconds of event time. `steps` rise in count; the first opens the
    alert. `say` is the template of the alert's sentence.
    """

    steps: tuple[Step, ...]
    within: float
    cooldown: float
    distinct: bool = False
    say: str = ""

    @property
    def count(self) -> int:
        """Return how many matches open the alert."""
        return self.steps[0].count


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One match of `match.rule` by `event`, counted under `group`.

    `group` is what the rule escalates by, as (field, value) pairs: `(("author", "ann"),)`.
    `value` is the value counted once where the escalation counts distinct ones (a thread, say).
    `cooldown_group` tells apart alerts of one window that must not silence each other. `sketch` is
    what its text is compared by where copies of a text are counted; empty elsewhere.
    """

    group: tuple[tuple[str, str], ...]
    event: CommentEvent
    signals: Signals
    match: Match
    escalation: Escalation
    title: str
    book: str
    value: str | None = None
    cooldown_group: tuple[tuple[str, str], ...] = ()
    sketch: bytes = b""

    @property
    def key(self) -> str:
        """Return the key of the window that this observation counts in.

        A bar inside a value is escaped: a reader who names themselves `ann|thread=x` shares no
        window with ann.
        """
        return "|".join([self.match.rule, *(f"{field}={_escaped(value)}" for field, value in self.group)])

    @property
    def time(self) -> datetime:
        """Return the event time that the window counts by."""
        return self.event.time

    @property
    def observed_at(self) -> datetime:
        """Return when the comment was seen like this."""
        return self.event.observed_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Whereabouts:
    """In which windows a comment counts as it was observed now: in these, and in no other.

    Whoever keeps these of all of a comment's versions can tell which of its matches are undone by
    an edit or its deletion. `untold` are rules that said nothing of this version, which undoes none of
    their matches. `keep` is how long, in seconds, all this can matter.
    """

    comment: str
    observed_at: datetime
    windows: tuple[str, ...]
    keep: float
    untold: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Return the key that all versions of one comment share, and no window has."""
        return f"@{self.comment}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """What was observed of a comment before `observed_at` counts in this window no more."""

    window: str
    comment: str
    observed_at: datetime
    keep: float

    @property
    def key(self) -> str:
        """Return the key of the window."""
        return self.window


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An alert about copies of a text, which meet in several windows: one of them has reached its threshold.

    Alerts that share a comment within `reach` seconds of each other's opening are about one campaign.
    """

    alert: Alert
    observed_at: datetime
    reach: float

    @property
    def key(self) -> str:
        """Return the key that all campaigns of one rule share."""
        return f"{self.alert.rule}|campaign"


Counted: TypeAlias = Observation | Whereabouts | Withdrawal | Candidate
"""What the escalation takes in."""


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace("|", "\\|")
