"""How long a host asks not to be asked again: Retry-After, and quotas that are used up.

Quota headers have no standard yet and many forms: `X-RateLimit-Remaining` with an
`X-RateLimit-Reset` in seconds from now (Reddit), in seconds since 1970 (GitHub) or as an ISO date
(Mastodon), the same without the `X-`, and the IETF's `RateLimit` field in the two syntaxes of its
drafts (draft-ietf-httpapi-ratelimit-headers, 07 and 10).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Final

from monitor.ports.http import http_date, seconds_until

LONGEST_WAIT: Final = 3_600.0
"""Seconds that a host is waited for at most, whatever it says: a wrong header must not end the watch."""

UNTOLD_WAIT: Final = 10.0
"""Seconds that a host is left alone after a 429 that does not say how long."""

_BUSY: Final = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS})
_FAMILIES: Final = ("x-ratelimit", "x-rate-limit", "ratelimit")
_NUMBER: Final = re.compile(r"\d{1,15}(?:\.\d{1,9})?", re.ASCII)
_LEFT: Final = re.compile(r"\b(?:r|remaining)=(\d{1,15})\b", re.ASCII)
_RENEWED: Final = re.compile(r"\b(?:t|reset)=(\d{1,15})\b", re.ASCII)
_SINCE_1970: Final = 1e8
_IN_MILLISECONDS: Final = 1e11


def asked_wait(status: int, headers: Mapping[str, str], now: datetime) -> float | None:
    """Return for how many seconds the host is to be left alone; None where it asks for nothing.

    Header names are in small letters. What a 2xx answer's Retry-After means is not defined and
    not heard; a quota that the answer used up is.
    """
    waits = list(_spent(headers, now))
    failed = status >= HTTPStatus.BAD_REQUEST
    if failed and (asked := seconds_until(headers.get("retry-after", ""), now)) is not None:
        waits.append(asked)
    if status == HTTPStatus.TOO_MANY_REQUESTS and not waits:
        return UNTOLD_WAIT
    return min(max(waits), LONGEST_WAIT) if waits else None


def is_busy(status: int, wait: float | None) -> bool:
    """Return whether the same request may well succeed later.

    A 403 with a wait is how GitHub throttles; without, it is a refusal and an answer like any other.
    """
    throttled = status == HTTPStatus.FORBIDDEN and wait is not None
    return throttled or status in _BUSY or status >= HTTPStatus.INTERNAL_SERVER_ERROR


def spread(headers: Mapping[str, str], now: datetime) -> float:
    """Return the seconds from request to request that make quotas last until they are renewed, else 0."""
    paces = [renewed / left for left, renewed in _quotas(headers, now) if left >= 1]
    return min(max(paces, default=0.0), LONGEST_WAIT)


def _spent(headers: Mapping[str, str], now: datetime) -> Iterator[float]:
    """Yield the seconds until each quota that is used up is renewed."""
    return (renewed for left, renewed in _quotas(headers, now) if left < 1)


def _quotas(headers: Mapping[str, str], now: datetime) -> Iterator[tuple[float, float]]:
    """Yield the requests that each quota has left, and the seconds until it is renewed."""
    for family in _FAMILIES:
        left = _number(headers.get(f"{family}-remaining", ""))
        renewed = _renewed(headers.get(f"{family}-reset", ""), now)
        if left is not None and renewed is not None:
            yield left, renewed
    draft = headers.get("ratelimit", "")
    for policy in draft.split(",") if ";" in draft else [draft]:
        left_in, renewed_in = _LEFT.search(policy), _RENEWED.search(policy)
        if left_in and renewed_in:
            yield float(left_in[1]), float(renewed_in[1])


def _number(value: str) -> float | None:
    return float(value) if _NUMBER.fullmatch(value.strip()) else None


def _renewed(value: str, now: datetime) -> float | None:
    """Return the seconds until then; numbers tell by their size what they count from."""
    number = _number(value)
    if number is None:
        moment = _moment(value)
        return None if moment is None else max((moment - now).total_seconds(), 0.0)
    if number < _SINCE_1970:
        return number
    seconds = number / 1000 if number >= _IN_MILLISECONDS else number
    return max(seconds - now.timestamp(), 0.0)


def _moment(value: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value.strip())
    except ValueError:
        return http_date(value)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
