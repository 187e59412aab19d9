"""Counts observations in their windows and opens alerts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

import structlog

from monitor.domain.alerts import Alert, AlertKind
from monitor.domain.errors import Rejected
from monitor.ports.wire import ALERTS, OBSERVATIONS
from streams.guard import Failure, Message, Outcome
from streams.producer import Record

if TYPE_CHECKING:
    from monitor.domain.observations import Observation
    from monitor.metrics import Metrics
    from monitor.ports import Clock
    from monitor.services.escalation import Decided, Escalator
    from streams.tables import OwnWindows
    from streams.topics import Topics

log = structlog.get_logger()


FORGET_EVERY: Final = timedelta(minutes=1)
"""How often windows in which nothing can matter any more are looked for."""


@dataclass(slots=True, kw_only=True)
class Escalate:
    """Stateful: one batch at a time."""

    escalator: Escalator
    windows: OwnWindows
    topics: Topics
    metrics: Metrics
    clock: Clock
    forgot_at: datetime | None = None
    name: str = "escalate"

    async def process(self, messages: Sequence[Message]) -> Outcome:
        """Return the alerts of these observations, and the windows after them.

        Observations are counted in the order of the topic, whatever the batches: a worker that takes
        over decides again exactly as the one before it, and opens the same alerts.
        """
        self._forget()
        observations, failures = _decoded(messages)
        decided = self.escalator.decide(observations)
        return Outcome(
            records=[
                Record(self.topics.alerts.name, alert.id.encode(), ALERTS.encode(alert))
                for alert in decided.alerts
            ],
            failures=failures,
            changes=[
                Record(self.topics.windows.name, key.encode(), packed)
                for key, packed in [*dict.fromkeys(self.windows.deleted()).items(), *decided.windows.items()]
            ],
            done=lambda: self._done(decided, observations),
        )

    def _forget(self) -> None:
        now = self.clock()
        if self.forgot_at is None or now - self.forgot_at >= FORGET_EVERY:
            self.forgot_at = now
            self.escalator.forget(now)

    def _done(self, decided: Decided, observations: Sequence[Observation]) -> None:
        self.escalator.keep(decided)
        self._count(observations, decided.alerts)

    def _count(self, observations: Sequence[Observation], alerts: Sequence[Alert]) -> None:
        for observation in observations:
            self.metrics.observed(observation.match.rule)
        for alert in alerts:
            self.metrics.alerted(alert)
            log.info(
                "alert.opened" if alert.kind is AlertKind.OPENED else "alert.updated",
                alert=alert.id,
                revision=alert.revision,
                rule=alert.rule,
                severity=alert.severity,
                count=alert.count,
                comment=alert.comment.key,
            )


def _decoded(messages: Sequence[Message]) -> tuple[list[Observation], list[Failure]]:
    observations: list[Observation] = []
    failures: list[Failure] = []
    for message in messages:
        try:
            observations.append(OBSERVATIONS.decode(message.value))
        except Rejected as error:
            failures.append(Failure(message, error.reason, error.detail))
    return observations, failures
