"""One receiver's way out: what is due is delivered, and each answer recorded."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal, Protocol, TypeVar

import structlog

from monitor.domain.alerts import Alert
from monitor.domain.errors import Rejected, Retryable
from monitor.domain.severity import Severity
from monitor.ports import Clock, Deliveries, Delivery, Receiver
from monitor.ports.backoff import Backoff
from monitor.services.brake import Brake
from monitor.services.quota import HOUR, Quota

LONGEST_REST: Final = 60.0
"""Seconds until the record is looked at again without a reason, should the clock have been set."""

LONGEST_ASKED: Final = 3600.0
"""Seconds that a receiver may ask to wait; it could not stop its alerts for a year."""

_PAGE: Final = 64
_RECORD: Final = Backoff(first=0.1, longest=5.0)

T = TypeVar("T")

log = structlog.get_logger()


class DeliveryObserver(Protocol):
    """Is told what becomes of alerts, to count it. `seconds` are those the channel took to answer."""

    def delivered(self, alert: Alert, receiver: str, seconds: float) -> None:
        """Learn that the channel took the alert."""
        ...

    def attempted(self, receiver: str, outcome: Literal["postponed", "refused"], seconds: float) -> None:
        """Learn that it did not: postponed ones are tried again, refused ones never."""
        ...

    def held(self, rule: str, count: int) -> None:
        """Learn that so many more alerts wait because their rule had its share of the hour."""
        ...

    def waiting(self, waiting: Mapping[str, int]) -> None:
        """Learn how many alerts wait, by receiver."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How fast alerts may go out.

    `flights` are deliveries to one receiver at the same time, `alerts_per_rule_per_hour` is the
    fuse; critical alerts always pass it. `chance` gives a number from 0 to 1.
    """

    flights: int = 8
    alerts_per_rule_per_hour: int = 100
    backoff: Backoff = field(default_factory=lambda: Backoff(first=1.0, longest=300.0))
    chance: Callable[[], float] = random.random


class Lane:
    """Delivers to one receiver, oldest first, until it is told to stop."""

    def __init__(
        self, receiver: Receiver, deliveries: Deliveries, observer: DeliveryObserver, clock: Clock, pace: Pace
    ) -> None:
        self._receiver = receiver
        self._deliveries = deliveries
        self._observer = observer
        self._clock = clock
        self._pace = pace
        self._brake = Brake(pace.backoff, pace.chance)
        self._quota = Quota(pace.alerts_per_rule_per_hour)
        self._flying: set[str] = set()
        self._news = asyncio.Event()
        self._stopping = False

    def wake(self) -> None:
        """Look at the record now: there may be something new in it."""
        self._news.set()

    def stop(self) -> None:
        """Begin nothing more; what is under way is finished and recorded."""
        self._stopping = True
        self._news.set()

    async def run(self) -> None:
        """Deliver until stopped. Cancelled, it leaves what is under way to go out again."""
        since = self._clock() - HOUR
        recent = await self._kept(lambda: self._deliveries.delivered_since(self._receiver.name, since))
        self._quota.remember(recent)
        async with asyncio.TaskGroup() as flights:
            while not self._stopping:
                self._news.clear()
                await self._rest(await self._begin(flights))

    async def _begin(self, flights: asyncio.TaskGroup) -> datetime | None:
        """Begin what may be begun; return when to look again, None where only news can tell."""
        now = self._clock()
        if paused := self._brake.paused_until(now):
            return paused
        free = (1 if self._brake.probing else self._pace.flights) - len(self._flying)
        if free <= 0:
            return None
        for delivery in await self._chosen(free, now):
            flights.create_task(self._deliver(delivery, now, self._brake.era))
        return await self._kept(lambda: self._deliveries.next_due(self._receiver.name, now))

    async def _chosen(self, free: int, now: datetime) -> list[Delivery]:
        """Return what goes out now; the fuse holds back what comes before it."""
        held: Counter[str] = Counter()
        while True:
            page = await self._kept(lambda: self._deliveries.due(self._receiver.name, now, _PAGE))
            chosen, beyond = self._sorted_out(page, free, now)
            for until, deliveries in beyond.items():
                await self._hold(deliveries, until)
                held.update(each.alert.rule for each in deliveries if not each.held)
            if chosen or not beyond:
                break
        for rule, count in held.items():
            self._observer.held(rule, count)
            log.warning("alert.held", rule=rule, receiver=self._receiver.name, count=count)
        return chosen

    def _sorted_out(
        self, page: list[Delivery], free: int, now: datetime
    ) -> tuple[list[Delivery], dict[datetime, list[Delivery]]]:
        """Return what goes out, `free` at most, and what waits, by the moment until which it does.

        A receiver that is being probed is asked with an alert that it has not failed on yet, or
        least often: one that can never work must not stand for all of them.
        """
        if self._brake.probing:
            page = sorted(page, key=lambda delivery: delivery.attempts)
        chosen: list[Delivery] = []
        beyond: dict[datetime, list[Delivery]] = {}
        for delivery in page:
            alert = delivery.alert
            if alert.delivery_id in self._flying:
                continue
            until = self._quota.held_until(alert.rule, now)
            if until and alert.severity is not Severity.CRITICAL:
                beyond.setdefault(until, []).append(delivery)
            elif len(chosen) < free:
                chosen.append(delivery)
                self._flying.add(alert.delivery_id)
                self._quota.spend(alert.rule, now)
        return chosen, beyond

    async def _hold(self, deliveries: Sequence[Delivery], until: datetime) -> None:
        await self._kept(lambda: self._deliveries.hold(deliveries, until))

    async def _deliver(self, delivery: Delivery, begun: datetime, era: int) -> None:
        """Deliver one alert and record what came of it. The record is insisted on, not the delivery."""
        started = time.monotonic()
        alert = delivery.alert
        try:
            answer = await self._receiver.deliver(alert)
        except Retryable as error:
            self._quota.refund(alert.rule, begun)
            await self._postpone(delivery, error, era, time.monotonic() - started)
        except Rejected as error:
            self._brake.succeeded(era)
            self._quota.refund(alert.rule, begun)
            await self._refuse(delivery, error, time.monotonic() - started)
        else:
            self._brake.succeeded(era)
            await self._settle(delivery, answer, time.monotonic() - started)
        finally:
            self._flying.discard(alert.delivery_id)
            self._news.set()

    async def _settle(self, delivery: Delivery, answer: str, seconds: float) -> None:
        now = self._clock()
        await self._kept(lambda: self._deliveries.delivered(delivery, answer, now))
        self._observer.delivered(delivery.alert, self._receiver.name, seconds)
        waited = (now - delivery.enqueued_at).total_seconds()
        self._tell(log.info, "alert.delivered", delivery, seconds=round(seconds, 3), waited=round(waited, 3))

    async def _postpone(self, delivery: Delivery, error: Retryable, era: int, seconds: float) -> None:
        now, name = self._clock(), self._receiver.name
        asked = None if error.retry_after is None else min(error.retry_after, LONGEST_ASKED)
        self._brake.failed(delivery.alert.delivery_id, era, now, asked)
        pause = self._pace.backoff.delay(delivery.attempts + 1, self._pace.chance, asked=asked)
        until = now + timedelta(seconds=pause)
        await self._kept(lambda: self._deliveries.postpone(delivery, until, str(error)))
        self._observer.attempted(name, "postponed", seconds)
        self._tell(log.warning, "alert.postponed", delivery, reason=str(error), pause=round(pause, 2))

    async def _refuse(self, delivery: Delivery, error: Rejected, seconds: float) -> None:
        now = self._clock()
        await self._kept(lambda: self._deliveries.refused(delivery, str(error), now))
        self._observer.attempted(self._receiver.name, "refused", seconds)
        self._tell(log.error, "alert.refused", delivery, reason=str(error))

    def _tell(self, write: Callable[..., None], event: str, delivery: Delivery, **more: object) -> None:
        """Write the one line of this attempt: no text, no author, no URL."""
        alert = delivery.alert
        write(
            event,
            alert=alert.id,
            revision=alert.revision,
            rule=alert.rule,
            severity=alert.severity.value,
            receiver=delivery.receiver,
            attempts=delivery.attempts + 1,
            **more,
        )

    async def _kept(self, work: Callable[[], Awaitable[T]]) -> T:
        """Return what `work` on the record returns; insist while the disk is full or the file busy.

        Raises:
            Retryable: it still is, and there is no more time.
        """
        failures = 0
        while True:
            try:
                return await work()
            except Retryable as error:
                if self._stopping:
                    raise
                failures += 1
                log.warning("deliveries.unavailable", receiver=self._receiver.name, reason=str(error))
                await asyncio.sleep(_RECORD.delay(failures, self._pace.chance))

    async def _rest(self, until: datetime | None) -> None:
        """Wait for news, until that moment at most."""
        left = LONGEST_REST if until is None else (until - self._clock()).total_seconds()
        with suppress(TimeoutError):
            async with asyncio.timeout(max(min(left, LONGEST_REST), 0.0)):
                await self._news.wait()
