"""A match that counts towards a rule's alert for one author, thread or source."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

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
    `cooldown_group` tells apart alerts of one window that must not silence each other.
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


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace("|", "\\|")
