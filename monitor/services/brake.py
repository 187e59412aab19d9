"""When a receiver that fails may be tried again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from monitor.ports.backoff import Backoff


class Brake:
    """Slows a receiver down the more alerts it fails on, and frees it at the first that arrives.

    It counts alerts, not tries. One alert that always fails costs the others a moment each time;
    a receiver that fails on one alert after the other is down, and is asked ever more rarely, with
    one alert at a time.

    A try belongs to the `era` it was begun in. Several that were under way when the receiver
    went down are one piece of news, and one that was under way before says nothing about after.
    """

    def __init__(self, backoff: Backoff, chance: Callable[[], float]) -> None:
        self._backoff = backoff
        self._chance = chance
        self._failed_on: set[str] = set()
        self._until: datetime | None = None
        self.era = 0

    @property
    def probing(self) -> bool:
        """Return whether nothing has arrived since the receiver failed."""
        return bool(self._failed_on)

    def paused_until(self, now: datetime) -> datetime | None:
        """Return the end of the pause, if there is one."""
        return self._until if self._until and self._until > now else None

    def failed(self, what: str, era: int, now: datetime, asked: float | None) -> None:
        """Note a failed try with the alert `what`; `asked` is the wait that the receiver wants."""
        if era == self.era:
            self.era += 1
            self._failed_on.add(what)
            wait = self._backoff.delay(len(self._failed_on), self._chance, asked=asked)
        else:
            wait = asked or 0.0
        until = now + timedelta(seconds=wait)
        self._until = max(until, self._until or until)

    def succeeded(self, era: int) -> None:
        """Note one that arrived."""
        if era == self.era:
            self._failed_on.clear()
