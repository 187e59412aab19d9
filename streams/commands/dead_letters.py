"""`comment-monitor dead-letters list|show|replay`."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

import click
from rich.table import Table

from monitor.domain.errors import Rejected
from monitor.settings import Configuration, Settings
from streams.commands.output import print_table
from streams.letterbox import Kept, Selection, letters, replay
from streams.producer import Producer
from streams.topics import topics

F = TypeVar("F", bound=Callable[..., Any])


@click.group("dead-letters")
def command() -> None:
    """List, show and replay messages that failed."""


def selecting(function: F) -> F:
    """Add the options that say which letters are meant."""
    for option in (
        click.option("--step", default="", help="Only of this step: ingest, inspect, escalate, notify."),
        click.option("--reason", default="", help="Only with this reason: malformed, schema, …"),
        click.option("--since", type=click.DateTime(), help="Only letters that failed since (UTC)."),
    ):
        function = option(function)
    return function


@command.command("list")
@selecting
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_obj
def list_(configuration: Configuration, step: str, reason: str, since: datetime | None, form: str) -> None:
    """List dead letters: where they stand, which step gave up, and why. Never their content."""
    selection = _selection(step, reason, since)
    found = asyncio.run(_collect(configuration.load().settings, selection))
    if form == "json":
        for kept in found:
            click.echo(json.dumps(_facts(kept)))
        return
    print_table(_table(found))
    for (of_step, why), count in sorted(Counter((k.letter.step, k.letter.reason) for k in found).items()):
        click.echo(f"{count:6} {of_step} {why}")
    click.echo(f"{len(found):6} in all")


@command.command()
@click.argument("place")
@click.pass_obj
def show(configuration: Configuration, place: str) -> None:
    """Show one letter whole, its bytes as they came. PLACE is as `list` names it, such as 2-17."""
    found = asyncio.run(_collect(configuration.load().settings, Selection(places=frozenset([place]))))
    if not found:
        raise click.ClickException(f"there is no dead letter {place}")
    for name, value in _facts(found[0]).items():
        click.echo(f"{name}: {value}")
    click.echo("payload:")
    click.echo(_printable(found[0].letter.payload))


@command.command("replay")
@selecting
@click.option("--place", "places", multiple=True, help="Only this letter, as `list` names it.")
@click.option("--all", "everything", is_flag=True, help="All letters; needed where nothing else selects.")
@click.pass_obj
def replay_(
    configuration: Configuration,
    step: str,
    reason: str,
    since: datetime | None,
    places: tuple[str, ...],
    everything: bool,  # noqa: FBT001 - click passes it by name
) -> None:
    """Send letters on their way again. They stay in the topic; replaying twice is safe."""
    if not (everything or step or reason or since or places):
        raise click.UsageError("say which: --step, --reason, --since, --place, or --all")
    selection = _selection(step, reason, since, frozenset(places))
    sent, refused = asyncio.run(_replay(configuration.load().settings, selection))
    click.echo(f"{sent} replayed, {refused} still cannot be read")
    if refused:
        raise SystemExit(1)


async def _collect(settings: Settings, selection: Selection) -> list[Kept]:
    topic = topics(settings.kafka).dead_letters
    return [kept async for kept in letters(settings.kafka, topic, selection)]


async def _replay(settings: Settings, selection: Selection) -> tuple[int, int]:
    sent = refused = 0
    where = topics(settings.kafka)
    async with Producer(settings.kafka) as producer:
        async for kept in letters(settings.kafka, where.dead_letters, selection):
            try:
                await replay(kept, producer, where)
                sent += 1
            except Rejected as error:
                click.echo(f"{kept.place}: {error}", err=True)
                refused += 1
    return sent, refused


def _selection(
    step: str, reason: str, since: datetime | None, places: frozenset[str] = frozenset()
) -> Selection:
    return Selection(
        step=step, reason=reason, since=since.replace(tzinfo=UTC) if since else None, places=places
    )


def _facts(kept: Kept) -> dict[str, str | int]:
    letter = kept.letter
    return {
        "place": kept.place,
        "step": letter.step,
        "reason": letter.reason,
        "detail": letter.detail,
        "topic": letter.topic,
        "partition": letter.partition,
        "offset": letter.offset,
        "origin": letter.origin,
        "failed_at": letter.failed_at.isoformat(timespec="milliseconds"),
        "bytes": len(letter.payload),
    }


def _table(found: list[Kept]) -> Table:
    columns = ("place", "failed_at", "step", "reason", "detail", "bytes")
    table = Table(*columns, box=None, pad_edge=False)
    for kept in found:
        facts = _facts(kept)
        table.add_row(*(str(facts[column]) for column in columns))
    return table


def _printable(payload: bytes) -> str:
    """Return the bytes as text that cannot steer the terminal."""
    text = payload.decode(errors="backslashreplace")
    return "".join(char if char.isprintable() or char == "\n" else f"\\x{ord(char):02x}" for char in text)
