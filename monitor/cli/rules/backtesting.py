"""`rules backtest`: what rules would have done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Final, Literal, TypedDict, Unpack

import click

from monitor.cli.rules.backtext import report_lines
from monitor.cli.rules.books import RULES, SINCE, chosen_rules, sound_book
from monitor.cli.rules.output import TEXT_OR_JSON, counted, json_text
from monitor.cli.rules.progress import Progress, progress
from monitor.domain.errors import Misconfigured
from monitor.domain.verdicts import Verdict
from monitor.services.archive import Entry, read_archive
from monitor.services.backtest import Backtest
from monitor.services.decisions import Decisions, read_decisions
from monitor.settings import Configuration

_BATCH: Final = 1000
_SHOWN: Final = 3


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
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
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
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
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
    _run(backtest, options["file"], options["since"])
    report = backtest.report()
    if form == "json":
        click.echo(json_text(report))
        return
    for line in report_lines(report):
        click.echo(line)


def _run(backtest: Backtest, file: Path, since: timedelta | None) -> None:
    reading = _Reading(datetime.now(UTC) - since if since else None)
    with progress("backtest", file.stat().st_size) as shown:
        verdicts = reading.verdicts(read_archive(file), shown)
        while batch := list(islice(verdicts, _BATCH)):
            backtest.take(batch)
    for line in reading.remarks(file):
        click.echo(line, err=True)
    if not reading.taken:
        raise Misconfigured.plain(
            f"there is no verdict to judge in {file}",
            hint="it takes the lines of `comment-monitor judge --out`",
        )


class _Reading:
    """Reads an archive's verdicts, and remembers what was left out."""

    def __init__(self, since: datetime | None) -> None:
        self._since = since
        self._faults: list[Entry] = []
        self._older = 0
        self._faulty = 0
        self.taken = 0

    def verdicts(self, entries: Iterable[Entry], shown: Progress) -> Iterator[Verdict]:
        for entry in entries:
            shown(entry.end)
            if entry.verdict is None:
                self._faulty += 1
                self._faults += [entry] if len(self._faults) < _SHOWN else []
            elif self._since and entry.verdict.event.time < self._since:
                self._older += 1
            else:
                self.taken += 1
                yield entry.verdict

    def remarks(self, file: Path) -> Iterator[str]:
        if self._older:
            yield f"{counted(self._older, 'verdict')} older than that left out"
        for entry in self._faults:
            yield f"{file}:{entry.line}: left out: {entry.problem}"
        if (more := self._faulty - len(self._faults)) > 0:
            yield f"and {more} more lines left out"
