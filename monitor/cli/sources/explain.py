"""`sources explain`: when and why a source is read next, and why nothing came."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final, Literal

import click

from monitor.cli.output import TEXT_OR_JSON, counted, json_text
from monitor.cli.sources.configured import Configured, configured
from monitor.cli.sources.spans import moment, span
from monitor.engine.cursor import suggestion
from monitor.settings import Configuration
from monitor.sources.polling.bookmarks import Bookmarks
from monitor.sources.polling.explaining import ENDS, Explanation, explain
from monitor.sources.polling.site import Poll

_SHOWN: Final = 10
"""Threads of a site that are shown in text."""

_NOT_RUNNING: Final = "is `comment-monitor run ingest` running, with these settings?"

_NEVER: Final = {"webhook": f"nobody called it yet, with a signature that is right; {_NOT_RUNNING}"}

_BY_ITSELF: Final = (
    "it tells by itself; whether it is connected, and gaps, are in the log and in the metrics "
    "source_up and source_gaps_total"
)
_NEXT: Final = {
    "webhook": "when it is called; how calls were answered is in the metric webhook_requests_total",
}


@click.command(short_help="Say when and why a source is read next, and why nothing came.")
@click.argument("source_id", metavar="[ID]", required=False)
@TEXT_OR_JSON
@click.pass_obj
def command(configuration: Configuration, source_id: str | None, form: Literal["text", "json"]) -> None:
    """Say of each source, or of the one with this ID, when and why it is read next, and why nothing came.

    What it says comes from the store, so it may be asked while the monitor runs.
    """
    now = datetime.now(UTC).timestamp()
    sources = _chosen(configured(configuration.load().settings), source_id)
    if form == "json":
        click.echo(json_text([_data(source, now) for source in sources]))
        return
    for source in sources:
        for line in _lines(source, now):
            click.echo(line)


def _chosen(sources: list[Configured], wanted: str | None) -> list[Configured]:
    chosen = [source for source in sources if wanted in {None, source.name}]
    if not chosen:
        hint = suggestion(wanted or "", [source.name for source in sources])
        raise click.UsageError(f"there is no source `{wanted}`: {hint}")
    return chosen


def _data(source: Configured, now: float) -> dict[str, object]:
    polled = source.kind == "poll" and source.cursor is not None
    threads = explain(Bookmarks.read(source.cursor, now), now) if polled else ()
    return {
        "id": source.name,
        "kind": source.kind,
        "where": source.where,
        "cursor": source.cursor,
        "threads": threads,
    }


def _lines(source: Configured, now: float) -> Iterator[str]:
    yield f"{source.name} ({source.kind}, {source.where})"
    if source.cursor is None:
        yield f"  it was never read: {_NEVER.get(source.kind, _NOT_RUNNING)}"
        return
    if source.kind != "poll":
        yield from _heard(source, now)
        return
    bookmarks = Bookmarks.read(source.cursor, now)
    if bookmarks.listing.last is not None:
        yield f"  threads     {len(bookmarks.threads)}, {_listed(bookmarks, now)}"
    threads = explain(bookmarks, now)
    for each in threads[:_SHOWN]:
        if each.thread:
            yield f"  {each.thread}"
        yield from (f"  {name:<11} {said}" for name, said in _said(each, now))
    if len(threads) > _SHOWN:
        yield f"  and {counted(len(threads) - _SHOWN, 'thread')} more; --format json shows them"


def _heard(source: Configured, now: float) -> Iterator[str]:
    """Say how a source stands that is not asked at times of our choosing."""
    if source.kind != "file":
        yield f"  last seen   {moment(source.seen_at, now)}"
        yield f"  next        {_NEXT.get(source.kind, _BY_ITSELF)}"
    yield f"  cursor      {source.cursor}"


def _listed(bookmarks: Bookmarks, now: float) -> str:
    last = bookmarks.listing.last
    trouble = f": {last.trouble}" if last is not None and last.trouble else ""
    return f"listed again {moment(bookmarks.listing.next_at, now)}{trouble}"


def _said(each: Explanation, now: float) -> Iterator[tuple[str, str]]:
    yield "state", each.state + (f" for {counted(each.failures, 'reading')}" if each.failures else "")
    if each.last is not None:
        yield "last", f"{moment(each.last.at.timestamp(), now)}: {_reading(each.last)}"
    if each.nothing:
        yield "nothing new", each.nothing
    yield "next", f"{moment(each.next_at, now)}, because {each.because}"
    yield "pace", f"every {span(each.interval)}; {each.a_minute:.2f} comments a minute"
    yield "deep", f"read back over the late window {moment(each.deep_at, now)}"
    yield "last news", moment(each.news_at, now)
    if each.cursor:
        yield "cursor", each.cursor


def _reading(poll: Poll) -> str:
    answers = ", ".join(f"{count} x {answer}" for answer, count in sorted(poll.answers.items()))
    asked = f"{counted(poll.requests, 'request')} ({answers or 'no answer'})"
    found = (
        f"{poll.found} found, {poll.created} new, {poll.known} known, {poll.edited} edited, "
        f"{poll.deleted} deleted, {poll.restored} restored, {poll.unreadable} unreadable"
    )
    gap = "; comments may have been missed" if poll.gap else ""
    return f"{asked}; {found}; {ENDS[poll.ended]}{gap}"
