"""The demonstration's run: progress while it lasts, alerts as they come, a summary at the end."""

from __future__ import annotations

import asyncio
import os
import shlex
import time
from collections import Counter
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn
from rich.table import Table
from rich.text import Text

from monitor.domain.severity import Severity
from streams import admin
from streams.demo.watch import Watch, deliveries
from streams.lifeline import Lifeline
from streams.supervisor import Child, Supervisor
from streams.topics import topics
from streams.wiring import build_source

if TYPE_CHECKING:
    from monitor.settings import Settings
    from streams.demo.stage import Stage

PATIENCE: Final = 60.0
"""Seconds without any progress after which the run has failed."""


class Show:
    """One run of the demonstration."""

    def __init__(self, settings: Settings, stage: Stage) -> None:
        self._settings = settings
        self._stage = stage
        self._console = Console()
        self._topics = topics(settings.kafka)
        self._began = time.monotonic()

    async def run(self, *, hold: bool) -> bool:
        """Return whether every comment was judged and every alert delivered."""
        total, unreadable = await self._count()
        await admin.apply(self._settings.kafka, self._topics)
        lifeline = Lifeline()
        lifeline.heed_signals()
        children = asyncio.create_task(Supervisor(lifeline).run(self._children()))
        watch = Watch(self._settings.kafka, self._topics)
        try:
            await watch.start()
            done = await lifeline.race(self._follow(watch, total, children))
            self._summary(watch, total, unreadable)
            if hold:
                self._console.print(f"Running on. Metrics: {self._stage.metrics}   Ctrl-C ends it.")
                await lifeline.wait()
        finally:
            lifeline.stop()
            await asyncio.gather(children, return_exceptions=True)
            await watch.stop()
        return done

    async def _count(self) -> tuple[int, int]:
        """Return how many comments there are to judge, and how many records are none."""
        keys: set[str] = set()
        unreadable = 0
        for source in self._settings.sources:
            async for batch in build_source(source).batches(None):
                keys.update(event.comment.key for event in batch.events)
                unreadable += len(batch.unreadable)
        return len(keys), unreadable

    def _children(self) -> list[Child]:
        run = ["--config", str(self._stage.settings), "run"]
        screen = {"COLUMNS": str(self._console.width)}
        if self._console.is_terminal:
            screen["FORCE_COLOR"] = "1"
        return [
            Child("worker", [*run, "worker", "--index", "3"]),
            Child("notify", [*run, "notify", "--index", "2"], output=self._print, environment=screen),
            Child("ingest", [*run, "ingest", "--index", "1"], lasting=False),
        ]

    def _print(self, line: str) -> None:
        """Print what the notifier's console receiver wrote, above the progress bar."""
        self._console.print(Text.from_ansi(line))

    async def _follow(self, watch: Watch, total: int, children: asyncio.Task[None]) -> bool:
        moved = time.monotonic()
        with self._progress() as progress:
            task = progress.add_task("starting broker, worker and notifier", total=total)
            while time.monotonic() - moved < PATIENCE and not children.done():
                if await watch.look():
                    moved = time.monotonic()
                    progress.update(task, completed=len(watch.seen.judged), description="comments judged")
                elif len(watch.seen.judged) == total and await watch.at_rest(deliveries(self._stage.alerts)):
                    return True
        return False

    def _progress(self) -> Progress:
        return Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            console=self._console,
            transient=True,
        )

    def _summary(self, watch: Watch, total: int, unreadable: int) -> None:
        seen = watch.seen
        seconds = time.monotonic() - self._began
        languages = ", ".join(f"{code} {count}" for code, count in seen.languages.most_common())
        severities = Counter(alert.severity for alert in seen.alerts.values())
        table = Table(box=None, show_header=False, pad_edge=False)
        table.add_row(
            "comments judged", f"{len(seen.judged)} of {total} in {seconds:.1f} s, start-up included"
        )
        table.add_row("languages", languages)
        if unreadable or seen.dead:
            table.add_row("unreadable records", f"{unreadable}, {seen.dead} dead letters")
        table.add_row(
            "alerts",
            ", ".join(f"{severities[each]} {each}" for each in reversed(Severity) if severities[each])
            or "none",
        )
        self._console.print("\n[bold]What happened[/bold]")
        self._console.print(table)
        self._console.print("\n[bold]Where to look next[/bold]")
        self._console.print(self._next())

    def _next(self) -> Table:
        source = self._settings.sources[0]
        table = Table(box=None, show_header=False, pad_edge=False)
        table.add_row("the alerts", _short(self._stage.alerts))
        table.add_row("the settings", _short(self._stage.settings))
        table.add_row(
            "the same, without Kafka", f"comment-monitor judge --input {shlex.quote(str(source.path))}"
        )
        table.add_row("the rules", "comment-monitor rules list")
        table.add_row("metrics, while it runs", "comment-monitor demo --hold")
        return table


def _short(path: os.PathLike[str]) -> str:
    return os.path.relpath(path)
