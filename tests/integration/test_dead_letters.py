"""Messages that cannot be processed are kept with their reason, and can be sent again."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from random import Random

import pytest

from monitor.domain.dead_letters import DeadLetter
from monitor.ports.wire import EVENTS, VERDICTS
from monitor.settings import KafkaSettings
from streams.dead_letters import to_record
from streams.producer import Producer
from tests.deployment import Deployment, eventually
from tests.workload import workload

GOOD = EVENTS.encode(workload(1).events[0])
MALFORMED = (
    (b"not json at all", "malformed"),
    (b"", "malformed"),
    (None, "malformed"),
    (b'{"v":1,"kind":"created"', "malformed"),
    (b'{"v":1}', "schema"),
    (GOOD.replace(b'"created"', b'"shouted"'), "schema"),
    (GOOD.replace(b'"text":"', b'"text":7,"was":"'), "schema"),
    (GOOD.replace(b'"v":1', b'"v":9'), "version"),
    (GOOD.replace(b"gazette", b"\xff\xfe"), "malformed"),
)


def mixed(good: int, bad: int) -> tuple[list[tuple[bytes, bytes | None]], Counter[str]]:
    """Return messages in random order, and how many fail for which reason."""
    made = workload(good)
    messages = [(event.comment.key.encode(), EVENTS.encode(event)) for event in made.events]
    reasons: Counter[str] = Counter()
    for number in range(bad):
        payload, reason = MALFORMED[number % len(MALFORMED)]
        messages.append((f"bad-{number}".encode(), payload))  # type: ignore[arg-type]
        reasons[reason] += 1
    Random(3).shuffle(messages)
    return messages, reasons  # type: ignore[return-value]


async def test_every_malformed_message_becomes_a_dead_letter_and_every_good_one_is_judged(
    road: Deployment, request: pytest.FixtureRequest
) -> None:
    size = request.config.getoption("--road-size") // 2
    messages, reasons = mixed(size, size // 5)
    await road.send_raw(messages)
    await road.start("worker", "run", "worker")

    async with road.tail("dead-letters") as letters, road.tail("verdicts") as verdicts:

        async def all_settled() -> bool:
            return len(await letters.look()) + len(await verdicts.look()) >= len(messages)

        await eventually("every message judged or buried", all_settled)
        found = [dict(message.headers) for message in letters.messages]
        assert Counter(headers["reason"].decode() for headers in found) == reasons
        assert all(headers["step"] == b"inspect" and headers["detail"] for headers in found)
        judged = {VERDICTS.decode(message.value).event.comment.key for message in verdicts.messages}
        assert judged == {key.decode() for key, _ in messages if not key.startswith(b"bad-")}
        kept = {message.key: message.value or None for message in letters.messages}
        assert kept == {key: value or None for key, value in messages if key.startswith(b"bad-")}


async def test_letters_are_listed_without_their_words_and_shown_with_them(road: Deployment) -> None:
    event = workload(1).events[0]
    await road.send_raw([(b"broken", EVENTS.encode(event).replace(b'"v":1', b'"v":9'))])
    await road.start("worker", "run", "worker")

    async def buried() -> bool:
        return len(await road.read("dead-letters")) == 1

    await eventually("the letter is buried", buried)
    code, listed = await road.command("dead-letters", "list", "--format", "json")
    assert code == 0
    letter = json.loads(listed)
    assert (letter["step"], letter["reason"]) == ("inspect", "version")
    assert event.comment.text not in listed
    code, shown = await road.command("dead-letters", "show", letter["place"])
    assert (code, event.comment.text in shown) == (0, True)


async def test_letters_that_a_faulty_release_left_are_judged_after_the_fix(road: Deployment) -> None:
    events = workload(50).events
    comments = f"{road.prefix}comments"
    letters = [
        to_record(
            f"{road.prefix}dead-letters",
            DeadLetter(
                step="inspect",
                reason="unexpected",
                detail="ZeroDivisionError",
                topic=comments,
                partition=0,
                offset=number,
                failed_at=datetime.now(UTC),
                payload=EVENTS.encode(event),
                key=event.comment.key.encode(),
            ),
        )
        for number, event in enumerate(events)
    ]
    async with Producer(KafkaSettings(bootstrap=road.bootstrap)) as producer:
        await producer.send(letters)
    code, output = await road.command("dead-letters", "replay", "--reason", "unexpected")
    assert (code, output) == (0, f"{len(events)} replayed, 0 still cannot be read\n")
    await road.start("worker", "run", "worker")

    async def judged() -> bool:
        keys = {message.key.decode() for message in await road.read("verdicts")}
        return keys == {event.comment.key for event in events}

    await eventually("every replayed comment is judged", judged)


async def test_an_unreadable_record_of_a_file_is_buried_and_read_anew_by_replay(road: Deployment) -> None:
    path = road.folder / "comments.jsonl"
    path.write_text('{"id": "1", "text": "fine"}\n{"id": "2", "text": 5}\n')
    assert (await road.command("run", "ingest", "--input", str(path), "--source", "gazette"))[0] == 0
    (letter,) = await road.read("dead-letters")
    headers = dict(letter.headers)
    assert (headers["step"], headers["reason"]) == (b"ingest", b"schema")
    assert letter.value == b'{"id": "2", "text": 5}'
    code, output = await road.command("dead-letters", "replay", "--all")
    assert (code, "0 replayed, 1 still cannot be read" in output) == (1, True)


async def test_a_topic_full_of_malformed_messages_stops_the_worker(road: Deployment) -> None:
    await road.send_raw([(f"bad-{number}".encode(), b"junk") for number in range(1500)])
    worker = await road.start("worker", "run", "worker")
    await eventually("the worker stopped by itself", lambda: _ended(worker))
    assert worker.returncode == 78
    assert "failed: the worker stops rather than drain the topic" in road.log("worker")
    assert len(await road.read("dead-letters")) < 1500


async def _ended(process: object) -> bool:
    return getattr(process, "returncode", None) is not None
