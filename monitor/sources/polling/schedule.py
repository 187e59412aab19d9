"""When a site is read next, and why: plain computations.

The interval follows the rate of arrival, so that a reading brings a few new comments and never
more than half a page: a page full of unknown comments means that some may have been missed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from monitor.ports.backoff import Backoff
from monitor.sources.polling.site import Policy, Why

TARGET: Final = 3.0
"""New comments that a reading should bring."""

_RISING: Final = 0.7
_FALLING: Final = 0.3
"""Weight of what was just seen in the rate of arrival: a raid is believed sooner than its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How often to read: seconds between readings (0: not known yet), and arrivals per second."""

    interval: float = 0.0
    rate: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrivals:
    """What a reading brought: new comments in `elapsed` seconds; `page` items at most on a page.

    `full` says that a whole page was unknown. Without `elapsed` nothing is learned about the rate:
    it was the first reading, or one that caught up.
    """

    new: int
    elapsed: float
    page: int
    full: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """When the next reading comes: in `seconds`, because of `why`."""

    seconds: float
    why: Why


def paced(policy: Policy, pace: Pace, seen: Arrivals) -> tuple[Pace, Why]:
    """Return the pace after a reading, and what set it."""
    if not policy.adaptive:
        return Pace(interval=policy.every), "every"
    before = pace.interval or policy.every
    if not seen.elapsed:
        return Pace(interval=_within(policy, before), rate=pace.rate), "every"
    rate = _smoothed(pace.rate, seen.new / seen.elapsed)
    wanted, why = _wanted(before, rate, seen)
    interval = _within(policy, wanted)
    if wanted < interval:
        why = "floor"
    elif wanted > interval:
        why = "ceiling"
    return Pace(interval=interval, rate=rate), why


def turn(policy: Policy, interval: float, why: Why, chance: float, *, asked: float = 0.0) -> Turn:
    """Return the next turn: the interval with jitter, and never before what the site asked for.

    `chance` is from 0 to 1.
    """
    seconds = interval * (1.0 + policy.jitter * (2.0 * chance - 1.0))
    seconds = max(seconds, min(interval, policy.floor))
    return Turn(seconds=asked, why="asked") if asked > seconds else Turn(seconds=seconds, why=why)


def backed_off(policy: Policy, failures: int, chance: float, *, asked: float = 0.0) -> Turn:
    """Return the turn after so many failures in a row (from 1)."""
    backoff = Backoff(first=2 * policy.every, longest=max(policy.ceiling, policy.every))
    seconds = max(policy.floor, backoff.delay(failures, lambda: chance, asked=asked))
    return Turn(seconds=seconds, why="asked" if seconds == asked else "backoff")


def _wanted(before: float, rate: float, seen: Arrivals) -> tuple[float, Why]:
    if seen.full:
        return before / 2, "full_page"
    if not seen.new:
        return before * 2, "idle"
    target = min(TARGET, seen.page / 2)
    return min(target / rate, before * 2), "arrivals"


def _smoothed(rate: float, seen: float) -> float:
    weight = _RISING if seen > rate else _FALLING
    return rate + weight * (seen - rate)


def _within(policy: Policy, seconds: float) -> float:
    return min(max(seconds, policy.floor), max(policy.ceiling, policy.floor))
