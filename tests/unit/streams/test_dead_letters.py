from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.dead_letters import DeadLetter
from streams.dead_letters import HEADERS, from_record, to_record

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
LETTER = DeadLetter(
    step="inspect",
    reason="schema",
    detail="`text` is missing",
    topic="comments",
    partition=2,
    offset=17,
    failed_at=NOON,
    payload=b"{}",
    key=b"gazette:7",
)

zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
places = st.integers(-1, 2**63 - 1)
letters = st.builds(
    DeadLetter,
    step=st.text(),
    reason=st.text(),
    detail=st.text(),
    topic=st.text(),
    partition=places,
    offset=places,
    failed_at=st.datetimes(timezones=zones),
    payload=st.binary(),
    key=st.none() | st.binary(),
    origin=st.text(),
)


@given(letters)
def test_a_letter_comes_back_as_it_was_whatever_its_bytes(letter: DeadLetter) -> None:
    record = to_record("dead-letters", letter)
    assert from_record(record.key, record.value, record.headers, written_at=NOON) == letter


def test_the_record_is_the_message_as_it_came_so_that_any_tool_may_replay_it() -> None:
    record = to_record("dead-letters", replace(LETTER, payload=b"\xff\x00 not UTF-8"))
    assert (record.topic, record.key, record.value) == ("dead-letters", b"gazette:7", b"\xff\x00 not UTF-8")


def test_the_headers_are_those_that_are_documented() -> None:
    assert [name for name, _ in to_record("dead-letters", LETTER).headers] == list(HEADERS)


def test_an_origin_that_no_encoding_knows_is_written_readably() -> None:
    letter = replace(LETTER, origin="jsonl:gazette:caf\udce9.jsonl:17")
    assert dict(to_record("dead-letters", letter).headers)["origin"] == b"jsonl:gazette:caf\\udce9.jsonl:17"


def test_a_message_of_another_hand_is_a_letter_as_far_as_it_goes() -> None:
    assert from_record(None, None, [], written_at=NOON) == DeadLetter(
        step="",
        reason="",
        detail="",
        topic="",
        partition=-1,
        offset=-1,
        failed_at=NOON,
        payload=b"",
    )


@pytest.mark.parametrize("partition", [b"two", b"", b"-3", b"9" * 5000, b"1.5", None])
def test_a_place_that_is_none_is_no_place(partition: bytes | None) -> None:
    letter = from_record(None, b"x", [("partition", partition), ("offset", partition)], written_at=NOON)
    assert (letter.partition, letter.offset) == (-1, -1)


@pytest.mark.parametrize("time", [b"yesterday", b"2026-11-28T11:00:00", b"\xff", None])
def test_without_a_time_that_can_be_compared_it_failed_when_it_was_written(time: bytes | None) -> None:
    assert from_record(None, b"x", [("failed_at", time)], written_at=NOON).failed_at == NOON
