"""Counts, at the server's side, how politely it is asked."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from aiohttp import web
from protego import Protego

from monitor.ports import Clock

GRACE: Final = 0.1
"""Seconds after an answer in which what arrives may have been under way before it was read."""

ROBOTS: Final = "/robots.txt"
HELD: Final = web.ResponseKey("held", float)
"""Where a response says for how many seconds its host is not to be asked, when no header does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Courtesy:
    """What a server expects of whoever asks it: requests a second, requests at once, robots.txt."""

    rate: float = float("inf")
    concurrency: int = 1_000
    robots: str | None = None


@dataclass(slots=True, kw_only=True, eq=False)
class Visit:
    """One request as it came; `at` in seconds of a steady clock."""

    host: str
    path: str
    url: str
    headers: Mapping[str, str]
    body: bytes
    at: float
    request: web.Request = field(repr=False)
    answered: bool = False

    @property
    def open(self) -> bool:
        """Return whether it is being answered still."""
        transport = self.request.transport
        return not self.answered and transport is not None and not transport.is_closing()


class Referee:
    """Watches every request and writes down what was impolite, in words."""

    def __init__(self, courtesy: Courtesy, clock: Clock = lambda: datetime.now(UTC)) -> None:
        self.violations: list[str] = []
        self.visits: list[Visit] = []
        self._courtesy = courtesy
        self._clock = clock
        self._robots = Protego.parse(courtesy.robots or "")
        self._held: dict[str, tuple[float, datetime]] = {}

    def arrives(self, visit: Visit) -> None:
        """Judge a request by itself and by those before it."""
        self._judge_agent(visit)
        self._judge_robots(visit)
        self._judge_hold(visit)
        self.visits.append(visit)
        self._judge_rate(visit)

    def crowded(self, host: str) -> bool:
        """Return whether more requests are open than may be."""
        return len(self._open(host)) > self._courtesy.concurrency

    def judge_crowd(self, visit: Visit) -> None:
        """Write down that this request came while as many were open as may be."""
        if visit.open and self.crowded(visit.host):
            self._blame(visit, f"{len(self._open(visit.host))} requests are open at once")

    def answers(self, visit: Visit, response: web.StreamResponse) -> None:
        """Remember until when the host asked not to be asked."""
        seconds = self._asked(response)
        if seconds is not None:
            self._held[visit.host] = (time.monotonic(), self._clock() + timedelta(seconds=seconds))

    def _asked(self, response: web.StreamResponse) -> float | None:
        value = response.headers.get("Retry-After", "")
        if HELD in response:
            return response[HELD]
        if response.status not in {429, 503} or not value:
            return None
        if value.isdigit():
            return float(value)
        return (parsedate_to_datetime(value) - self._clock()).total_seconds()

    def _open(self, host: str) -> list[Visit]:
        return [visit for visit in self.visits if visit.host == host and visit.open]

    def _judge_agent(self, visit: Visit) -> None:
        agent = visit.headers.get("User-Agent", "")
        if not agent or agent.startswith("Python/") or "Mozilla" in agent:
            self._blame(visit, f"the User-Agent is {agent!r}")

    def _judge_robots(self, visit: Visit) -> None:
        if self._courtesy.robots is None or visit.path == ROBOTS:
            return
        if not any(each.path == ROBOTS for each in self.visits if each.host == visit.host):
            self._blame(visit, "robots.txt was not asked for")
        if not self._robots.can_fetch(visit.url, visit.headers.get("User-Agent", "")):
            self._blame(visit, "robots.txt forbids it")

    def _judge_hold(self, visit: Visit) -> None:
        since, until = self._held.get(visit.host, (0.0, self._clock()))
        left = (until - self._clock()).total_seconds()
        if visit.at > since + GRACE and left > GRACE / 2:
            self._blame(visit, f"the host asked to be left alone for another {left:.2f} s")

    def _judge_rate(self, visit: Visit) -> None:
        """Count a window long enough that the network's jitter on one request does not matter."""
        rate = self._courtesy.rate
        window = max(1.0, 1 / rate)
        recent = [each for each in self.visits if each.host == visit.host and each.at > visit.at - window]
        if len(recent) > 1.1 * rate * window + 1:
            self._blame(visit, f"{len(recent)} requests within {window:g} s")

    def _blame(self, visit: Visit, what: str) -> None:
        self.violations.append(f"{visit.host}{visit.path}: {what}")
