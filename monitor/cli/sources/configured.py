"""The sources of the settings, and how each stands in the store."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import click

from monitor.settings import Settings, SourceSettings
from monitor.sources.describing import describe, source_texts
from monitor.store.cursors import SqliteCursors
from monitor.store.database import Database
from monitor.store.sightings import SqliteSightings


@dataclass(frozen=True, slots=True, kw_only=True)
class Configured:
    """One source: its name, its kind, where it is told of, and its cursor; None where it was not read.

    `seen_at` is when it last saw a comment, in seconds since 1970; 0 for never, and for files.
    """

    name: str
    kind: str
    where: str
    cursor: str | None = None
    seen_at: float = 0.0


def configured(settings: Settings) -> list[Configured]:
    """Return the sources of the settings, with their cursors.

    Raises:
        Misconfigured: a source file is missing, or the store cannot be read.
        click.UsageError: no source is set.
    """
    found = [source for entry in settings.sources for source in _of(entry)]
    if not found:
        raise click.UsageError("the settings name no source: add [[sources]] to them")
    store = settings.store.path
    return asyncio.run(_with_cursors(found, store)) if store.exists() else found


def _of(entry: SourceSettings) -> Iterator[Configured]:
    if entry.path is None:
        return
    if entry.type == "file":
        place = "stdin" if str(entry.path) == "-" else entry.path.name
        yield Configured(name=f"{entry.name}:{place}", kind="file", where=str(entry.path))
        return
    for text in source_texts(entry.path):
        described, _ = describe(text, os.environ, lenient=True)
        if described is None:
            yield Configured(name="?", kind="wrong: `sources check` says what", where=text.path)
        else:
            yield Configured(name=described.id, kind=described.kind, where=text.path)


async def _with_cursors(sources: list[Configured], store: Path) -> list[Configured]:
    async with Database(store) as database:
        cursors, sightings = SqliteCursors(database), SqliteSightings(database)
        found = []
        for each in sources:
            latest = await sightings.latest(each.name)
            seen_at = latest.timestamp() if latest else 0.0
            found.append(replace(each, cursor=await cursors.load(each.name), seen_at=seen_at))
        return found
