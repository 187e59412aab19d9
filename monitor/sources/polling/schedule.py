"""When a site is read next, and why: plain computations.

The interval follows the rate of arrival, so that a reading brings a few new comments and never
more than half a page: a page full of unknown comments means that some may have been missed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Final

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
    """Return the turn after so many failures in a row (from 1): doubling ceilings with full jitter."""
    ceiling = min(policy.every * 2.0 ** min(failures, 60), max(policy.ceiling, policy.every))
    seconds = max(policy.floor, ceiling * chance)
    return Turn(seconds=max(seconds, asked), why="asked" if asked > seconds else "backoff")


def fresh_for(headers: Mapping[str, str]) -> float:
    """Return for how many seconds an answer with these headers says that it stays the same.

    RFC 9111, section 4.2: `max-age` less `Age`, else `Expires` less `Date`; 0 where it may not be kept.
    """
    directives = _directives(headers.get("cache-control", ""))
    if directives.keys() & {"no-store", "no-cache"}:
        return 0.0
    if "max-age" in directives:
        return max(_number(directives["max-age"]) - _number(headers.get("age", "")), 0.0)
    expires, date = _date(headers.get("expires", "")), _date(headers.get("date", ""))
    return max((expires - date).total_seconds(), 0.0) if expires and date else 0.0


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


def _directives(header: str) -> dict[str, str]:
    parts = (part.strip().partition("=") for part in header.lower().split(","))
    return {name: value.strip('" ') for name, _, value in parts}


def _number(text: str) -> float:
    return float(text) if text.isascii() and text.isdigit() else 0.0


def _date(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text)
    except ValueError:
        return None
