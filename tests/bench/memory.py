"""Resident memory of one worker, before and after many comments."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Final

from streams.topics import topics
from tests.bench.broker import Growth, produce
from tests.bench.generated import comments
from tests.bench.processes import Running
from tests.bench.stage import stage
from tests.bench.throughput import SLOWEST

SAMPLES: Final = (0.05, 0.25, 0.5, 0.75, 1.0)
"""Shares of the comments, after each of which it is read. What comes before the first is warm-up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """MB (10^6 bytes) by part of the worker, after so many comments.

    What two parts share (the interpreter, libraries) is in the resident memory of both. `proportional`
    is all of them with what is shared counted once.
    """

    comments: int
    resident: dict[str, float]
    proportional: float

    @property
    def total(self) -> float:
        """Return the whole worker's."""
        return sum(self.resident.values())


async def measure(bootstrap: str, size: int) -> list[Sample]:
    """Return the worker's memory when it is ready, and as comments go through it."""
    async with (
        stage(bootstrap) as on,
        Growth(on.kafka, topics(on.kafka).verdicts) as growth,
        on.worker() as worker,
    ):
        await worker.ready()
        samples = [_sample(0, worker)]
        producing = asyncio.create_task(produce(on.kafka, comments(size, on.book.slurs)))
        for share in SAMPLES:
            _, judged = await growth.reaches(round(size * share), 60 + size / SLOWEST, worker.alive)
            samples.append(_sample(judged, worker))
        await producing
    return samples


def _sample(judged: int, worker: Running) -> Sample:
    return Sample(comments=judged, resident=worker.resident(), proportional=worker.proportional())
