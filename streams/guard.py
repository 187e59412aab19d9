"""Nothing is lost: a message that cannot be processed goes to the dead letters with its reason.

A Faust agent that raises still acknowledges its message, so every agent runs behind this guard.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypeVar

import structlog

from monitor.domain.dead_letters import DeadLetter
from monitor.domain.errors import Misconfigured, Rejected
from streams.dead_letters import to_record
from streams.faults import name_of, where
from streams.patience import patiently
from streams.producer import Record

if TYPE_CHECKING:
    from monitor.metrics import Metrics
    from monitor.ports import Clock
    from streams.producer import Sender

log = structlog.get_logger()

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One Kafka message as it came. `written_at` is when it was, in seconds since 1970."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    written_at: float | None = None

    @property
    def place(self) -> tuple[int, int]:
        """Return what tells the messages of a topic apart: partition and offset."""
        return self.partition, self.offset


@dataclass(frozen=True, slots=True)
class Failure:
    """One message that can never be processed, and why."""

    message: Message
    reason: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a step made of a batch.

    `records` are produced first, then `changes`, the step's state; then `done` takes the state
    over and counts, then the batch is acknowledged. A process killed between any two repeats work
    and loses none.
    """

    records: Sequence[Record] = ()
    failures: Sequence[Failure] = ()
    changes: Sequence[Record] = ()
    done: Callable[[], None] = field(default=lambda: None)


class Step(Protocol):
    """One stop of the road, free of Faust."""

    @property
    def name(self) -> str:
        """Return the step's name, as metrics and dead letters show it."""
        ...

    async def process(self, messages: Sequence[Message]) -> Outcome:
        """Return what to produce for these messages. Must be safe to repeat.

        Raises:
            Retryable: the whole batch may work later.
            Rejected: a message of a batch of one can never work.
        """
        ...


class Fuse:
    """Stops a worker that would drain its topic into the dead letters.

    It blows when more than `ratio` of the last `sample` messages failed.
    """

    def __init__(self, *, ratio: float, sample: int) -> None:
        self._ratio = ratio
        self._recent: deque[bool] = deque(maxlen=sample)

    def record(self, step: str, failed: Iterable[bool]) -> None:
        """Count a batch, its messages in order: whether each failed.

        Raises:
            Misconfigured: too many failed; nothing of this batch may be acknowledged.
        """
        recent = self._recent
        recent.extend(failed)
        if len(recent) == recent.maxlen and sum(recent) > self._ratio * len(recent):
            raise Misconfigured.plain(
                f"{sum(recent)} of the last {len(recent)} messages of {step} failed: the worker stops "
                "rather than drain the topic into the dead letters",
                hint="look at `comment-monitor dead-letters list`; if this is expected, raise "
                "fuse.dead_letter_ratio",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """Runs one step over batches so that every message ends processed or as a dead letter."""

    step: Step
    producer: Sender
    dead_letters: str
    fuse: Fuse
    metrics: Metrics
    clock: Clock

    async def carry(self, messages: Sequence[Message], before: Awaitable[None]) -> None:
        """Return once all that the batch led to stands in Kafka and the step's state is saved.

        `before` is the carrying of the batch before: what this one leads to goes out after it.
        A batch that fails as a whole is tried again message by message; so is one that leads to
        something that Kafka will never take.

        Raises:
            Misconfigured: the fuse blew; the batch must not be acknowledged.
        """
        began = time.monotonic()
        try:
            outcome = await self._insist(lambda: self.step.process(messages))
        except Misconfigured:
            raise
        except Exception as error:  # noqa: BLE001 - the one broad net of the process
            await before
            await self._split(messages, error)
        else:
            await before
            try:
                await self._settle(outcome, messages)
            except Rejected as error:
                await self._split(messages, error)
        self.metrics.batch(self.step.name, len(messages), time.monotonic() - began)

    async def _split(self, messages: Sequence[Message], error: Exception) -> None:
        log.warning(
            "batch.split", step=self.step.name, size=len(messages), error=name_of(error), where=where(error)
        )
        for message in messages:
            outcome = await self._alone(message)
            try:
                await self._settle(outcome, [message])
            except Rejected as refusal:
                failure = Failure(message, refusal.reason, refusal.detail)
                await self._settle(Outcome(failures=[failure]), [message])

    async def _alone(self, message: Message) -> Outcome:
        try:
            return await self._insist(lambda: self.step.process([message]))
        except Misconfigured:
            raise
        except Rejected as error:
            return Outcome(failures=[Failure(message, error.reason, error.detail)])
        except Exception as error:  # noqa: BLE001 - the same net, for a batch of one
            return Outcome(failures=[Failure(message, "unexpected", name_of(error))])

    async def _settle(self, outcome: Outcome, messages: Sequence[Message]) -> None:
        failed = {failure.message.place for failure in outcome.failures}
        self.fuse.record(self.step.name, (message.place in failed for message in messages))
        letters = [self._letter(failure) for failure in outcome.failures]
        records = [*outcome.records, *(to_record(self.dead_letters, letter) for letter in letters)]
        await self._insist(lambda: self.producer.send(records))
        await self._insist(lambda: self.producer.send(outcome.changes))
        outcome.done()
        for letter in letters:
            self._report(letter)

    async def _insist(self, attempt: Callable[[], Awaitable[T]]) -> T:
        return await patiently(self.step.name, attempt)

    def _letter(self, failure: Failure) -> DeadLetter:
        message = failure.message
        return DeadLetter(
            step=self.step.name,
            reason=failure.reason,
            detail=failure.detail,
            topic=message.topic,
            partition=message.partition,
            offset=message.offset,
            failed_at=self.clock(),
            payload=message.value or b"",
            key=message.key,
        )

    def _report(self, letter: DeadLetter) -> None:
        self.metrics.dead_letter(letter.step, letter.reason)
        log.warning(
            "dead_letter",
            step=letter.step,
            reason=letter.reason,
            detail=letter.detail,
            topic=letter.topic,
            partition=letter.partition,
            offset=letter.offset,
        )
