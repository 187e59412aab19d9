"""All that one run measured, and how it is shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tests.bench.latency import RATE, Latency
from tests.bench.memory import Sample
from tests.bench.throughput import Pace, Throughput, middle


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """None is what was left out. `load` is the machine's load average before the run."""

    cpus: int
    load: float
    python: str
    throughput: Throughput | None
    latency: Latency | None
    memory: list[Sample] | None


def shown(report: Report) -> str:
    """Return the report as Markdown."""
    return "\n".join(_lines(report))


def _lines(report: Report) -> Iterator[str]:
    yield f"Python {report.python}, {report.cpus} CPUs, load average {report.load:.1f} before the run"
    if report.throughput:
        yield from _throughput(report.throughput)
    if report.latency:
        yield from _latency(report.latency)
    if report.memory:
        yield from _memory(report.memory)


def _throughput(measured: Throughput) -> Iterator[str]:
    yield f"\n{measured.comments} comments a round, comments a second\n"
    yield "| round | pass-through | the road | ratio | CPU of the pass-through | CPU of the road |"
    yield "|---|---|---|---|---|---|"
    for number, (baseline, road) in enumerate(zip(measured.passthrough, measured.road, strict=True), 1):
        ratio = road.per_second / baseline.per_second
        yield (
            f"| {number} | {baseline.per_second:.0f} | {road.per_second:.0f} | {ratio:.2f} "
            f"| {_cpu(baseline)} | {_cpu(road)} |"
        )
    medians = f"{middle(measured.passthrough):.0f} | {middle(measured.road):.0f}"
    yield f"| median | {medians} | **{measured.ratio:.2f}** | | |"


def _cpu(pace: Pace) -> str:
    return " + ".join(f"{name} {used:.0f} µs" for name, used in pace.cpu.items())


def _latency(measured: Latency) -> Iterator[str]:
    yield f"\n{RATE} comments a second, ms until the webhook had the alert, {measured.alerts} alerts\n"
    yield "| p50 | p95 | p99 | most |"
    yield "|---|---|---|---|"
    yield f"| {measured.p50:.0f} | {measured.p95:.0f} | {measured.p99:.0f} | {measured.most:.0f} |"


def _memory(samples: list[Sample]) -> Iterator[str]:
    parts = list(samples[-1].resident)
    yield "\nResident memory of one worker, MB\n"
    yield f"| comments | {' | '.join(parts)} | together |"
    yield "|---|" + "---|" * (len(parts) + 1)
    for sample in samples:
        each = " | ".join(f"{sample.resident[part]:.0f}" for part in parts)
        yield f"| {sample.comments} | {each} | {sample.total:.0f} |"
