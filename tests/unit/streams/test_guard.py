from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from prometheus_client import CollectorRegistry

from monitor.domain.dead_letters import DeadLetter
from monitor.domain.errors import Misconfigured, Rejected, Retryable
from monitor.metrics import Metrics
from streams.dead_letters import from_record
from streams.guard import Failure, Fuse, Guard, Message, Outcome
from streams.producer import Record

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
LETTERS = "dead-letters"
WORDS = "words of a person"


@dataclass(slots=True)
class Diary:
    """What happened, in order. The records that were sent to it are acknowledged at once."""

    entries: list[str] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    refusals: int = 0

    async def send(self, records: Iterable[Record]) -> None:
        """Take the records over, but for the first few times."""
        records = list(records)
        if records and self.refusals:
            self.refusals -= 1
            raise Retryable("the broker is away")
        self.records += records
        self.entries += [f"{record.topic}:{(record.value or b'').decode()}" for record in records]

    def letters(self) -> list[DeadLetter]:
        """Return what went to the dead letters."""
        return [
            from_record(record.key, record.value, record.headers, written_at=NOON)
            for record in self.records
            if record.topic == LETTERS
        ]


@dataclass(frozen=True, slots=True)
class Echo:
    """Produces every message's value; `trouble` may raise for a batch."""

    diary: Diary
    trouble: Callable[[Sequence[Message]], None] = lambda _: None
    name: str = "inspect"

    async def process(self, messages: Sequence[Message]) -> Outcome:
        self.trouble(messages)
        return Outcome(
            records=[Record("out", each.key, each.value) for each in messages],
            changes=[Record("state", each.key, each.value) for each in messages],
            done=lambda: self.diary.entries.append("done"),
        )


def messages(*values: str) -> list[Message]:
    return [
        Message(topic="in", partition=3, offset=10 + number, key=b"k", value=value.encode())
        for number, value in enumerate(values)
    ]


def a_guard(step: Echo, *, ratio: float = 1.0, sample: int = 1000) -> Guard:
    return Guard(
        step=step,
        producer=step.diary,
        dead_letters=LETTERS,
        fuse=Fuse(ratio=ratio, sample=sample),
        metrics=Metrics(),
        clock=lambda: NOON,
    )


def on_value(value: str, error: Exception) -> Callable[[Sequence[Message]], None]:
    """Return trouble with every batch that holds this value."""

    def trouble(messages: Sequence[Message]) -> None:
        if any(message.value == value.encode() for message in messages):
            raise error

    return trouble


def carried() -> asyncio.Future[None]:
    """Return the carrying of a batch before that is at its end."""
    before = asyncio.get_running_loop().create_future()
    before.set_result(None)
    return before


def failed() -> asyncio.Future[None]:
    """Return the carrying of a batch before that has failed."""
    before = asyncio.get_running_loop().create_future()
    before.set_exception(Misconfigured.plain("the fuse blew"))
    return before


def count(registry: CollectorRegistry, reason: str) -> float | None:
    labels = {"step": "inspect", "reason": reason}
    return registry.get_sample_value("comment_monitor_dead_letters_total", labels)


async def test_records_go_out_before_changes_before_done_before_the_acknowledgement() -> None:
    diary = Diary()
    await a_guard(Echo(diary)).carry(messages("a", "b"), carried())
    diary.entries.append("acknowledged")
    assert diary.entries == ["out:a", "out:b", "state:a", "state:b", "done", "acknowledged"]


async def test_what_a_batch_leads_to_goes_out_after_the_batch_before() -> None:
    diary = Diary()
    processed = asyncio.Event()
    before = asyncio.get_running_loop().create_future()
    guard = a_guard(Echo(diary, lambda _: processed.set()))
    second = asyncio.create_task(guard.carry(messages("second"), before))
    await processed.wait()
    diary.entries.append("first")
    before.set_result(None)
    await second
    assert diary.entries == ["first", "out:second", "state:second", "done"]


async def test_nothing_is_produced_behind_a_batch_that_failed() -> None:
    diary = Diary()
    with pytest.raises(Misconfigured):
        await a_guard(Echo(diary)).carry(messages("second"), failed())
    assert diary.entries == []


async def test_nothing_is_produced_in_parts_behind_a_batch_that_failed() -> None:
    diary = Diary()
    step = Echo(diary, on_value("bad", ValueError()))
    with pytest.raises(Misconfigured):
        await a_guard(step).carry(messages("good", "bad"), failed())
    assert diary.entries == []


async def test_a_batch_that_fails_as_a_whole_is_tried_message_by_message() -> None:
    diary = Diary()
    step = Echo(diary, on_value("bad", ValueError(WORDS)))
    await a_guard(step).carry(messages("a", "bad", "c"), carried())
    assert [entry for entry in diary.entries if entry.startswith("out")] == ["out:a", "out:c"]
    assert [letter.payload for letter in diary.letters()] == [b"bad"]


async def test_a_rejected_message_is_kept_with_its_reason_its_place_and_its_bytes() -> None:
    diary = Diary()
    guard = a_guard(Echo(diary, on_value("bad", Rejected("schema", "`text` is missing"))))
    await guard.carry(messages("a", "bad"), carried())
    assert diary.letters() == [
        DeadLetter(
            step="inspect",
            reason="schema",
            detail="`text` is missing",
            topic="in",
            partition=3,
            offset=11,
            failed_at=NOON,
            payload=b"bad",
            key=b"k",
        )
    ]
    assert count(guard.metrics.registry, "schema") == 1


async def test_of_an_unexpected_error_only_its_kind_is_told() -> None:
    diary = Diary()
    guard = a_guard(Echo(diary, on_value("bad", KeyError(WORDS))))
    await guard.carry(messages("bad"), carried())
    (letter,) = diary.letters()
    assert (letter.reason, letter.detail) == ("unexpected", "KeyError")
    assert count(guard.metrics.registry, "unexpected") == 1


async def test_messages_that_a_step_refuses_itself_become_letters_beside_what_it_produces() -> None:
    diary = Diary()

    class Choosy(Echo):
        async def process(self, messages: Sequence[Message]) -> Outcome:
            return Outcome(
                records=[Record("out", None, b"a")], failures=[Failure(messages[1], "malformed", "no JSON")]
            )

    await a_guard(Choosy(diary)).carry(messages("a", "bad"), carried())
    assert diary.entries == ["out:a", "dead-letters:bad"]
    assert [(letter.reason, letter.offset) for letter in diary.letters()] == [("malformed", 11)]


async def test_a_message_without_a_value_is_kept_too() -> None:
    diary = Diary()
    step = Echo(diary, on_value("", Rejected("malformed", "the message is empty")))
    await a_guard(step).carry(messages(""), carried())
    assert [letter.payload for letter in diary.letters()] == [b""]


async def test_what_may_work_later_is_tried_until_it_works_and_never_buried() -> None:
    diary = Diary()
    tries = iter([Retryable("away"), Retryable("away"), None])

    def trouble(_: Sequence[Message]) -> None:
        if error := next(tries):
            raise error

    await a_guard(Echo(diary, trouble)).carry(messages("a"), carried())
    assert diary.entries == ["out:a", "state:a", "done"]


async def test_a_broker_that_is_away_delays_and_loses_nothing() -> None:
    diary = Diary(refusals=2)
    await a_guard(Echo(diary)).carry(messages("a"), carried())
    assert diary.entries == ["out:a", "state:a", "done"]


async def test_a_message_that_leads_to_more_than_a_topic_takes_is_buried_and_the_rest_goes_on() -> None:
    class Narrow(Diary):
        async def send(self, records: Iterable[Record]) -> None:
            records = list(records)
            if any(record.topic == "out" and record.value == b"large" for record in records):
                raise Rejected("too_large", "a record that comes of it is larger than its topic takes")
            await Diary.send(self, records)

    diary = Narrow()
    await a_guard(Echo(diary)).carry(messages("a", "large", "c"), carried())
    assert [entry for entry in diary.entries if entry.startswith("out")] == ["out:a", "out:c"]
    assert [(letter.reason, letter.payload) for letter in diary.letters()] == [("too_large", b"large")]


async def test_what_a_person_must_change_stops_the_step_and_buries_carried() -> None:
    diary = Diary()
    step = Echo(diary, on_value("a", Misconfigured.plain("the rules are broken")))
    with pytest.raises(Misconfigured, match="the rules are broken"):
        await a_guard(step).carry(messages("a"), carried())
    assert diary.entries == []


async def test_a_blown_fuse_leaves_its_batch_where_it_was() -> None:
    diary = Diary()
    step = Echo(diary, on_value("bad", ValueError()))
    with pytest.raises(Misconfigured, match="2 of the last 2 messages of inspect failed"):
        await a_guard(step, ratio=0.5, sample=2).carry(messages("bad", "bad", "bad"), carried())
    assert [letter.offset for letter in diary.letters()] == [10]
