"""The cascade beside Detoxify alone, end to end: every comment through the road that it would take."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

import torch

from monitor.domain.signals import LABELS, Language, Scores
from monitor.ports import Need
from monitor.scorers.cascade import Cascade
from monitor.scorers.detoxify import DetoxifyScorer
from monitor.scorers.embedded.scorer import load_embedded
from monitor.scorers.network import DetoxifyNetwork
from tests.bench.comments import comments
from tests.bench.detoxify import bert_base

TOXIC: Final = 0.1
"""The share of comments that have an insult put into them."""

NEED: Final = Need(borders=dict.fromkeys(LABELS, 0.8))
"""What rules ask: whether any label is at 0.8."""

BEHIND: Final = Need(borders=NEED.borders, waited=60.0)
SHED_AFTER: Final = 30.0
SHARE: Final = 0.1

_INSULTS: Final = ("you stupid idiot", "shut up moron", "what a pathetic loser you are", "go to hell fool")
_EN: Final = Language(code="en", confidence=1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Road:
    """One road: its speed, by the clock and by the processor, and what gave how many scores."""

    name: str
    per_second: float
    per_cpu_second: float
    scored_by: Mapping[str, int]


def measure(count: int, threads: int, given: Path | None = None) -> tuple[Road, ...]:
    """Send the comments down each road once: those of a file, one a line, or made up ones.

    How much a cascade saves depends on the comments. Made up ones are words at random, which the
    first model doubts more often than what people write.
    """
    torch.set_num_threads(threads)
    texts = given.read_text("utf-8").splitlines()[:count] if given else list(_texts(count))
    count, languages = len(texts), [_EN] * len(texts)
    first = load_embedded()
    second = DetoxifyScorer(DetoxifyNetwork(bert_base(), "auto"), "detoxify", {"en"}, remembered=0)
    cascade = Cascade(first, second, share=SHARE, shed_after=SHED_AFTER)
    for scorer in (first, second):
        scorer.score(texts[:1], [_EN])
    return (
        _road("detoxify alone", count, lambda: second.score(texts, languages)),
        _road("cascade", count, lambda: cascade.score_for(texts, languages, NEED)),
        _road("cascade, comments waited 60 s", count, lambda: cascade.score_for(texts, languages, BEHIND)),
        _road("embedded alone", count, lambda: first.score(texts, languages)),
    )


def _texts(count: int) -> Iterator[str]:
    random = Random(3)
    for text in comments(count, seed=3):
        yield f"{text} {random.choice(_INSULTS)}" if random.random() < TOXIC else text


def _road(name: str, count: int, work: Callable[[], list[Scores | None]]) -> Road:
    clock, cpu = time.perf_counter(), time.process_time()
    scores = work()
    clock, cpu = time.perf_counter() - clock, time.process_time() - cpu
    return Road(
        name=name,
        per_second=count / clock,
        per_cpu_second=count / cpu,
        scored_by=Counter(each.scored_by if each else "unknown" for each in scores),
    )
