"""The delivery record: the SQLite adapter of `ports.Deliveries`."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from monitor.domain.alerts import Alert
from monitor.ports import Clock, Delivery
from monitor.ports.wire import ALERTS
from monitor.store.database import Database

_ENQUEUE: Final = """
    INSERT INTO deliveries (alert, revision, receiver, rule, payload, enqueued_at, next_try)
    VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT DO NOTHING
"""
_DUE: Final = """
    SELECT payload, enqueued_at, attempts, held
    FROM deliveries AS one INDEXED BY deliveries_in_order
    WHERE receiver = :receiver AND state = 'waiting' AND next_try <= :now
      AND NOT EXISTS (
        SELECT 1 FROM deliveries AS earlier
        WHERE earlier.alert = one.alert AND earlier.receiver = one.receiver
          AND earlier.revision < one.revision AND +earlier.state = 'waiting' AND +earlier.next_try <= :now
      )
    ORDER BY number LIMIT :limit
"""
"""Both look-ups walk the index they are meant for: by `next_try`, as SQLite would choose, a backlog
of 100,000 took minutes where this takes a millisecond (the `+` keeps a column out of the choice)."""

_NEXT_DUE: Final = """
    SELECT min(next_try) FROM deliveries WHERE receiver = ? AND state = 'waiting' AND next_try > ?
"""
_DELIVERED: Final = """
    UPDATE deliveries SET state = 'delivered', payload = x'', attempts = ?, finished_at = ?, answer = ?
    WHERE alert = ? AND receiver = ? AND revision = ? AND state = 'waiting'
"""
_REFUSED: Final = """
    UPDATE deliveries SET state = 'refused', attempts = ?, finished_at = ?, last_error = ?
    WHERE alert = ? AND receiver = ? AND revision = ? AND state = 'waiting'
"""
_POSTPONE: Final = """
    UPDATE deliveries SET attempts = ?, next_try = ?, last_error = ?
    WHERE alert = ? AND receiver = ? AND revision = ? AND state = 'waiting'
"""
_HOLD: Final = """
    UPDATE deliveries SET held = 1, next_try = ?
    WHERE alert = ? AND receiver = ? AND revision = ? AND state = 'waiting'
"""
_WAITING: Final = "SELECT receiver, count(*) FROM deliveries WHERE state = 'waiting' GROUP BY receiver"
_SINCE: Final = """
    SELECT rule, finished_at FROM deliveries
    WHERE finished_at >= ? AND receiver = ? AND state = 'delivered' ORDER BY finished_at
"""
_PURGE: Final = "DELETE FROM deliveries WHERE finished_at < ?"


class SqliteDeliveries:
    """Keeps deliveries in the process's SQLite file; `clock` dates what is enqueued."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def enqueue(self, alerts: Sequence[Alert], receivers: Sequence[str]) -> int:
        """Record all of them in one transaction, each due at once; return how many were new."""
        now = self._clock().timestamp()
        rows = [
            (alert.id, alert.revision, receiver, alert.rule, payload, now, now)
            for alert, payload in [(alert, ALERTS.encode(alert)) for alert in alerts]
            for receiver in receivers
        ]
        return await self._write(_ENQUEUE, *rows)

    async def due(self, receiver: str, now: datetime, limit: int) -> list[Delivery]:
        """Return what may be tried now, oldest first, an alert's revisions one at a time."""
        wanted = {"receiver": receiver, "now": now.timestamp(), "limit": limit}
        rows = await self._database.run(lambda connection: connection.execute(_DUE, wanted).fetchall())
        return [
            Delivery(
                alert=ALERTS.decode(payload),
                receiver=receiver,
                enqueued_at=_time(enqueued_at),
                attempts=attempts,
                held=bool(held),
            )
            for payload, enqueued_at, attempts, held in rows
        ]

    async def next_due(self, receiver: str, after: datetime) -> datetime | None:
        """Return when the next one that is postponed beyond `after` may be tried, if any is."""
        wanted = (receiver, after.timestamp())
        (moment,) = await self._database.run(
            lambda connection: connection.execute(_NEXT_DUE, wanted).fetchone()
        )
        return None if moment is None else _time(moment)

    async def delivered(self, delivery: Delivery, answer: str, now: datetime) -> None:
        """Record the channel's answer and empty the payload."""
        await self._write(_DELIVERED, (delivery.attempts + 1, now.timestamp(), answer, *_key(delivery)))

    async def postpone(self, delivery: Delivery, until: datetime, error: str) -> None:
        """Record a failed try and when the next may be."""
        await self._write(_POSTPONE, (delivery.attempts + 1, until.timestamp(), error, *_key(delivery)))

    async def hold(self, deliveries: Sequence[Delivery], until: datetime) -> None:
        """Put off what was not tried, all in one transaction."""
        rows = [(until.timestamp(), *_key(delivery)) for delivery in deliveries]
        await self._write(_HOLD, *rows)

    async def refused(self, delivery: Delivery, reason: str, now: datetime) -> None:
        """Record that the channel will never take it."""
        await self._write(_REFUSED, (delivery.attempts + 1, now.timestamp(), reason, *_key(delivery)))

    async def waiting(self) -> Mapping[str, int]:
        """Return how many deliveries wait, by receiver."""
        return dict(await self._database.run(lambda connection: connection.execute(_WAITING).fetchall()))

    async def delivered_since(self, receiver: str, since: datetime) -> list[tuple[str, datetime]]:
        """Return the rule and time of what this receiver took since then, oldest first."""
        wanted = (since.timestamp(), receiver)
        rows = await self._database.run(lambda connection: connection.execute(_SINCE, wanted).fetchall())
        return [(rule, _time(finished_at)) for rule, finished_at in rows]

    async def purge(self, before: datetime) -> int:
        """Delete the record of what was delivered or refused before then."""
        return await self._write(_PURGE, (before.timestamp(),))

    async def _write(self, statement: str, *rows: tuple[object, ...]) -> int:
        def work(connection: sqlite3.Connection) -> int:
            return connection.executemany(statement, rows).rowcount if rows else 0

        return await self._database.run(work)


def _key(delivery: Delivery) -> tuple[str, str, int]:
    return delivery.alert.id, delivery.receiver, delivery.alert.revision


def _time(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
