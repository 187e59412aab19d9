"""A message that one step could not process, kept whole so that it can be replayed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """`payload` is the message's bytes as they came.

    `reason` is from a closed set (a metric label); `detail` is for a person and holds no comment
    text. `topic` is where a replay sends the payload; `partition` and `offset` say where it stood
    (-1 for a record that never was a Kafka message; then `origin` says where it came from, such
    as `comments.jsonl:17`).
    """

    step: str
    reason: str
    detail: str
    topic: str
    partition: int
    offset: int
    failed_at: datetime
    payload: bytes
    key: bytes | None = None
    origin: str = ""
