"""`comment-monitor judge`: what the rules say about a file of comments, with no broker."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Final, Literal, TypedDict, Unpack

import click

from monitor.api import build_inspector
from monitor.domain.errors import Rejected
from monitor.domain.severity import Severity
from monitor.domain.verdicts import Verdict
from monitor.scorers.choose import KINDS
from monitor.services.inspection import Inspector
from monitor.services.rows import alert_line, verdict_line
from monitor.services.twin import Tally, judge_source
from monitor.settings import Configuration, ScorerKind, Settings
from monitor.sources.files import open_source
from monitor.sources.formats import Format

_SHOWN: Final = 10
"""Unreadable records listed one by one; the others are counted."""


class Options(TypedDict):
    """The command's options."""

    path: str
    form: Format | Literal["auto"]
    source: str | None
    rules: Path | None
    out: IO[bytes]
    alerts: IO[bytes] | None
    scorer: ScorerKind | None


@click.command(short_help="Judge a file of comments, with no broker.")
@click.option("--input", "path", required=True, metavar="FILE", help="The comments; - for standard input.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["auto", "jsonl", "csv", "page"]),
    default="auto",
    show_default=True,
    help="auto goes by the file's name, then by its first line.",
)
@click.option("--source", metavar="NAME", help="The site the comments come from; else the file's name.")
@click.option(
    "--rules",
    type=click.Path(path_type=Path),
    help="A rule file or a folder. Without it: the setting rules.path, else ./rules, else the bundled packs.",
)
@click.option(
    "--out",
    metavar="FILE",
    type=click.File("wb"),
    default="-",
    help="Verdicts, a JSON object a line; else standard output.",
)
@click.option(
    "--alerts",
    metavar="FILE",
    type=click.File("wb"),
    help="Alerts in their final state, a JSON object a line.",
)
@click.option(
    "--scorer",
    type=click.Choice(KINDS),
    help="Without it: the setting toxicity.scorer. With none, toxicity is unknown, never 0.",
)
@click.pass_obj
def command(configuration: Configuration, **options: Unpack[Options]) -> None:
    """Judge a file of comments by your rules, in this process, with no broker.

    Gives the same verdicts and alerts as the running monitor: for trying rules out, for running
    them on the past, and for reports of what went wrong.

    Exit code 0 when every record was judged, 65 when some could not be read.
    """
    settings = _chosen(configuration.load().settings, options)
    inspector = build_inspector(settings, lambda: datetime.now(UTC))
    source = open_source(_place(options["path"]), options["form"], options["source"])
    out, alerts = options["out"], options["alerts"]
    scored = Counter[str]()

    def record(verdict: Verdict) -> None:
        scored[_scored_by(verdict)] += 1
        out.write(verdict_line(verdict))

    tally = asyncio.run(judge_source(source, inspector, record))
    out.write(b"")  # an empty file rather than none
    if alerts:
        alerts.write(b"".join(alert_line(alert) for alert in tally.alerts.values()))
    for line in _summary(tally, inspector, scored):
        click.echo(line, err=True)
    if tally.unreadable:
        raise Rejected("malformed", "what is named above could not be read and was not judged")


def _chosen(settings: Settings, options: Options) -> Settings:
    """Return the settings a worker would have; options win. Who asks for a model gets no other."""
    toxicity, scorer = settings.toxicity, options["scorer"]
    return replace(
        settings,
        rules=replace(settings.rules, path=options["rules"] or settings.rules.path),
        toxicity=replace(toxicity, scorer=scorer, fallback="stop") if scorer else toxicity,
    )


def _place(path: str) -> Path | Literal["-"]:
    return "-" if path == "-" else Path(path)


def _summary(tally: Tally, inspector: Inspector, scored: Counter[str]) -> Iterator[str]:
    """Yield what a person wants to know first, a line each."""
    yield f"comments   {tally.comments}"
    yield f"rules      {len(inspector.book.rules)}"
    yield f"languages  {_counts(tally.languages) or 'none'}"
    no_model = inspector.scored_by == "none"
    yield f"scores     {'unknown: no model is set' if no_model else _counts(scored) or 'none'}"
    if inspector.missing:
        yield f"           {inspector.missing.problems[0].message}"
    if inspector.last_failure:
        yield f"           unknown in {inspector.failed_batches} batches: {inspector.last_failure}"
    yield f"alerts     {_by_severity(tally) or 'none'}"
    for record in tally.unreadable[:_SHOWN]:
        yield f"unreadable {record.origin}: {record.detail}"
    if (more := len(tally.unreadable) - _SHOWN) > 0:
        yield f"           and {more} more"


def _by_severity(tally: Tally) -> str:
    counted = Counter(alert.severity for alert in tally.alerts.values())
    return ", ".join(
        f"{counted[severity]} {severity}" for severity in reversed(Severity) if counted[severity]
    )


def _scored_by(verdict: Verdict) -> str:
    """Return what gave the comment's scores, or why it has none."""
    if verdict.signals.scores:
        return f"by {verdict.signals.scores.scored_by}"
    return "in a language that no model knows" if verdict.signals.unsupported else "unknown"


def _counts(counted: Counter[str]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counted.most_common())
