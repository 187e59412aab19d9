"""Comments a second of one worker, without and with a model, beside Faust's plain pass-through."""

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


PASSTHROUGH: Final = "pass-through"
BY_RULES: Final = "by rules"
WITH_MODEL: Final = "with the embedded model"
CONTENDERS: Final = (PASSTHROUGH, BY_RULES, WITH_MODEL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """One round. `cpu` is microseconds of CPU a comment, by part of the process."""

    per_second: float
    cpu: dict[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Throughput:
    """The rounds of each contender; they ran in turn."""

    comments: int
    rounds: dict[str, list[Pace]]

    def median(self, contender: str) -> float:
        """Return the comments a second of its round in the middle."""
        return median(pace.per_second for pace in self.rounds[contender])

    def ratio(self, contender: str) -> float:
        """Return how many times the pass-through's median its median is."""
        return self.median(contender) / self.median(PASSTHROUGH)


async def measure(bootstrap: str, size: int, rounds: int) -> Throughput:
    """Run all in turn, each over the same comments, which stand in Kafka before it starts."""
    paces: dict[str, list[Pace]] = {contender: [] for contender in CONTENDERS}
    for number in range(rounds):
        for contender in CONTENDERS:
            async with stage(bootstrap) as on:
                await produce(on.kafka, comments(size, on.book.slurs, seed=number))
                paces[contender].append(await _pace(on, contender, size))
    return Throughput(comments=size, rounds=paces)


async def _pace(on: Stage, contender: str, size: int) -> Pace:
    """Time from where the warm-up ends to the last record on the output topic."""
    start, out = _contender(on, contender)
    patience = 60 + size / SLOWEST
    async with Growth(on.kafka, out) as growth, start as process:
        began, first = await growth.reaches(round(size * WARM_UP), patience, process.alive)
        before = process.cpu()
        ended, last = await growth.reaches(size, patience, process.alive)
        after = process.cpu()
    count = last - first
    cpu = {part: (after[part] - before[part]) / count * 1e6 for part in after}
    return Pace(per_second=count / (ended - began), cpu=cpu)


def _contender(on: Stage, name: str) -> tuple[AbstractAsyncContextManager[Running], Topic]:
    """Return how it is started and where its records go."""
    if name == PASSTHROUGH:
        return on.passthrough(), on.passed
    scorer = "none" if name == BY_RULES else "embedded"
    return on.worker(scorer), topics(on.kafka).verdicts
