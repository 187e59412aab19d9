"""Dead letters on the wire: the payload as it came, everything about it in the headers.

So a letter is replayed by sending its value to its topic again, by any Kafka tool.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Final

from monitor.domain.dead_letters import DeadLetter
from streams.producer import Record

if TYPE_CHECKING:
    from collections.abc import Iterable

HEADERS: Final[Mapping[str, str]] = {
    "step": "the step that gave up: ingest, inspect, escalate or notify",
    "reason": "malformed, schema, version, too_large, window, unexpected: also the metric's label",
    "detail": "for a person: the field and what is wrong with it, never its content",
    "topic": "where a replay sends the payload",
    "partition": "where the message stood; -1 for a record that never was a message",
    "offset": "where the message stood; -1 for a record that never was a message",
    "origin": "where a record came from that never was a message: format:source:file:line",
    "failed_at": "ISO 8601, the worker's clock",
}


def to_record(topic: str, letter: DeadLetter) -> Record:
    """Return the record that keeps the letter."""
    values = {
        "step": letter.step,
        "reason": letter.reason,
        "detail": letter.detail,
        "topic": letter.topic,
        "partition": str(letter.partition),
        "offset": str(letter.offset),
        "origin": letter.origin,
        "failed_at": letter.failed_at.isoformat(),
    }
    headers = tuple((name, values[name].encode(errors="backslashreplace")) for name in HEADERS)
    return Record(topic, letter.key, letter.payload, headers=headers)


def from_record(
    key: bytes | None,
    value: bytes | None,
    headers: Iterable[tuple[str, bytes | None]],
    *,
    written_at: datetime,
) -> DeadLetter:
    """Return the letter that `to_record` made this of.

    A message that another hand put into the topic becomes a letter too, as far as its headers go,
    so that one of them never hides the others; it failed when it was written.
    """
    values = {name: (raw or b"").decode(errors="replace") for name, raw in headers}
    return DeadLetter(
        step=values.get("step", ""),
        reason=values.get("reason", ""),
        detail=values.get("detail", ""),
        topic=values.get("topic", ""),
        partition=_number(values.get("partition", "")),
        offset=_number(values.get("offset", "")),
        failed_at=_time(values.get("failed_at", "")) or written_at,
        payload=value or b"",
        key=key,
        origin=values.get("origin", ""),
    )


def _number(text: str) -> int:
    return int(text) if re.fullmatch(r"[0-9]{1,19}", text) else -1


def _time(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
