"""A backtest's report as a person reads it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from monitor.cli.output import counted, table_lines
from monitor.engine.precision import Precision
from monitor.notifiers.excerpt import safe
from monitor.services.backtest import BacktestReport, Change, RuleReport
from monitor.services.samples import Sample

_WHOLE: Final = 3
"""Up to so many rules are told of at length; more are a table."""


def report_lines(report: BacktestReport) -> Iterator[str]:
    """Yield the lines of the report."""
    yield (
        f"{counted(report.verdicts, 'verdict')} over {_length(report.hours)}, "
        f"{_minute(report.first)} to {_minute(report.last)}"
    )
    if len(report.rules) > _WHOLE:
        yield from _table(report)
        return
    for rule in report.rules:
        yield ""
        yield from _rule(rule)


def _table(report: BacktestReport) -> Iterator[str]:
    ranked = sorted(report.rules, key=lambda rule: (-rule.alerts, -rule.matches, rule.rule))
    yield from table_lines([_row(rule) for rule in ranked if rule.matches or _changed(rule)])
    silent = sum(not (rule.matches or _changed(rule)) for rule in ranked)
    if silent:
        yield f"{counted(silent, 'rule')} matched nothing"


def _row(rule: RuleReport) -> dict[str, str]:
    row = {
        "rule": rule.rule,
        "status": str(rule.status),
        "matches": str(rule.matches),
        "alerts": str(rule.alerts),
        "an_hour": f"{rule.alerts_per_hour:.2g}",
        "authors": str(rule.authors),
        "threads": str(rule.threads),
    }
    if rule.precision.decided:
        row["precision"] = _precision(rule.precision)
    if rule.change:
        row["alerts_new"] = f"+{rule.change.alerts_new}"
        row["alerts_gone"] = f"-{rule.change.alerts_gone}"
    return row


def _changed(rule: RuleReport) -> bool:
    return rule.change is not None and bool(rule.change.matches_new or rule.change.matches_gone)


def _rule(rule: RuleReport) -> Iterator[str]:
    yield f"{rule.rule} ({rule.status})"
    yield (
        f"  matches    {rule.matches} by {counted(rule.authors, 'author')} "
        f"({rule.by_one_author} by one) in {counted(rule.threads, 'thread')}"
    )
    yield f"  alerts     {rule.alerts}, {rule.alerts_per_hour:.2g} an hour{_details(rule)}"
    if rule.precision.decided:
        yield f"  precision  {_precision(rule.precision)}"
    if rule.cut_off:
        yield f"  undecided  {counted(rule.cut_off, 'comment')}: its patterns took too long"
    for other, count in rule.overlap.items():
        yield f"  overlap    {count / rule.matches:.0%} with {other}"
    yield from _samples("sample", rule.samples)
    if rule.change:
        yield from _change(rule.change)


def _details(rule: RuleReport) -> str:
    if not rule.alerts:
        return ""
    severities = ", ".join(f"{count} {severity}" for severity, count in rule.severities.items())
    return f": {severities}; most in one hour {rule.busiest}, {_minute(rule.busiest_at)}"


def _precision(precision: Precision) -> str:
    if precision.share is None:
        return "unknown"
    return f"{precision.share:.0%} of {precision.decided} decided, at least {precision.at_least:.0%}"


def _change(change: Change) -> Iterator[str]:
    yield f"  against    matches +{change.matches_new} -{change.matches_gone}"
    yield f"             alerts +{change.alerts_new} -{change.alerts_gone}"
    yield from _samples("new", change.new)
    yield from _samples("gone", change.gone)


def _samples(name: str, samples: Sequence[Sample]) -> Iterator[str]:
    for sample in samples:
        yield f"  {name:<9}  {_minute(sample.at)} {safe(sample.comment)}: {safe(sample.excerpt)}"


def _minute(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else "never"


def _length(hours: float) -> str:
    return counted(round(hours), "hour") if hours < 72 else f"{hours / 24:.0f} days"  # noqa: PLR2004 - days read better then
