"""`sources list`: the sources of the settings, and how each stands."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import Literal

import click

from monitor.cli.output import TEXT_OR_JSON, counted, json_text, table_lines
from monitor.cli.sources.configured import Configured, configured
from monitor.cli.sources.spans import span
from monitor.settings import Configuration
from monitor.sources.polling.bookmarks import Bookmarks
from monitor.sources.polling.explaining import Explanation, explain


@click.command(short_help="List the sources of the settings, and how each stands.")
@TEXT_OR_JSON
@click.pass_obj
def command(configuration: Configuration, form: Literal["text", "json"]) -> None:
    """List the sources of the settings: id, kind, how each stands, when it is read next, its file.

    What it says comes from the store, so it may be asked while the monitor runs.
    """
    now = datetime.now(UTC).timestamp()
    rows = [_row(source, now) for source in configured(configuration.load().settings)]
    if form == "json":
        click.echo(json_text(rows))
        return
    for line in table_lines(rows):
        click.echo(line)
    click.echo(counted(len(rows), "source"))


def _row(source: Configured, now: float) -> dict[str, str]:
    row = {"id": source.name, "kind": source.kind}
    if source.cursor is None:
        return row | {"state": "never read", "next": "", "where": source.where}
    if source.kind != "poll":
        return row | {"state": "read", "next": "", "where": source.where}
    threads = explain(Bookmarks.read(source.cursor, now), now)
    return row | {"state": _state(threads), "next": _next(threads), "where": source.where}


def _state(threads: tuple[Explanation, ...]) -> str:
    states = Counter(each.state for each in threads)
    if len(threads) == 1:
        return threads[0].state
    return ", ".join(f"{count} {state}" for state, count in states.most_common()) or "no threads yet"


def _next(threads: tuple[Explanation, ...]) -> str:
    if not threads:
        return ""
    soon = threads[0].next_in
    return f"in {span(soon)}" if soon > 0 else f"due since {span(-soon)}"
