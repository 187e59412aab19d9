"""`rules list`: the rules in force."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Literal, TypeAlias

import click

from monitor.cli.output import TEXT_OR_JSON, counted, json_text, table_lines
from monitor.cli.rules.archives import ARCHIVE, archived
from monitor.cli.rules.books import PATHS, origin, sound_book
from monitor.engine.rules import Rule
from monitor.services.rulehits import Hits, count_hits
from monitor.settings import Configuration

Value: TypeAlias = str | int | datetime | None


@click.command(short_help="List the rules: id, status, severity, owner, and where each stands.")
@PATHS
@TEXT_OR_JSON
@click.option(
    "--archive",
    type=ARCHIVE,
    metavar="FILE",
    help="An archive of verdicts: shows hits and when each last fired.",
)
@click.pass_obj
def command(
    configuration: Configuration, paths: tuple[Path, ...], form: Literal["text", "json"], archive: Path | None
) -> None:
    """List the rules: id, status, severity, owner, and where each stands.

    A rule that an override tunes is listed as it is tuned, with the place of the override. With an archive
    also how often each matched in it, whatever its version then, and when last.
    """
    book = sound_book(configuration, paths, form)
    hits = _hits(archive) if archive else None
    rows = [_row(rule, hits) for rule in sorted(book.rules, key=lambda rule: rule.id)]
    if form == "json":
        click.echo(json_text(rows))
        return
    if not any(row["overridden_by"] for row in rows):
        rows = [{key: value for key, value in row.items() if key != "overridden_by"} for row in rows]
    for line in table_lines([{key: _cell(key, value) for key, value in row.items()} for row in rows]):
        click.echo(line)
    live = sum(rule.status == "live" for rule in book.rules)
    click.echo(f"{counted(len(rows), 'rule')}, {live} live, from {origin(configuration, paths)}")


def _hits(archive: Path) -> dict[str, Hits]:
    with archived(archive, "hits") as verdicts:
        return count_hits(verdicts)


def _row(rule: Rule, hits: dict[str, Hits] | None) -> dict[str, Value]:
    row: dict[str, Value] = {
        "id": rule.id,
        "status": str(rule.status),
        "severity": str(rule.severity),
        "owner": rule.owner,
    }
    if hits is not None:
        counted_hits = hits.get(rule.id, Hits())
        row |= {"hits": counted_hits.count, "last_fired": counted_hits.last}
    return row | {"where": f"{rule.file}:{rule.line}", "overridden_by": rule.overridden or None}


def _cell(key: str, value: Value) -> str:
    if value is None:
        return "never" if key == "last_fired" else ""
    return f"{value:%Y-%m-%d %H:%M}" if isinstance(value, datetime) else str(value)
