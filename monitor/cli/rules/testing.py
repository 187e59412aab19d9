"""`rules test`: the proofs that rules carry, and harmless comments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Final

import click

from monitor.cli.output import FORMAT, Form, annotation, counted, json_text, leave
from monitor.cli.rules.books import PATHS, Identifier, sound_book
from monitor.services.benign import harmless_comments
from monitor.services.ruletests import Failure, Report, run_tests
from monitor.settings import Configuration


@click.command(short_help="Run the tests inside the rules, and live rules on harmless comments.")
@PATHS
@FORMAT
@click.option(
    "--benign",
    "more",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    multiple=True,
    metavar="FILE",
    help="Harmless comments of your own, one a line, beside those that come with the product.",
)
@click.pass_obj
def command(
    configuration: Configuration, paths: tuple[Path, ...], form: Form, more: tuple[Path, ...]
) -> None:
    """Run the tests inside the rules, boundary probes for those that count, and harmless comments.

    A live rule that fires on one of some hundred harmless comments in five languages fails: make it
    narrower, or put it into shadow.
    """
    book = sound_book(configuration, paths, form)
    report = run_tests(book, Identifier(configuration), harmless_comments(*more))
    _REPORTERS[form](report)
    leave(failed=bool(report.failures))


def _report_text(report: Report) -> None:
    for failure in report.failures:
        place = f"{failure.file}:{failure.line}: "
        click.echo(place + click.style("failed: ", fg="red") + f"{failure.rule}: {failure.test}")
        click.echo(f"    expected {failure.expected}, got {failure.happened}")
        for line in failure.why.splitlines():
            click.echo(f"    {line}")
    click.echo(click.style(_tested(report), fg="red" if report.failures else "green"))


def _report_json(report: Report) -> None:
    click.echo(json_text(asdict(report)))


def _report_github(report: Report) -> None:
    for failure in report.failures:
        said = f"{failure.rule}: {failure.test}: {_outcome(failure)}"
        click.echo(annotation("error", said, failure.file, failure.line, 1))
    click.echo(_tested(report))


_REPORTERS: Final[dict[Form, Callable[[Report], None]]] = {
    "text": _report_text,
    "json": _report_json,
    "github": _report_github,
}


def _outcome(failure: Failure) -> str:
    return f"expected {failure.expected}, got {failure.happened}\n{failure.why}"


def _tested(report: Report) -> str:
    counts = [counted(report.rules, "rule"), counted(report.tests, "test")]
    counts += [counted(report.harmless, "harmless comment")] if report.harmless else []
    return ", ".join([*counts, counted(len(report.failures), "failure")])
