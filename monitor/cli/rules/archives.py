"""How the tools read archives of verdicts: with progress, and saying what was left out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Final

import click

from monitor.cli.output import counted
from monitor.cli.progress import Progress, progress
from monitor.domain.errors import Misconfigured
from monitor.domain.verdicts import Verdict
from monitor.services.archive import Entry, read_archive
from monitor.services.backtest import Backtest

_BATCH: Final = 1000
_SHOWN: Final = 3

ARCHIVE: Final = click.Path(path_type=Path, exists=True, dir_okay=False)


@contextmanager
def archived(file: Path, what: str, since: timedelta | None = None) -> Iterator[Iterator[Verdict]]:
    """Yield the verdicts of an archive; afterwards say what was left out of it.

    Raises:
        Misconfigured: there was no verdict at all.
    """
    reading = _Reading(file, datetime.now(UTC) - since if since else None)
    with progress(what, file.stat().st_size) as shown:
        yield reading.verdicts(shown)
    for line in reading.remarks():
        click.echo(line, err=True)
    if not reading.taken:
        raise Misconfigured.plain(
            f"there is no verdict to look at in {file}",
            hint="it takes the lines of `comment-monitor judge --out`",
        )


def run(backtest: Backtest, file: Path, since: timedelta | None = None) -> None:
    """Run a backtest over an archive."""
    with archived(file, "backtest", since) as verdicts:
        while batch := list(islice(verdicts, _BATCH)):
            backtest.take(batch)


class _Reading:
    """Reads an archive's verdicts, and remembers what was left out."""

    def __init__(self, file: Path, since: datetime | None) -> None:
        self._file = file
        self._since = since
        self._faults: list[Entry] = []
        self._older = 0
        self._faulty = 0
        self.taken = 0

    def verdicts(self, shown: Progress) -> Iterator[Verdict]:
        for entry in read_archive(self._file):
            shown(entry.end)
            if entry.verdict is None:
                self._faulty += 1
                self._faults += [entry] if len(self._faults) < _SHOWN else []
            elif self._since and entry.verdict.event.time < self._since:
                self._older += 1
            else:
                self.taken += 1
                yield entry.verdict

    def remarks(self) -> Iterator[str]:
        if self._older:
            yield f"{counted(self._older, 'verdict')} older than that left out"
        for entry in self._faults:
            yield f"{self._file}:{entry.line}: left out: {entry.problem}"
        if (more := self._faulty - len(self._faults)) > 0:
            yield f"and {more} more lines left out"
