"""Counts observations in their windows and opens alerts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import structlog

from monitor.domain.alerts import Alert, AlertKind
from monitor.domain.errors import Rejected
from monitor.domain.observations import Counted, Observation
from monitor.ports.wire import ALERTS, COUNTED
from streams.guard import Failure, Message, Outcome
from streams.producer import Record

if TYPE_CHECKING:
    from monitor.metrics import Metrics
    from monitor.ports import Clock
    from monitor.services.escalation import Decided, Escalator
    from streams.tables import OwnWindows
    from streams.topics import Topics

log = structlog.get_logger()


FORGET_EVERY: Final = timedelta(minutes=1)
"""How often windows in which nothing can matter any more are looked for."""


_NEVER: Final = datetime.min.replace(tzinfo=UTC)

Placed = tuple[int, Counted]
"""An observation, or what undoes some, and the partition that it came by."""


@dataclass(slots=True, kw_only=True)
class Escalate:
    """Stateful: one batch at a time.

    `come_to` is the latest time at which a comment was observed that each partition has brought.
    """

    escalator: Escalator
    windows: OwnWindows
    topics: Topics
    metrics: Metrics
    clock: Clock
    forgot_at: datetime = _NEVER
    come_to: dict[int, datetime] = field(default_factory=dict)
    name: str = "escalate"

    async def process(self, messages: Sequence[Message]) -> Outcome:
        """Return the alerts of these observations, and the windows after them.

        Observations are counted in the order of the topic, whatever the batches: a worker that takes
        over decides again exactly as the one before it, and opens the same alerts. What other windows must
        know, such as what an edit undoes, goes to them by the topic that this step reads.
        """
        counted, failures = _decoded(messages)
        self._forget()
        decided = self.escalator.decide([each for _, each in counted])
        return Outcome(
            records=list(self._records(decided)),
            failures=failures,
            changes=[
                Record(self.topics.windows.name, key.encode(), packed)
                for key, packed in [*dict.fromkeys(self.windows.deleted()).items(), *decided.windows.items()]
            ],
            done=lambda: self._done(decided, counted),
        )

    def _records(self, decided: Decided) -> Iterator[Record]:
        for alert in decided.alerts:
            yield Record(self.topics.alerts.name, alert.id.encode(), ALERTS.encode(alert))
        for each in decided.onward:
            yield Record(self.topics.observations.name, each.key.encode(), COUNTED.encode(each))

    def _forget(self) -> None:
        """Forget idle windows, by the time that each partition has come to."""
        now = self.clock()
        if now - self.forgot_at < FORGET_EVERY:
            return
        self.forgot_at = now
        for partition, keys in self.windows.by_partition().items():
            if partition in self.come_to:
                self.escalator.forget(self.come_to[partition], keys)

    def _done(self, decided: Decided, counted: Sequence[Placed]) -> None:
        self.escalator.keep(decided)
        for partition, each in counted:
            observed = each.observed_at
            self.come_to[partition] = max(observed, self.come_to.get(partition, observed))
            if isinstance(each, Observation):
                self.metrics.observed(each.match.rule)
        self._count(decided.alerts)

    def _count(self, alerts: Sequence[Alert]) -> None:
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


def _decoded(messages: Sequence[Message]) -> tuple[list[Placed], list[Failure]]:
    counted: list[Placed] = []
    failures: list[Failure] = []
    for message in messages:
        try:
            counted.append((message.partition, COUNTED.decode(message.value)))
        except Rejected as error:
            failures.append(Failure(message, error.reason, error.detail))
    return counted, failures
