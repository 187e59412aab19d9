"""How the tools speak: text for people, JSON for machines, annotations for GitHub."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Final, Literal

import click
import msgspec

from monitor.domain.problems import Problem

Form = Literal["text", "json", "github"]

PROBLEMS: Final = 1
"""Exit code where a rule is wrong or a test failed; 2 is a wrong use of the command."""

FORMAT: Final = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    show_default=True,
    help="github: annotations of a workflow run.",
)
TEXT_OR_JSON: Final = click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
)
_COLOURS: Final = {"error": "red", "warning": "yellow"}


def print_problems(problems: Sequence[Problem], read: Mapping[str, int], form: Form) -> None:
    """Print what is wrong, in the form that was asked for; `read` counts by name what was read."""
    if form == "json":
        click.echo(json_text({**read, "problems": [asdict(problem) for problem in problems]}))
        return
    for problem in problems:
        if form == "github":
            said = problem.message + (f"\nhint: {problem.hint}" if problem.hint else "")
            click.echo(annotation(problem.level, said, problem.file, problem.line, problem.column))
        else:
            place, _, rest = str(problem).partition(f"{problem.level}: ")
            click.echo(place + click.style(f"{problem.level}: ", fg=_COLOURS[problem.level]) + rest)


def checked(problems: Sequence[Problem], read: str = "") -> str:
    """Return the last line of a check; `read` says what was read, such as `3 rules`."""
    errors = sum(problem.level == "error" for problem in problems)
    found = f"{counted(errors, 'error')}, {counted(len(problems) - errors, 'warning')}"
    return f"{read}, {found}" if read else found


def table_lines(rows: Sequence[dict[str, str]]) -> Iterator[str]:
    """Yield a table of these rows: their keys are the columns, some of which a row may lack."""
    keys = dict.fromkeys(key for row in rows for key in row)
    widths = {key: max(len(key), *(len(row.get(key, "")) for row in rows)) for key in keys}
    head = {key: key.upper().replace("_", " ") for key in keys}
    for row in (head, *rows) if rows else ():
        yield "  ".join(row.get(key, "").ljust(width) for key, width in widths.items()).rstrip()


def annotation(level: str, said: str, file: str, line: int, column: int) -> str:
    """Return a workflow command of GitHub Actions: the message at its place in the change."""
    place = {"file": file, "line": str(line), "col": str(column)} if line else {"file": file} if file else {}
    properties = ",".join(f"{key}={_escaped(value, ':,')}" for key, value in place.items())
    return f"::{level} {properties}".rstrip() + f"::{_escaped(said)}"


def _escaped(value: str, marks: str = "") -> str:
    return "".join(f"%{ord(char):02X}" if char in f"%\r\n{marks}" else char for char in value)


def counted(count: int, noun: str) -> str:
    """Return the count with its noun: 1 rule, 2 rules."""
    return f"{count} {noun}" + ("" if count == 1 else "s")


def json_text(value: object) -> str:
    """Return the value as JSON that a person can read too."""
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode()


def print_or_write(text: str, out: Path | None) -> None:
    """Print the text; or write it to the file, and print the file's name."""
    if out is None:
        click.echo(text)
        return
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(text + "\n", encoding="utf-8")
    click.echo(str(out))


def leave(*, failed: bool) -> None:
    """Leave with the exit code of a failure, if it is one."""
    if failed:
        sys.exit(PROBLEMS)
