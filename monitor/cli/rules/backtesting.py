"""`rules backtest`: what rules would have done."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Literal, TypedDict, Unpack

import click

from monitor.cli.output import TEXT_OR_JSON, json_text
from monitor.cli.rules.archives import ARCHIVE, run
from monitor.cli.rules.backtext import report_lines
from monitor.cli.rules.books import RULES, SINCE, chosen_rules, sound_book
from monitor.services.backtest import Backtest
from monitor.services.decisions import Decisions, read_decisions
from monitor.settings import Configuration


class Options(TypedDict):
    """The command's options."""

    file: Path
    path: Path | None
    since: timedelta | None
    against: Path | None
    decisions: Path | None
    samples: int
    form: Literal["text", "json"]


@click.command(short_help="Say what rules would have done on an archive of verdicts.")
@click.argument("rules", nargs=-1, metavar="[RULE]...")
@click.option(
    "--file",
    required=True,
    type=ARCHIVE,
    help="The archive: verdicts of `comment-monitor judge --out`, or messages of the topic, one a line.",
)
@SINCE
@RULES
@click.option(
    "--against",
    type=click.Path(path_type=Path, exists=True),
    metavar="DIR",
    help="The rules now in force; says what your version changes.",
)
@click.option(
    "--decisions",
    type=ARCHIVE,
    metavar="FILE",
    help="What people decided, a JSON object a line: gives the precision.",
)
@click.option("--samples", type=click.IntRange(0, 100), default=5, show_default=True, help="Comments shown.")
@TEXT_OR_JSON
@click.pass_obj
def command(configuration: Configuration, rules: tuple[str, ...], **options: Unpack[Options]) -> None:
    """Say what RULE (its id; several; without any: all) would have done on an archive of verdicts.

    Judges by the same code as the running monitor, with windows in event time, as if the rules were
    live. Language and scores are those of the archive. Alerts nobody.
    """
    path, against, form = options["path"], options["against"], options["form"]
    book = sound_book(configuration, (path,) if path else (), form)
    backtest = Backtest(
        book,
        chosen_rules(book, rules),
        against=sound_book(configuration, (against,), form) if against else None,
        decisions=read_decisions(options["decisions"]) if options["decisions"] else Decisions(),
        samples=options["samples"],
    )
    run(backtest, options["file"], options["since"])
    report = backtest.report()
    if form == "json":
        click.echo(json_text(report))
        return
    for line in report_lines(report):
        click.echo(line)
