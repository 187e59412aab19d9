"""`sources check`: every problem of source files at once."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from monitor.cli.rules.output import FORMAT, Form, annotation, counted, json_text, leave
from monitor.domain.problems import Problem
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
    _print(reading.problems, len(reading.sources), form)
    leave(failed=not reading.sound)


def _print(problems: Sequence[Problem], sources: int, form: Form) -> None:
    if form == "json":
        click.echo(json_text({"sources": sources, "problems": [asdict(problem) for problem in problems]}))
        return
    for problem in problems:
        click.echo(_annotated(problem) if form == "github" else str(problem))
    if form == "text":
        errors = sum(problem.level == "error" for problem in problems)
        warnings = counted(len(problems) - errors, "warning")
        click.echo(f"{counted(sources, 'source')}, {counted(errors, 'error')}, {warnings}")


def _annotated(problem: Problem) -> str:
    said = problem.message + (f"\nhint: {problem.hint}" if problem.hint else "")
    return annotation(problem.level, said, problem.file, problem.line, problem.column)
