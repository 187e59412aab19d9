"""The fuse of alerting: how many alerts of one rule may reach a person in an hour."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

HOUR: Final = timedelta(hours=1)

LEAST_HOLD: Final = timedelta(minutes=1)
"""What is held is not looked at again before; in a flood that would be work for nothing."""


class Quota:
    """At most `limit` alerts of a rule in any hour."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._spent: dict[str, deque[datetime]] = defaultdict(deque)

    def remember(self, spent: Iterable[tuple[str, datetime]]) -> None:
        """Count what went out before, oldest first: (rule, time)."""
        for rule, moment in spent:
            self._spent[rule].append(moment)

    def held_until(self, rule: str, now: datetime) -> datetime | None:
        """Return when to look again at this rule's alerts; None where one may go now."""
        spent = self._spent[rule]
        while spent and spent[0] <= now - HOUR:
            spent.popleft()
        if len(spent) < self._limit:
            return None
        return max(spent[-self._limit] + HOUR, now + LEAST_HOLD)

    def spend(self, rule: str, now: datetime) -> None:
        """Count an alert that goes out, whether or not there was room for it."""
        self._spent[rule].append(now)

    def refund(self, rule: str, spent_at: datetime) -> None:
        """Take back one that did not arrive."""
        if spent_at in self._spent[rule]:
            self._spent[rule].remove(spent_at)
