"""Trying again until it works: a broker that is away comes back."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from itertools import count
from typing import Final, TypeVar

import structlog

from monitor.domain.errors import Retryable
from monitor.ports.backoff import Backoff

log = structlog.get_logger()

BACKOFF: Final = Backoff(first=0.2, longest=10.0)

T = TypeVar("T")


async def patiently(what: str, attempt: Callable[[], Awaitable[T]]) -> T:
    """Return what `attempt` gives, however long it takes until it works.

    `what` names the attempt in the log. Anything but `Retryable` is raised at once.
    """
    for failures in count(1):
        try:
            return await attempt()
        except Retryable as error:
            pause = BACKOFF.delay(failures, random.random, asked=error.retry_after)
            log.warning("retry", what=what, failures=failures, pause=round(pause, 2), reason=str(error))
            await asyncio.sleep(pause)
    raise AssertionError("unreachable: the count never ends")
