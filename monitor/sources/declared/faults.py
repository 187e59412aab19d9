"""What an answer means that is not what was asked for: wait, stop, or try again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Final

from monitor.domain.errors import Retryable
from monitor.ports.http import seconds_until
from monitor.sources.declared.data import json_or_none
from monitor.sources.declared.expressions import QUERY, Query, compile_query
from monitor.sources.forms import LENGTH, TEXT, Given, Key, group, listing, whole, word
from monitor.sources.web.message import Answer, Refused

_RETRY_ON: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
_STOP_ON: Final = frozenset({401, 403, 410})
_REASONS: Final[Mapping[int, str]] = {401: "unauthorized", 403: "forbidden", 404: "not_found", 410: "gone"}
_LONGEST_WAIT: Final = 86_400.0
_THROTTLED_WAIT: Final = 60.0
_STOPPED_WAIT: Final = 900.0


class Reset(StrEnum):
    """How a site writes when its quota begins anew."""

    EPOCH = "epoch"
    DELTA = "delta"
    ISO = "iso"


class Then(StrEnum):
    """What is done about an answer."""

    RETRY = "retry"
    STOP = "stop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """An answer that says in its body what is wrong, whatever its status."""

    when: Query
    then: Then
    wait: float | None = None
    wait_path: Query | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """Where a site says how many requests are left, and when it counts anew: a header, or a path."""

    remaining: str
    reset: str
    form: Reset

    def wait(self, answer: Answer, content: object) -> float:
        """Return the seconds until the next request may be made; 0 while some are left."""
        remaining = _number(_told(self.remaining, answer, content))
        if remaining is None or remaining >= 1:
            return 0.0
        return _seconds(_told(self.reset, answer, content), self.form, answer.received_at) or _THROTTLED_WAIT


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """How a site says that something is wrong. `pause` is where a good answer asks to wait."""

    retry_on: frozenset[int] = _RETRY_ON
    stop_on: frozenset[int] = _STOP_ON
    wait_header: str = "retry-after"
    quota: Quota | None = None
    body: Sequence[Saying] = ()
    pause: Query | None = None

    def check(self, answer: Answer) -> None:
        """Return if the status is that of an answer to read.

        Raises:
            Refused: asking again is in vain until somebody changes something.
            Retryable: asking later may do; with the seconds, where the answer says so.
        """
        if answer.status < HTTPStatus.MULTIPLE_CHOICES:
            return
        self.check_content(answer, json_or_none(answer.body) if self.body else None)
        wait = self._wait(answer)
        if answer.status in self.stop_on and answer.status not in self.retry_on:
            reason = _REASONS.get(answer.status, "refused")
            raise Refused(reason, f"the site answers {answer.status}", retry_after=wait or _STOPPED_WAIT)
        raise Retryable(f"the site answers {answer.status}", retry_after=wait)

    def check_content(self, answer: Answer, content: object) -> None:
        """Return if the body does not say that something is wrong.

        Raises:
            Refused: asking again is in vain for long.
            Retryable: asking later may do.
        """
        for saying in self.body:
            if not saying.when.holds(content):
                continue
            told = _number(saying.wait_path.search(content)) if saying.wait_path else None
            wait = told or saying.wait or self._wait(answer)
            if saying.then is Then.STOP:
                raise Refused("refused", "the site's answer says to stop", retry_after=wait or _STOPPED_WAIT)
            raise Retryable("the site's answer says to wait", retry_after=wait or _THROTTLED_WAIT)

    def rest(self, answer: Answer, content: object) -> float:
        """Return how many seconds a good answer asks to wait before the next request."""
        asked = _number(self.pause.search(content)) if self.pause else None
        quota = self.quota.wait(answer, content) if self.quota else 0.0
        return min(max(asked or 0.0, quota), _LONGEST_WAIT)

    def _wait(self, answer: Answer) -> float | None:
        told = answer.headers.get(self.wait_header)
        found = _seconds(told, Reset.DELTA, answer.received_at)
        if found is None and self.quota is not None:
            found = self.quota.wait(answer, None) or None
        return None if found is None else min(found, _LONGEST_WAIT)


def _told(name: str, answer: Answer, content: object) -> object:
    header = answer.headers.get(name.lower())
    if header is not None or "-" in name:
        return header
    return compile_query(name).search(content)


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        number = float(value)
    except ValueError:
        return None
    return number if 0 <= number < float("inf") else None


def _seconds(value: object, form: Reset, now: datetime) -> float | None:
    """Return the seconds from now; a length of time may also be a date (RFC 9110, section 10.2.3)."""
    number = _number(value)
    if number is not None:
        return max(number - now.timestamp(), 0.0) if form is Reset.EPOCH else number
    if not isinstance(value, str):
        return None
    if form is not Reset.ISO:
        return seconds_until(value, now)
    try:
        moment = datetime.fromisoformat(value.strip())
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max((moment - now).total_seconds(), 0.0)


WHEN: Final = Key(name="when", says="true of the body (JMESPath)", form=QUERY, needed=True, example="errors")
THEN: Final = Key(
    name="then", says="`retry`: ask again later; `stop`: ask again seldom", form=word(Then), needed=True
)
WAIT: Final = Key(name="wait", says="how long", form=LENGTH)
WAIT_PATH: Final = Key(name="wait_path", says="where the body says how many seconds", form=QUERY)
REMAINING: Final = Key(
    name="remaining",
    says="how many requests are left: a header, or a path in the body",
    form=TEXT,
    needed=True,
)
RESET: Final = Key(name="reset", says="when it counts anew: a header, or a path", form=TEXT, needed=True)
RESET_FORMAT: Final = Key(
    name="reset_format",
    says="`epoch`: seconds since 1970; `delta`: from now; `iso`: a time",
    form=word(Reset),
)
RETRY_ON: Final = Key(
    name="retry_on", says="statuses after which to ask again", form=listing(whole(least=300))
)
STOP_ON: Final = Key(
    name="stop_on", says="statuses after which to ask seldom, and tell people", form=listing(whole(least=300))
)
WAIT_HEADER: Final = Key(name="wait_header", says="the header that says how long to wait", form=TEXT)
QUOTA: Final = Key(name="quota", says="where the site counts", form=group(REMAINING, RESET, RESET_FORMAT))
BODY: Final = Key(
    name="body",
    says="what the body says to be wrong, whatever the status",
    form=listing(group(WHEN, THEN, WAIT, WAIT_PATH)),
)
PAUSE: Final = Key(
    name="pause", says="where a good answer asks to wait, in seconds", form=QUERY, example="backoff"
)
ERRORS: Final = group(RETRY_ON, STOP_ON, WAIT_HEADER, QUOTA, BODY, PAUSE)


def faults_of(given: Given) -> Faults:
    """Return how the site says that something is wrong; without more, as HTTP has it."""
    retry_on, stop_on = given.get(RETRY_ON), given.get(STOP_ON)
    quota = given.get(QUOTA)
    return Faults(
        retry_on=_RETRY_ON if retry_on is None else frozenset(retry_on),
        stop_on=_STOP_ON if stop_on is None else frozenset(stop_on),
        wait_header=(given.get(WAIT_HEADER) or "retry-after").lower(),
        quota=_quota(quota) if quota else None,
        body=[_saying(each) for each in given.get(BODY) or () if WHEN in each],
        pause=given.get(PAUSE),
    )


def _quota(given: Given) -> Quota:
    return Quota(
        remaining=given.get(REMAINING) or "",
        reset=given.get(RESET) or "",
        form=given.get(RESET_FORMAT) or Reset.DELTA,
    )


def _saying(given: Given) -> Saying:
    return Saying(
        when=given.get(WHEN) or compile_query("@"),
        then=given.get(THEN) or Then.RETRY,
        wait=given.get(WAIT),
        wait_path=given.get(WAIT_PATH),
    )
