"""All that one run measured, and how it is shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tests.bench.latency import RATE, Latency
from tests.bench.memory import Sample
from tests.bench.throughput import Throughput


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
    yield f"\n{measured.comments} comments a round\n"
    yield "| one worker | comments a second, by round | median | ratio | CPU a comment, median round |"
    yield "|---|---|---|---|---|"
    for contender, rounds in measured.rounds.items():
        each = ", ".join(f"{pace.per_second:.0f}" for pace in rounds)
        middle = sorted(rounds, key=lambda pace: pace.per_second)[len(rounds) // 2]
        cpu = " + ".join(f"{part} {used:.0f} µs" for part, used in middle.cpu.items())
        median = f"{measured.median(contender):.0f} | **{measured.ratio(contender):.2f}**"
        yield f"| {contender} | {each} | {median} | {cpu} |"


def _latency(measured: Latency) -> Iterator[str]:
    yield f"\n{RATE} comments a second, ms until the webhook had the alert, {measured.alerts} alerts\n"
    yield "| p50 | p95 | p99 | most |"
    yield "|---|---|---|---|"
    yield f"| {measured.p50:.0f} | {measured.p95:.0f} | {measured.p99:.0f} | {measured.most:.0f} |"


def _memory(samples: list[Sample]) -> Iterator[str]:
    parts = list(samples[-1].resident)
    yield "\nResident memory of one worker, MB; what is shared once: proportional\n"
    yield f"| comments | {' | '.join(parts)} | together | proportional |"
    yield "|---|" + "---|" * (len(parts) + 2)
    for sample in samples:
        each = " | ".join(f"{sample.resident[part]:.0f}" for part in parts)
        yield f"| {sample.comments} | {each} | {sample.total:.0f} | {sample.proportional:.0f} |"
