"""What the programs of crash tests are made of: a publisher that leaves traces, and cursors that kill."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from pathlib import Path

from monitor.domain.comments import CommentEvent
from monitor.domain.errors import Retryable
from monitor.ports import Batch, Unreadable
from monitor.store.cursors import SqliteCursors
from monitor.store.database import Database


class FilePublisher:
    """Takes events over by writing their ids to a file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def publish(self, events: Sequence[CommentEvent]) -> None:
        self._append([event.comment.native_id for event in events])

    async def bury(self, letters: Sequence[Unreadable]) -> None:
        self._append([letter.origin for letter in letters])

    def _append(self, lines: list[str]) -> None:
        with self._path.open("a") as file:
            file.writelines(f"{line}\n" for line in lines)


class DeadlyCursors(SqliteCursors):
    """Kills the process instead of saving for the last time."""

    def __init__(self, database: Database, saves: int) -> None:
        super().__init__(database)
        self._saves = saves

    async def save(self, source: str, batch: Batch) -> None:
        if self._saves == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        self._saves -= 1
        await super().save(source, batch)


class Silent:
    """Observes nothing."""

    def taken(self, source: str, batch: Batch) -> None:
        """Say nothing."""

    def waiting(self, source: str, error: Retryable, seconds: float) -> None:
        """Say nothing."""
