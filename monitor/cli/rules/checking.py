"""`rules check`: every problem at once."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from monitor.cli.output import FORMAT, Form, checked, counted, leave, print_problems
from monitor.cli.rules.books import PATHS, read
from monitor.services.rulebook import read_sources
from monitor.services.rulelint import lint
from monitor.settings import Configuration


@click.command(short_help="Read all rules and report every problem, with its place and what to do.")
@PATHS
@FORMAT
@click.pass_obj
def command(configuration: Configuration, paths: tuple[Path, ...], form: Form) -> None:
    """Read all rules and report every problem at once, with its place and what to do."""
    book, problems = read(configuration, paths)
    if book is not None:
        settings = configuration.load().settings.rules
        sources = read_sources(*(paths or settings.paths))
        problems = [*problems, *lint(book, sources, datetime.now(UTC).date())]
    print_problems(problems, {"rules": len(book.rules) if book else 0}, form)
    if form == "text":
        click.echo(checked(problems, counted(len(book.rules), "rule") if book else ""))
    leave(failed=book is None)
