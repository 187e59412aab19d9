"""The one table of topics: what flows where, by which key, for how long."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.settings import KafkaSettings

MAX_MESSAGE: Final = 4 * 1024 * 1024
"""Bytes. A verdict carries its comment, so what comes out may be larger than what came in."""

MAX_COMMENT: Final = 1024 * 1024
"""Bytes of one comment event."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """One topic as it must be on the broker.

    `retention` is in seconds; None keeps the last value of every key for ever (compaction).
    """

    name: str
    key: str
    holds: str
    partitions: int
    replication: int
    retention: float | None
    max_message: int = MAX_MESSAGE

    @property
    def configs(self) -> dict[str, str]:
        """Return the topic's settings in Kafka's own terms."""
        size = {"max.message.bytes": str(self.max_message)}
        if self.retention is None:
            return {"cleanup.policy": "compact", **size}
        return {"cleanup.policy": "delete", "retention.ms": str(round(self.retention * 1000)), **size}


@dataclass(frozen=True, slots=True, kw_only=True)
class Topics:
    """All topics of one deployment.

    `windows` is the changelog of the windows that `observations` are counted in: its partitions
    equal theirs, or a worker would look for a window in another worker's partition.
    """

    comments: Topic
    verdicts: Topic
    observations: Topic
    windows: Topic
    alerts: Topic
    dead_letters: Topic

    def __iter__(self) -> Iterator[Topic]:
        """Yield them in the order of the road."""
        yield from (
            self.comments,
            self.verdicts,
            self.observations,
            self.windows,
            self.alerts,
            self.dead_letters,
        )


def topics(kafka: KafkaSettings) -> Topics:
    """Return the topics of a deployment with these settings."""

    def topic(
        name: str, key: str, holds: str, retention: float | None, max_message: int = MAX_MESSAGE
    ) -> Topic:
        return Topic(
            name=kafka.topic_prefix + name,
            key=key,
            holds=holds,
            partitions=kafka.partitions,
            replication=kafka.replication,
            retention=retention,
            max_message=max_message,
        )

    keep = kafka.retention
    return Topics(
        comments=topic(
            "comments", "source:native_id", "what happened to a comment", keep.comments, MAX_COMMENT
        ),
        verdicts=topic(
            "verdicts", "source:native_id", "the archive: what was judged, and why", keep.verdicts
        ),
        observations=topic(
            "observations", "rule and group", "a match that counts towards an alert", keep.observations
        ),
        windows=topic("windows", "rule and group", "the windows' state, compacted", None),
        alerts=topic("alerts", "alert id", "opened, updated", keep.alerts),
        dead_letters=topic(
            "dead-letters", "the message's own", "bytes as they came; why in the headers", keep.dead_letters
        ),
    )
