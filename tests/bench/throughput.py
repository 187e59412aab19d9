"""Comments a second of one worker, beside Faust's plain pass-through."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from statistics import median
from typing import Final

from streams.topics import Topic, topics
from tests.bench.broker import Growth, produce
from tests.bench.generated import comments
from tests.bench.processes import Running
from tests.bench.stage import Stage, stage

WARM_UP: Final = 0.2
"""The first share of the comments is not timed: connections open, caches fill."""

SLOWEST: Final = 300
"""Comments a second, below which a round is given up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """One round. `cpu` is microseconds of CPU a comment, by part of the process."""

    per_second: float
    cpu: dict[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Throughput:
    """The rounds of both, in the order that they ran in: pass-through, road, pass-through, ..."""

    comments: int
    passthrough: list[Pace]
    road: list[Pace]

    @property
    def ratio(self) -> float:
        """Return how many times the pass-through's median the road's is."""
        return middle(self.road) / middle(self.passthrough)


def middle(rounds: list[Pace]) -> float:
    """Return the median of the comments a second."""
    return median(pace.per_second for pace in rounds)


async def measure(bootstrap: str, size: int, rounds: int) -> Throughput:
    """Run both in turn, each over the same comments, which stand in Kafka before it starts."""
    passthrough, road = [], []
    for number in range(rounds):
        async with stage(bootstrap) as each:
            await produce(each.kafka, comments(size, each.book.slurs, seed=number))
            passthrough.append(await _pace(each, each.passthrough(), each.passed, size))
            road.append(await _pace(each, each.worker(), topics(each.kafka).verdicts, size))
    return Throughput(comments=size, passthrough=passthrough, road=road)


async def _pace(on: Stage, start: AbstractAsyncContextManager[Running], out: Topic, size: int) -> Pace:
    """Time from where the warm-up ends to the last record on the output topic."""
    patience = 60 + size / SLOWEST
    async with Growth(on.kafka, out) as growth, start as process:
        began, first = await growth.reaches(round(size * WARM_UP), patience, process.alive)
        before = process.cpu()
        ended, last = await growth.reaches(size, patience, process.alive)
        after = process.cpu()
    count = last - first
    cpu = {part: (after[part] - before[part]) / count * 1e6 for part in after}
    return Pace(per_second=count / (ended - began), cpu=cpu)
