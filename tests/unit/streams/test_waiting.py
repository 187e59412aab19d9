from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from monitor.metrics import Metrics
from monitor.settings import KafkaSettings, Settings
from streams.guard import Message
from streams.judging import Judged, Refused
from streams.pool import JudgePool
from streams.steps.inspect import Inspect
from streams.topics import topics

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)


class Listening(JudgePool):
    """Judges nothing and remembers how long it was told that comments waited."""

    waited: float | None = None

    async def judge(self, payloads: Sequence[bytes | None], waited: float = 0.0) -> list[Judged | Refused]:
        self.waited = waited
        return [Refused("malformed", "it is a test") for _ in payloads]


def written(seconds_ago: float | None) -> Message:
    moment = None if seconds_ago is None else (NOON - timedelta(seconds=seconds_ago)).timestamp()
    return Message(topic="comments", partition=0, offset=0, key=None, value=b"?", written_at=moment)


@pytest.mark.parametrize(
    ("ages", "expected"), [((1, 30, 2), 30), ((None, 5), 5), ((None,), 0), ((-3,), 0), ((), 0)]
)
async def test_the_judges_hear_how_long_the_oldest_comment_has_waited(
    ages: Sequence[float | None], expected: float
) -> None:
    async with Listening(Settings()) as pool:
        step = Inspect(pool=pool, topics=topics(KafkaSettings()), metrics=Metrics(), clock=lambda: NOON)
        await step.process([written(age) for age in ages])
        assert expected == pool.waited
