"""`rules list`: the rules in force."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from monitor.cli.rules.books import PATHS, origin, sound_book
from monitor.cli.rules.output import TEXT_OR_JSON, counted, json_text, table_lines
from monitor.engine.rules import Rule
from monitor.settings import Configuration


@click.command(short_help="List the rules: id, status, severity, owner, and where each stands.")
@PATHS
@TEXT_OR_JSON
@click.pass_obj
def command(configuration: Configuration, paths: tuple[Path, ...], form: Literal["text", "json"]) -> None:
    """List the rules: id, status, severity, owner, and where each stands."""
    book = sound_book(configuration, paths, form)
    rows = [_row(rule) for rule in sorted(book.rules, key=lambda rule: rule.id)]
    if form == "json":
        click.echo(json_text(rows))
        return
    for line in table_lines(rows):
        click.echo(line)
    live = sum(rule.status == "live" for rule in book.rules)
    click.echo(f"{counted(len(rows), 'rule')}, {live} live, from {origin(configuration, paths)}")


def _row(rule: Rule) -> dict[str, str]:
    return {
        "id": rule.id,
        "status": rule.status,
        "severity": rule.severity,
        "owner": rule.owner,
        "where": f"{rule.file}:{rule.line}",
    }
