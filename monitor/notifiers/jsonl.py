"""Appends each alert as one line of JSON to a file, for other programs to follow."""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress
from pathlib import Path

from monitor.domain.alerts import Alert
from monitor.domain.errors import Retryable
from monitor.notifiers.record import encode, record


class JsonLines:
    """A file with one alert a line (`record.AlertRecord`), each on the disk before it counts.

    A file that was rotated away is left for a new one at the same path. A line that a crash cut
    off is ended, so that the next one starts a line of its own. The file and its folder are
    created; the file is not for every user of the machine to read.
    """

    def __init__(self, name: str, path: Path) -> None:
        self._name = name
        self._path = path
        self._file: int | None = None
        self._turn = asyncio.Lock()

    @property
    def name(self) -> str:
        """Return the receiver's name."""
        return self._name

    async def deliver(self, alert: Alert) -> str:
        """Append the alert; return once the line is on the disk.

        Raises:
            Retryable: the file cannot be written now; the disk may be full.
        """
        line = encode(record(alert)) + b"\n"
        async with self._turn:
            try:
                await asyncio.to_thread(self._append, line)
            except OSError as error:
                self._leave()
                raise Retryable(f"cannot write {self._path}: {error.strerror}") from error
        return "written"

    async def close(self) -> None:
        """Close the file after the line in work."""
        async with self._turn:
            self._leave()

    def _append(self, line: bytes) -> None:
        file = self._opened()
        rest = memoryview(line)
        while rest:
            rest = rest[os.write(file, rest) :]
        os.fsync(file)

    def _opened(self) -> int:
        if self._file is not None and not self._rotated(self._file):
            return self._file
        self._leave()
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.open(self._path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o640)
        _end_torn_line(self._file)
        return self._file

    def _rotated(self, file: int) -> bool:
        try:
            there = self._path.stat()
        except FileNotFoundError:
            return True
        return not os.path.samestat(there, os.fstat(file))

    def _leave(self) -> None:
        if self._file is not None:
            with suppress(OSError):
                os.close(self._file)
            self._file = None


def _end_torn_line(file: int) -> None:
    size = os.fstat(file).st_size
    if size and os.pread(file, 1, size - 1) != b"\n":
        os.write(file, b"\n")
