"""`sources check`: every problem of source files at once."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import click

from monitor.cli.output import FORMAT, Form, checked, counted, leave, print_problems
from monitor.sources.describing import read_sources, source_texts
from monitor.sources.idle import idle_tools


@click.command(short_help="Read source files and report every problem, with its place and what to do.")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@FORMAT
def command(paths: tuple[Path, ...], form: Form) -> None:
    """Read source files and report every problem at once, with its place and what to do.

    PATHS are source files, or folders of them. No site is asked. A variable of the environment or a
    file that a secret is taken from, and that is missing here, is a warning.
    """
    texts = [text for path in paths for text in source_texts(path)]
    reading = read_sources(texts, idle_tools(lambda: datetime.now(UTC)), os.environ, lenient=True)
    print_problems(reading.problems, {"sources": len(reading.sources)}, form)
    if form == "text":
        click.echo(checked(reading.problems, counted(len(reading.sources), "source")))
    leave(failed=not reading.sound)
