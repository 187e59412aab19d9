"""Hands alerts over to the delivery record, from which they go out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.domain.errors import Rejected
from monitor.ports.wire import ALERTS
from streams.guard import Failure, Message, Outcome

if TYPE_CHECKING:
    from monitor.domain.alerts import Alert
    from monitor.services.delivery import Deliverer


@dataclass(frozen=True, slots=True, kw_only=True)
class Notify:
    """An alert that stands in the delivery record is safe: Kafka need not keep it for us."""

    deliverer: Deliverer
    name: str = "notify"

    async def process(self, messages: Sequence[Message]) -> Outcome:
        """Return nothing to produce; the alerts are recorded as waiting when this returns."""
        alerts: list[Alert] = []
        failures: list[Failure] = []
        for message in messages:
            try:
                alerts.append(ALERTS.decode(message.value))
            except Rejected as error:
                failures.append(Failure(message, error.reason, error.detail))
        await self.deliverer.accept(alerts)
        return Outcome(failures=failures)
