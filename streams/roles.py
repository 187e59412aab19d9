"""The long-running processes: what each role is made of, and how it starts and ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import structlog

from monitor.services.escalation import Escalator
from streams import admin
from streams.app import add_agent, add_windows, build_app, owner_of
from streams.guard import Fuse, Guard
from streams.lifeline import Lifeline, Stopped
from streams.pool import JudgePool
from streams.producer import Producer
from streams.steps.escalate import Escalate
from streams.steps.inspect import Inspect
from streams.steps.notify import Notify
from streams.tables import OwnWindows
from streams.topics import Topics, topics

if TYPE_CHECKING:
    import faust

    from monitor.metrics import Metrics
    from monitor.services.health import Health
    from monitor.settings import Settings
    from streams.guard import Step
    from streams.topics import Topic

log = structlog.get_logger()

AHEAD: Final = 2
"""Batches under way per judging process: one is judged while the next is taken from Kafka."""

FORGET_EVERY: Final = 60.0
"""Seconds between two clean-ups of windows that cannot matter any more."""


def now() -> datetime:
    """Return the time: the clock of every process here."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """What every role is given."""

    settings: Settings
    topics: Topics
    metrics: Metrics
    health: Health
    lifeline: Lifeline

    def guard(self, step: Step, producer: Producer) -> Guard:
        """Return the guard of a step, with a fuse of its own."""
        fuse = self.settings.fuse
        return Guard(
            step=step,
            producer=producer,
            dead_letters=self.topics.dead_letters.name,
            fuse=Fuse(ratio=fuse.dead_letter_ratio, sample=fuse.dead_letter_sample),
            metrics=self.metrics,
            clock=now,
        )

    def carry(self, app: faust.App, topic: Topic, guard: Guard, *, depth: int = 1) -> None:
        """Let the guard carry a topic's messages."""
        add_agent(
            app, topic, guard, settings=self.settings, depth=depth, failed=self.lifeline.failed
        )
