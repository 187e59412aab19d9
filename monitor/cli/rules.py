"""`comment-monitor rules`: check, test and list rules; no Kafka, no model, no network."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Final, Literal

import click
import msgspec

from monitor.domain.errors import Misconfigured
from monitor.domain.problems import Problem
from monitor.domain.signals import Language
from monitor.engine.book import Book
from monitor.engine.rules import Rule
from monitor.services.rulebook import find_rules, load_book
from monitor.services.ruletests import Failure, Report, run_tests
from monitor.settings import Configuration

Form = Literal["text", "json", "github"]

_PROBLEMS: Final = 1
"""Exit code where a rule is wrong or a test failed; 2 is a wrong use of the command."""

_PATHS: Final = click.argument("paths", nargs=-1, type=click.Path(path_type=Path, exists=True))
_FORMAT: Final = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    show_default=True,
    help="github: annotations of a workflow run.",
)
_COLOURS: Final = {"error": "red", "warning": "yellow"}


@click.group(short_help="Check, test and list rules.")
def command() -> None:
    """Check, test and list rules.

    PATH is a rule file or a folder, several are one book. Without any: the setting rules.path, else
    ./rules, else the bundled packs.

    Exit codes: 0 all is well, 1 a rule is wrong or a test failed, 2 the command was used wrongly.
    """


@command.command()
@_PATHS
@_FORMAT
@click.pass_obj
def check(configuration: Configuration, paths: tuple[Path, ...], form: Form) -> None:
    """Read all rules and report every problem at once, with its place and what to do."""
    book, problems = _read(configuration, paths)
    _print_problems(problems, len(book.rules) if book else 0, form)
    if form == "text":
        click.echo(_checked(book, problems))
    _exit(failed=book is None)


@command.command()
@_PATHS
@_FORMAT
@click.pass_obj
def test(configuration: Configuration, paths: tuple[Path, ...], form: Form) -> None:
    """Run the tests inside the rules, and boundary probes for those that count."""
    book, problems = _read(configuration, paths)
    if book is None:
        _print_problems(problems, 0, form)
        if form == "text":
            click.echo(_checked(book, problems))
        _exit(failed=True)
        return
    report = run_tests(book, _Identifier(configuration))
    _REPORTERS[form](report)
    _exit(failed=bool(report.failures))


@command.command("list")
@_PATHS
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_obj
def list_(configuration: Configuration, paths: tuple[Path, ...], form: Literal["text", "json"]) -> None:
    """List the rules: id, status, severity, owner, and where each stands."""
    book, problems = _read(configuration, paths)
    if book is None:
        _print_problems(problems, 0, form)
        _exit(failed=True)
        return
    rows = [_row(rule) for rule in sorted(book.rules, key=lambda rule: rule.id)]
    if form == "json":
        click.echo(_json(rows))
        return
    _print_table(rows)
    live = sum(rule.status == "live" for rule in book.rules)
    click.echo(f"{_counted(len(rows), 'rule')}, {live} live, from {_origin(configuration, paths)}")


class _Identifier:
    """Identifies languages; its model, which takes a second to load, is loaded when first asked."""

    def __init__(self, configuration: Configuration) -> None:
        self._configuration = configuration
        self._identify: Callable[[Sequence[str]], list[Language]] | None = None

    def identify(self, texts: Sequence[str]) -> list[Language]:
        """Return one language a text, in order, as the settings have them told apart."""
        if self._identify is None:
            from monitor.scorers.language import Py3LangId

            chosen = self._configuration.load().settings.language
            self._identify = Py3LangId(chosen.languages, fewest_letters=chosen.min_letters).identify
        return self._identify(texts)


def _read(configuration: Configuration, paths: tuple[Path, ...]) -> tuple[Book | None, Sequence[Problem]]:
    """Return the book and its warnings, or no book and every problem."""
    settings = configuration.load().settings.rules
    first, *others = paths or (settings.path,)
    try:
        book = load_book(first, *filter(None, others), max_text=settings.max_text)
    except Misconfigured as error:
        return None, error.problems
    return book, book.warnings


def _origin(configuration: Configuration, paths: tuple[Path, ...]) -> str:
    if paths:
        return ", ".join(map(str, paths))
    return str(find_rules(configuration.load().settings.rules.path))


def _print_problems(problems: Sequence[Problem], rules: int, form: Form) -> None:
    if form == "json":
        click.echo(_json({"rules": rules, "problems": [asdict(problem) for problem in problems]}))
        return
    for problem in problems:
        if form == "github":
            said = problem.message + (f"\nhint: {problem.hint}" if problem.hint else "")
            click.echo(_annotation(problem.level, said, problem.file, problem.line, problem.column))
        else:
            place, _, rest = str(problem).partition(f"{problem.level}: ")
            click.echo(place + click.style(f"{problem.level}: ", fg=_COLOURS[problem.level]) + rest)


def _checked(book: Book | None, problems: Sequence[Problem]) -> str:
    errors = sum(problem.level == "error" for problem in problems)
    found = f"{_counted(errors, 'error')}, {_counted(len(problems) - errors, 'warning')}"
    return f"{_counted(len(book.rules), 'rule')}, {found}" if book else found


def _report_text(report: Report) -> None:
    for failure in report.failures:
        place = f"{failure.file}:{failure.line}: "
        click.echo(place + click.style("failed: ", fg="red") + f"{failure.rule}: {failure.test}")
        click.echo(f"    expected {failure.expected}, got {failure.happened}")
        for line in failure.why.splitlines():
            click.echo(f"    {line}")
    click.echo(click.style(_tested(report), fg="red" if report.failures else "green"))


def _report_json(report: Report) -> None:
    click.echo(_json(asdict(report)))


def _report_github(report: Report) -> None:
    for failure in report.failures:
        said = f"{failure.rule}: {failure.test}: {_outcome(failure)}"
        click.echo(_annotation("error", said, failure.file, failure.line, 1))
    click.echo(_tested(report))


_REPORTERS: Final[dict[Form, Callable[[Report], None]]] = {
    "text": _report_text,
    "json": _report_json,
    "github": _report_github,
}


def _outcome(failure: Failure) -> str:
    return f"expected {failure.expected}, got {failure.happened}\n{failure.why}"


def _tested(report: Report) -> str:
    counts = ((report.rules, "rule"), (report.tests, "test"), (len(report.failures), "failure"))
    return ", ".join(_counted(count, noun) for count, noun in counts)


def _row(rule: Rule) -> dict[str, str]:
    return {
        "id": rule.id,
        "status": rule.status,
        "severity": rule.severity,
        "owner": rule.owner,
        "where": f"{rule.file}:{rule.line}",
    }


def _print_table(rows: Sequence[dict[str, str]]) -> None:
    if not rows:
        return
    widths = {key: max(len(key), *(len(row[key]) for row in rows)) for key in rows[0]}
    head = {key: key.upper() for key in widths}
    for row in (head, *rows):
        click.echo("  ".join(row[key].ljust(width) for key, width in widths.items()).rstrip())


def _annotation(level: str, said: str, file: str, line: int, column: int) -> str:
    """Return a workflow command of GitHub Actions: the message at its place in the change."""
    place = {"file": file, "line": str(line), "col": str(column)} if line else {"file": file} if file else {}
    properties = ",".join(f"{key}={_escaped(value, ':,')}" for key, value in place.items())
    return f"::{level} {properties}".rstrip() + f"::{_escaped(said)}"


def _escaped(value: str, marks: str = "") -> str:
    return "".join(f"%{ord(char):02X}" if char in f"%\r\n{marks}" else char for char in value)


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" + ("" if count == 1 else "s")


def _json(value: object) -> str:
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode()


def _exit(*, failed: bool) -> None:
    if failed:
        sys.exit(_PROBLEMS)
