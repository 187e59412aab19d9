"""The processes of this machine as /proc shows them: whose children they are, and whether they run."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Process:
    """One process; `began` tells it from a later one with the same number."""

    pid: int
    began: int

    @property
    def runs(self) -> bool:
        """Return whether it is there and does something: a zombie has ended."""
        seen = _look(self.pid)
        return seen is not None and seen.process == self and seen.state not in {"Z", "X"}

    @property
    def judges(self) -> bool:
        """Return whether it is a process of a judge pool."""
        try:
            return b"multiprocessing.spawn" in (PROC / str(self.pid) / "cmdline").read_bytes()
        except OSError:
            return False

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal; does nothing where it has ended."""
        if self.runs:
            os.kill(self.pid, number)


@dataclass(frozen=True, slots=True)
class _Seen:
    process: Process
    parent: int
    state: str


def children(pid: int) -> list[Process]:
    """Return the children of a process that run, in the order that they were started."""
    mine = [seen.process for seen in _all() if seen.parent == pid]
    return sorted((process for process in mine if process.runs), key=lambda process: process.began)


def descendants(pid: int) -> list[Process]:
    """Return the children of a process, theirs, and so on."""
    found = []
    for child in children(pid):
        found += [child, *descendants(child.pid)]
    return found


def judges(pid: int) -> list[Process]:
    """Return the judging processes of a worker."""
    return [child for child in children(pid) if child.judges]


def _all() -> Iterator[_Seen]:
    for folder in PROC.iterdir():
        if folder.name.isdecimal() and (seen := _look(int(folder.name))):
            yield seen


def _look(pid: int) -> _Seen | None:
    """Return what proc(5) says of a process: of what follows its name, fields 3, 4 and 22."""
    try:
        fields = (PROC / str(pid) / "stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return None
    return _Seen(Process(pid, began=int(fields[19])), parent=int(fields[1]), state=fields[0])
