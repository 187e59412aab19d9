"""Whether the cluster still lets us in, as `/readyz`, the metrics and the log tell it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

import structlog

from monitor.domain.errors import Misconfigured, Retryable
from streams.greeting import greet

if TYPE_CHECKING:
    from monitor.metrics import Metrics
    from monitor.settings import KafkaSettings
    from streams.producer import Producer
    from streams.readiness import Readiness

log = structlog.get_logger()

EVERY: Final = 10.0
"""Seconds between two looks."""


async def feel_pulse(
    kafka: KafkaSettings, producer: Producer, readiness: Readiness, metrics: Metrics, *, every: float = EVERY
) -> None:
    """Ask the cluster again and again, without end.

    The consumers and producers of a running process try on and on, whether the broker is away or
    takes our login no longer; so does the process, since either may pass. But it says so.
    """
    told = ""
    while True:
        trouble = "" if await producer.is_answered() else await _trouble(kafka)
        metrics.broker(up=not trouble)
        if trouble:
            readiness.lost("kafka")
        else:
            readiness.reached("kafka")
        if trouble and trouble != told:
            log.error("kafka.away", reason=trouble)
        elif told and not trouble:
            log.info("kafka.back")
        told = trouble
        await asyncio.sleep(every)


async def _trouble(kafka: KafkaSettings) -> str:
    try:
        await greet(kafka)
    except (Misconfigured, Retryable) as error:
        return str(error)
    return ""
