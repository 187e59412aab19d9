"""Detoxify's scorer beside `Detoxify.predict`, on a BERT-base with random weights."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple

import torch
from detoxify import Detoxify

from monitor.domain.signals import LABELS, Language
from monitor.scorers.detoxify import DetoxifyScorer
from monitor.scorers.hardware import CPUINFO, multiplies_bf16
from monitor.scorers.network import DetoxifyNetwork, Precision
from tests.bench.comments import comments
from tests.checkpoints import make_checkpoint

BATCH: Final = 32
"""Comments that `Detoxify.predict` is given at once, as they come."""

VOCABULARY: Final = 380
"""Small enough that a word is 1.4 tokens, as it is in BERT's own."""

_EN: Final = Language(code="en", confidence=1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way to score the comments.

    `ratio` is to `Detoxify.predict` by the clock, `cpu_ratio` by the processor's time, which other
    programs on the machine change less. `difference` is the largest from its scores.
    """

    name: str
    per_second: float
    ratio: float
    cpu_ratio: float
    difference: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Speed:
    """All ways, the baseline first. `bf16` says what the processor multiplies bfloat16 by."""

    comments: int
    tokens: float
    threads: int
    bf16: str
    ways: tuple[Way, ...]


class Took(NamedTuple):
    """Seconds, by the clock and by the processor."""

    clock: float
    cpu: float


def bert_base() -> Any:
    """Return a `Detoxify` around a BERT-base with random weights, loaded as it loads its own."""
    with TemporaryDirectory(prefix="bench-detoxify-") as folder:
        base = make_checkpoint(Path(folder), comments(300, seed=7), vocabulary=VOCABULARY)
        detoxify = Detoxify(checkpoint=str(base.checkpoint), huggingface_config_path=str(base.folder))
    with torch.no_grad():
        detoxify.model.classifier.weight.mul_(20)  # scores that differ, where random ones are all 0.5
    return detoxify


def measure(count: int, threads: int) -> Speed:
    """Score the comments in each way, once each, after a warm-up."""
    torch.set_num_threads(threads)
    texts = comments(count)
    detoxify = bert_base()
    own, took = _timed(partial(_predict, detoxify, texts))
    baseline = Way(
        name="Detoxify.predict", per_second=count / took.clock, ratio=1.0, cpu_ratio=1.0, difference=0.0
    )
    tokens = sum(map(len, DetoxifyNetwork(detoxify).encode(texts))) / count
    return Speed(
        comments=count,
        tokens=tokens,
        threads=threads,
        bf16=_bf16(),
        ways=(baseline, *_ways(detoxify, texts, own, took)),
    )


def _ways(detoxify: Any, texts: list[str], own: list[list[float]], baseline: Took) -> Iterator[Way]:
    wanted: list[tuple[str, Precision]] = [("detoxify scorer, fp32", "off")]
    if _bf16():
        wanted.append(("detoxify scorer, bf16", "auto"))
    for name, precision in wanted:
        network = DetoxifyNetwork(detoxify, precision)
        network.warm_up()
        scorer = DetoxifyScorer(network, name, {"en"}, remembered=0)
        scores, took = _timed(partial(_score, scorer, texts))
        difference = max(
            abs(a - b)
            for one, other in zip(own, scores, strict=True)
            for a, b in zip(one, other, strict=True)
        )
        yield Way(
            name=name,
            per_second=len(texts) / took.clock,
            ratio=baseline.clock / took.clock,
            cpu_ratio=baseline.cpu / took.cpu,
            difference=difference,
        )


def _predict(detoxify: Any, texts: Sequence[str]) -> list[list[float]]:
    detoxify.predict(texts[:2])
    rows: list[list[float]] = []
    for start in range(0, len(texts), BATCH):
        found = detoxify.predict(list(texts[start : start + BATCH]))
        rows += [list(row) for row in zip(*(found[label] for label in LABELS), strict=True)]
    return rows


def _score(scorer: DetoxifyScorer, texts: Sequence[str]) -> list[list[float]]:
    scored = scorer.score(texts, [_EN] * len(texts))
    return [[each.labels[label] for label in LABELS] for each in scored if each]


def _timed(work: Callable[[], list[list[float]]]) -> tuple[list[list[float]], Took]:
    clock, cpu = time.perf_counter(), time.process_time()
    result = work()
    return result, Took(time.perf_counter() - clock, time.process_time() - cpu)


def _bf16() -> str:
    flags = CPUINFO.read_text(encoding="utf-8") if CPUINFO.exists() else ""
    return next(
        (name for name in ("amx_bf16", "avx512_bf16") if name in flags and multiplies_bf16(flags)), ""
    )
