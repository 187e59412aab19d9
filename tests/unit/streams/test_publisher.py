from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from monitor.domain.comments import CommentEvent
from monitor.domain.dead_letters import DeadLetter
from monitor.metrics import Metrics
from monitor.ports import Unreadable
from monitor.ports.wire import EVENTS
from monitor.settings import KafkaSettings
from monitor.sources.lines import KEPT
from streams.dead_letters import from_record
from streams.producer import Record
from streams.publisher import KafkaPublisher
from streams.topics import MAX_COMMENT, topics
from tests.trial import an_event

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)


@dataclass(slots=True)
class Shelf:
    """Keeps the records that are sent to it."""

    records: list[Record] = field(default_factory=list)

    async def send(self, records: Iterable[Record]) -> None:
        """Acknowledge at once."""
        self.records += records

    def letters(self) -> list[DeadLetter]:
        """Return what went to the dead letters."""
        return [
            from_record(record.key, record.value, record.headers, written_at=NOON)
            for record in self.records
            if record.topic == "acme.dead-letters"
        ]


def a_publisher(shelf: Shelf, metrics: Metrics | None = None) -> KafkaPublisher:
    declared = topics(KafkaSettings(topic_prefix="acme."))
    return KafkaPublisher(producer=shelf, topics=declared, clock=lambda: NOON, metrics=metrics or Metrics())


def named(event: CommentEvent, native_id: str) -> CommentEvent:
    return replace(event, comment=replace(event.comment, native_id=native_id))


async def test_events_go_onto_the_road_in_order_each_under_its_comments_key() -> None:
    shelf = Shelf()
    events = [named(an_event("Well said."), name) for name in ("7", "8", "7")]
    await a_publisher(shelf).publish(events)
    assert shelf.records == [
        Record("acme.comments", event.comment.key.encode(), EVENTS.encode(event)) for event in events
    ]


async def test_what_is_too_large_for_the_road_is_buried_and_holds_up_no_other() -> None:
    shelf, metrics = Shelf(), Metrics()
    large, small = an_event("x" * MAX_COMMENT), an_event("Well said.")
    await a_publisher(shelf, metrics).publish([large, small])
    assert [record.topic for record in shelf.records] == ["acme.comments", "acme.dead-letters"]
    (letter,) = shelf.letters()
    size = len(EVENTS.encode(large))
    assert (letter.step, letter.reason, letter.partition) == ("ingest", "too_large", -1)
    assert letter.detail == f"the comment takes {size:,} bytes, 1,048,576 fit; the first 65,536 are kept here"
    assert letter.payload == EVENTS.encode(large)[:KEPT]
    labels = {"step": "ingest", "reason": "too_large"}
    assert metrics.registry.get_sample_value("comment_monitor_dead_letters_total", labels) == 1


async def test_an_endless_id_counts_too() -> None:
    shelf = Shelf()
    await a_publisher(shelf).publish([named(an_event("Well said."), "7" * (MAX_COMMENT * 2 // 3))])
    assert [letter.reason for letter in shelf.letters()] == ["too_large"]


async def test_an_unreadable_record_is_buried_with_its_origin_and_its_bytes() -> None:
    shelf = Shelf()
    record = Unreadable(
        payload=b"\xff{", reason="malformed", detail="no JSON", origin="jsonl:gazette:comments.jsonl:17"
    )
    await a_publisher(shelf).bury([record])
    assert shelf.letters() == [
        DeadLetter(
            step="ingest",
            reason="malformed",
            detail="no JSON",
            topic="acme.comments",
            partition=-1,
            offset=-1,
            failed_at=NOON,
            payload=b"\xff{",
            origin="jsonl:gazette:comments.jsonl:17",
        )
    ]
