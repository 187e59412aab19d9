"""`rules check`: every problem at once."""

from __future__ import annotations

from pathlib import Path

import click

from monitor.cli.rules.books import PATHS, read
from monitor.cli.rules.output import FORMAT, Form, checked, leave, print_problems
from monitor.settings import Configuration


@click.command(short_help="Read all rules and report every problem, with its place and what to do.")
@PATHS
@FORMAT
@click.pass_obj
def command(configuration: Configuration, paths: tuple[Path, ...], form: Form) -> None:
    """Read all rules and report every problem at once, with its place and what to do."""
    book, problems = read(configuration, paths)
    print_problems(problems, len(book.rules) if book else 0, form)
    if form == "text":
        click.echo(checked(book, problems))
    leave(failed=book is None)
