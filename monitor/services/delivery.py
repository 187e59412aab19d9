"""Alerts out: recorded first, then delivered to each receiver at its own pace.

The record is an outbox. Once `accept` has returned, the alert will reach every receiver that wants
it, whatever is killed or down meanwhile; a channel that is down delays its own alerts and nobody
else's. An alert that is accepted again (a replay) is known by its id and goes out no second time.
One gap remains, which no protocol closes: killed between a channel's answer and its record, the
same alert goes out again, with the same id.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Final

import structlog

from monitor.domain.alerts import Alert
from monitor.domain.errors import Retryable
from monitor.ports import Clock, Deliveries
from monitor.services.lane import DeliveryObserver, Lane, Pace
from monitor.services.routing import Route

KEEP: Final = timedelta(days=120)
"""How long the record of a delivery is kept: longer than Kafka keeps alerts (90 days unless set
otherwise), so that whatever can be replayed is still known."""

_LOOK: Final = 15.0
_PURGE_EACH: Final = 240

log = structlog.get_logger()


class Deliverer:
    """Delivers alerts by their routes.

    Args:
        routes: the receivers and what each wants; they are closed when `run` ends.
        deliveries: the durable record.
        observer: counts what happens; `metrics.Metrics` is one.
        clock: tells the time.
        pace: how fast, and when to hold back.
        keep: how long finished deliveries are remembered; see `KEEP`.
    """

    def __init__(
        self,
        routes: Sequence[Route],
        deliveries: Deliveries,
        observer: DeliveryObserver,
        clock: Clock,
        pace: Pace | None = None,
        keep: timedelta = KEEP,
    ) -> None:
        self._routes = tuple(routes)
        self._deliveries = deliveries
        self._observer = observer
        self._clock = clock
        self._keep = keep
        self._lanes = [
            Lane(route.receiver, deliveries, observer, clock, pace or Pace()) for route in self._routes
        ]
        self._stopped = asyncio.Event()

    async def accept(self, alerts: Sequence[Alert]) -> int:
        """Record who must get these alerts; return how many deliveries are new. Then they are safe.

        Raises:
            Retryable: not all of them are recorded; accepting all of them again is safe.
        """
        groups: dict[tuple[str, ...], list[Alert]] = {}
        for alert in alerts:
            names = tuple(route.receiver.name for route in self._routes if route.wants(alert))
            groups.setdefault(names, []).append(alert)
        new = 0
        for names, group in groups.items():
            new += await self._deliveries.enqueue(group, names)
        for lane in self._lanes:
            lane.wake()
        return new

    async def run(self) -> None:
        """Deliver until `stop`; then finish what is under way and close the receivers."""
        try:
            async with asyncio.TaskGroup() as tasks:
                for lane in self._lanes:
                    tasks.create_task(lane.run())
                tasks.create_task(self._keep_house())
        finally:
            for route in self._routes:
                await route.receiver.close()

    def stop(self) -> None:
        """Begin no further delivery; `run` returns after those under way."""
        self._stopped.set()
        for lane in self._lanes:
            lane.stop()

    def wake(self) -> None:
        """Look at the record now, should something else than `accept` have changed it, or the clock."""
        for lane in self._lanes:
            lane.wake()

    async def _keep_house(self) -> None:
        """Tell how many alerts wait, and forget what is long done."""
        rounds = 0
        while not self._stopped.is_set():
            with suppress(Retryable):
                await self._tell_waiting(first=rounds == 0)
                if rounds % _PURGE_EACH == 0:
                    await self._deliveries.purge(self._clock() - self._keep)
            rounds += 1
            with suppress(TimeoutError):
                async with asyncio.timeout(_LOOK):
                    await self._stopped.wait()

    async def _tell_waiting(self, *, first: bool) -> None:
        waiting = await self._deliveries.waiting()
        names = [route.receiver.name for route in self._routes]
        self._observer.waiting({name: waiting.get(name, 0) for name in names})
        for name in sorted(set(waiting) - set(names)) if first else ():
            log.warning("deliveries.unclaimed", receiver=name, count=waiting[name])
