"""The delivery record in memory: for the offline twin and for tests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from monitor.domain.alerts import Alert
from monitor.ports import Clock, Delivery


@dataclass(slots=True, kw_only=True)
class _Entry:
    delivery: Delivery
    next_try: datetime
    state: Literal["waiting", "delivered", "refused"] = "waiting"
    finished_at: datetime | None = None


class MemoryDeliveries:
    """Keeps deliveries as long as the process lives, by the rules of the durable record."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._entries: dict[tuple[str, str], _Entry] = {}

    async def enqueue(self, alerts: Sequence[Alert], receivers: Sequence[str]) -> int:
        """Record all of them, each due at once; return how many were new."""
        before, now = len(self._entries), self._clock()
        for alert in alerts:
            for receiver in receivers:
                delivery = Delivery(alert=alert, receiver=receiver, enqueued_at=now)
                self._entries.setdefault(_key(delivery), _Entry(delivery=delivery, next_try=now))
        return len(self._entries) - before

    async def due(self, receiver: str, now: datetime, limit: int) -> list[Delivery]:
        """Return what may be tried now, oldest first, an alert's revisions one at a time."""
        due = [entry.delivery for entry in self._waiting(receiver) if entry.next_try <= now]
        first: dict[str, int] = {}
        for delivery in due:
            alert = delivery.alert
            first[alert.id] = min(alert.revision, first.get(alert.id, alert.revision))
        return [delivery for delivery in due if delivery.alert.revision == first[delivery.alert.id]][:limit]

    async def next_due(self, receiver: str, after: datetime) -> datetime | None:
        """Return when the next one that is postponed beyond `after` may be tried, if any is."""
        moments = (entry.next_try for entry in self._waiting(receiver) if entry.next_try > after)
        return min(moments, default=None)

    async def delivered(self, delivery: Delivery, answer: str, now: datetime) -> None:
        """Record that the channel took it; nobody reads an answer here."""
        del answer
        self._finish(delivery, "delivered", now)

    async def postpone(self, delivery: Delivery, until: datetime, error: str) -> None:
        """Record a failed try and when the next may be; nobody reads an error here."""
        del error
        entry = self._entries[_key(delivery)]
        entry.delivery = replace(entry.delivery, attempts=delivery.attempts + 1)
        entry.next_try = until

    async def hold(self, deliveries: Sequence[Delivery], until: datetime) -> None:
        """Put off what was not tried."""
        for delivery in deliveries:
            entry = self._entries[_key(delivery)]
            entry.delivery = replace(entry.delivery, held=True)
            entry.next_try = until

    async def refused(self, delivery: Delivery, reason: str, now: datetime) -> None:
        """Record that the channel will never take it; nobody reads a reason here."""
        del reason
        self._finish(delivery, "refused", now)

    async def waiting(self) -> Mapping[str, int]:
        """Return how many deliveries wait, by receiver."""
        entries = self._entries.values()
        return Counter(entry.delivery.receiver for entry in entries if entry.state == "waiting")

    async def delivered_since(self, receiver: str, since: datetime) -> list[tuple[str, datetime]]:
        """Return the rule and time of what this receiver took since then, oldest first."""
        taken = [
            (entry.delivery.alert.rule, entry.finished_at)
            for entry in self._entries.values()
            if entry.state == "delivered" and entry.delivery.receiver == receiver and entry.finished_at
        ]
        return sorted(((rule, time) for rule, time in taken if time >= since), key=lambda pair: pair[1])

    async def purge(self, before: datetime) -> int:
        """Forget what was delivered or refused before then."""
        gone = [
            key for key, entry in self._entries.items() if entry.finished_at and entry.finished_at < before
        ]
        for key in gone:
            del self._entries[key]
        return len(gone)

    def _waiting(self, receiver: str) -> Iterator[_Entry]:
        for entry in self._entries.values():
            if entry.state == "waiting" and entry.delivery.receiver == receiver:
                yield entry

    def _finish(self, delivery: Delivery, state: Literal["delivered", "refused"], now: datetime) -> None:
        entry = self._entries[_key(delivery)]
        entry.state = state
        entry.finished_at = now


def _key(delivery: Delivery) -> tuple[str, str]:
    return delivery.alert.delivery_id, delivery.receiver
