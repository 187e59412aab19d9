"""The product's borders: what an outer room must provide, as Protocols.

Everything that does I/O stands behind one of these; the composition root (`streams/wiring.py`,
the command line) chooses the adapter. `monitor.ports.wire` is the format that crosses them.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

from monitor.domain.alerts import Alert
from monitor.domain.comments import CommentEvent
from monitor.domain.signals import Language, Scores


class Clock(Protocol):
    """Tells the time, with a zone."""

    def __call__(self) -> datetime:
        """Return now."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A record of a source that could not be made a comment.

    `payload` is the record as it came, `origin` its place (`comments.jsonl:17`).
    """

    payload: bytes
    reason: str
    detail: str
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """What a source remembers of one comment, to tell news from what is known.

    `digest` changes with whatever an edit changes; it gives no text away. `gone` says that its
    deletion was told; `missed` counts the readings in a row in which it was not where it ought to be.
    """

    native_id: str
    digest: str
    seen_at: datetime
    thread: str | None = None
    created_at: datetime | None = None
    gone: bool = False
    missed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What a source read in one go, and the cursor after it.

    `cursor` is opaque to everyone but its source; resuming from it gives what follows. `sightings`
    are kept in the same transaction as the cursor; what was last seen before `forget_before` is
    dropped in it.
    """

    events: tuple[CommentEvent, ...]
    cursor: str
    unreadable: tuple[Unreadable, ...] = ()
    sightings: tuple[Sighting, ...] = ()
    forget_before: datetime | None = None


class Source(Protocol):
    """Where comments come from.

    Ids are stable over re-reads. An iteration that ends means that the source is exhausted.
    """

    @property
    def name(self) -> str:
        """Return the name that the cursor is kept under, unique in a deployment."""
        ...

    def batches(self, cursor: str | None) -> AsyncIterator[Batch]:
        """Yield everything after `cursor` (None: from the beginning).

        Raises:
            Retryable: the site or file cannot be read now.
            Misconfigured: it never will be, as it is set up.
        """
        ...


class Cursors(Protocol):
    """Remembers how far each source was read, durably."""

    async def load(self, source: str) -> str | None:
        """Return the cursor saved last, or None."""
        ...

    async def save(self, source: str, batch: Batch) -> None:
        """Save the batch's cursor and sightings, all or nothing; they survive SIGKILL once this returns."""
        ...


class Sightings(Protocol):
    """What sources remember of the comments they saw. Written by `Cursors.save` alone."""

    async def known(self, source: str, native_ids: Collection[str]) -> Mapping[str, Sighting]:
        """Return what is remembered of these comments, by id; those never seen are left out."""
        ...

    async def standing(self, source: str, thread: str | None, since: datetime) -> Mapping[str, Sighting]:
        """Return the comments that are not gone, created (or, without a time, seen) since then.

        With a thread only those in it; None means all of the source.
        """
        ...

    async def beginning(self, source: str, prefix: str) -> Mapping[str, Sighting]:
        """Return the comments that are not gone whose ids begin so, such as all of one account's."""
        ...


class Publisher(Protocol):
    """Takes comment events over durably."""

    async def publish(self, events: Sequence[CommentEvent]) -> None:
        """Return once every event is acknowledged by the broker.

        Raises:
            Retryable: not all were; publishing all of them again is safe.
        """
        ...

    async def bury(self, letters: Sequence[Unreadable]) -> None:
        """Return once every unreadable record stands in the dead letters."""
        ...


class LanguageIdentifier(Protocol):
    """Tells the language of texts. CPU-bound; call it off the event loop."""

    def identify(self, texts: Sequence[str]) -> list[Language]:
        """Return one language a text, in order; `und` where it cannot be told."""
        ...


class Scorer(Protocol):
    """Gives toxicity scores. CPU-bound; call it off the event loop."""

    @property
    def name(self) -> str:
        """Return the model's name, as metrics and `scored_by` show it."""
        ...

    def covers(self, language: str) -> bool:
        """Return whether it can judge texts in the language of this code, if only by some labels."""
        ...

    def score(self, texts: Sequence[str], languages: Sequence[Language]) -> list[Scores | None]:
        """Return scores a text, in order; None where this model cannot judge the text.

        Raises:
            Retryable: the model failed this time.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What scores are wanted for.

    `borders` are the lowest numbers that rules compare each label's score with: below them all
    scores are the same to the rules. `waited` is how long the texts have waited, in seconds.
    """

    borders: Mapping[str, float]
    waited: float = 0.0


@runtime_checkable
class AdaptiveScorer(Scorer, Protocol):
    """A scorer that does as much for each text as is needed and as there is time for."""

    @property
    def trouble(self) -> str:
        """Return why the last texts were scored with less care than was needed; empty where they were not."""
        ...

    def score_for(
        self, texts: Sequence[str], languages: Sequence[Language], need: Need
    ) -> list[Scores | None]:
        """Return what `score` does; `scored_by` says where care was left out.

        Raises:
            Retryable: the model failed this time.
        """
        ...


class Receiver(Protocol):
    """A channel that alerts go out by."""

    @property
    def name(self) -> str:
        """Return the receiver's name in the settings, unique."""
        ...

    async def deliver(self, alert: Alert) -> str:
        """Deliver and return the channel's answer in a few words, for the delivery record.

        Raises:
            Retryable: the channel is down or asks to wait; the same delivery is tried again.
            Rejected: the channel will never take this one.
        """
        ...

    async def close(self) -> None:
        """Release connections."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One alert on its way to one receiver. `attempts` counts the tries so far.

    `held` says that it was put off at least once without having been tried.
    """

    alert: Alert
    receiver: str
    enqueued_at: datetime
    attempts: int = 0
    held: bool = False


class Deliveries(Protocol):
    """The durable record of what must go out and what has gone.

    Survives SIGKILL. `(alert.delivery_id, receiver)` identifies a delivery: putting it in twice
    keeps the first, whatever has become of it. All methods raise Retryable where the record cannot
    be read or written now.
    """

    async def enqueue(self, alerts: Sequence[Alert], receivers: Sequence[str]) -> int:
        """Record that these alerts must go to these receivers; return how many were new.

        All of them are recorded, or none.
        """
        ...

    async def due(self, receiver: str, now: datetime, limit: int) -> list[Delivery]:
        """Return what is waiting for this receiver and may be tried now, oldest first.

        An alert's later revision is left out while an earlier one is due too.
        """
        ...

    async def next_due(self, receiver: str, after: datetime) -> datetime | None:
        """Return when the next one that is postponed beyond `after` may be tried, if any is."""
        ...

    async def delivered(self, delivery: Delivery, answer: str, now: datetime) -> None:
        """Record that the channel took it. The alert's content is no longer kept."""
        ...

    async def postpone(self, delivery: Delivery, until: datetime, error: str) -> None:
        """Record a failed try and when the next may be."""
        ...

    async def hold(self, deliveries: Sequence[Delivery], until: datetime) -> None:
        """Put off what was not tried; that counts as no attempt."""
        ...

    async def refused(self, delivery: Delivery, reason: str, now: datetime) -> None:
        """Record that the channel will never take it. The alert's content is kept until purged."""
        ...

    async def waiting(self) -> Mapping[str, int]:
        """Return how many deliveries wait, by receiver."""
        ...

    async def delivered_since(self, receiver: str, since: datetime) -> list[tuple[str, datetime]]:
        """Return the rule and time of what this receiver took since then, oldest first."""
        ...

    async def purge(self, before: datetime) -> int:
        """Forget what was delivered or refused before then; return how many.

        An alert event that is replayed after that goes out again: keep the record for longer than
        Kafka keeps the alerts.
        """
        ...
