"""The one SQLite file of a process: opened, migrated and used in a thread of its own.

Every store takes a `Database` and passes it functions; none of them opens a connection. SQLite
allows one writer at a time, so one thread loses nothing, and the event loop never waits for a
disk. `WAL` with `synchronous=FULL` means that a commit that returned survives SIGKILL and a power
cut (https://www.sqlite.org/pragma.html#pragma_synchronous). A commit takes milliseconds, for the disk
must confirm it; so what waits while one is under way is committed together by the next.

The schema is the numbered scripts in `migrations/`: `0001_cursors.sql` brings a file from
`user_version` 0 to 1, and so on. A script that was released is never edited; a change is a new one.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from types import TracebackType
from typing import Final, Self, TypeVar

from monitor.domain.errors import Misconfigured, Retryable

BUSY_SECONDS: Final = 5.0
"""How long a statement waits for another process that writes to the same file."""

_PASSING: Final = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
}
_LASTING: Final = {
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_PERM,
}

T = TypeVar("T")


@dataclass(slots=True)
class _Kept:
    """Keeps what is raised within its block, for whoever waits in another thread: nothing is swallowed."""

    error: BaseException | None = None

    def __enter__(self) -> None:
        pass

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        self.error = error
        return error is not None


@dataclass(slots=True)
class _Piece:
    """A piece of work, and who waits for it."""

    work: Callable[[sqlite3.Connection], None]
    done: Future[None] = field(default_factory=Future)
    kept: _Kept = field(default_factory=_Kept)

    def settle(self, error: BaseException | None) -> None:
        """Tell whoever waits that it is on the disk, or why not: for its own sake, or for the whole's."""
        reason = self.kept.error or error
        if reason is None:
            self.done.set_result(None)
        else:
            self.done.set_exception(reason)


class Database:
    """A SQLite file. It is opened at the first use (or by `async with`) and closed by `close`.

    The file and its folder are created where they are missing, readable by their owner alone:
    the delivery record holds people's words.
    """

    def __init__(self, path: Path, *, busy_seconds: float = BUSY_SECONDS) -> None:
        self.path = path
        self._busy_seconds = busy_seconds
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sqlite")
        self._waiting: deque[_Piece] = deque()
        self._connection: sqlite3.Connection | None = None

    async def __aenter__(self) -> Self:
        """Open and migrate the file now, so that what is wrong with it shows at the start."""
        await self.run(lambda _: None)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file."""
        await self.close()

    async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Call `work` with the connection, all of it or nothing, and return what it returns.

        Once this returns, what `work` wrote is on the disk. If `work` raises, nothing of it is written.
        A caller that is cancelled while waiting does not know which of the two happened.

        Raises:
            Retryable: another process holds the file, or the disk is full or failing.
            Misconfigured: the file cannot be opened, or is no database of this release.
        """
        results: list[T] = []
        piece = _Piece(lambda connection: results.append(work(connection)))
        self._waiting.append(piece)
        self._thread.submit(self._transact)
        await asyncio.wrap_future(piece.done)
        return results[0]

    async def close(self) -> None:
        """Close the file after the work in progress. A closed database stays closed."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._close)
        self._thread.shutdown()

    def _transact(self) -> None:
        """Do everything that waits, in one transaction; whoever comes meanwhile is in the next."""
        waiting = [self._waiting.popleft() for _ in range(len(self._waiting))]
        pieces = [piece for piece in waiting if piece.done.set_running_or_notify_cancel()]
        if not pieces:
            return
        whole = _Kept()
        with whole, self._named_failures():
            if self._connection is None:
                self._connection = _open(self.path, self._busy_seconds)
            with _transaction(self._connection):
                for piece in pieces:
                    self._do(piece, self._connection)
        for piece in pieces:
            piece.settle(whole.error)

    def _do(self, piece: _Piece, connection: sqlite3.Connection) -> None:
        """Do one piece; one that fails leaves the others as they are."""
        connection.execute("SAVEPOINT piece")
        with piece.kept, self._named_failures():
            piece.work(connection)
        if piece.kept.error is not None:
            if not connection.in_transaction:  # a full disk, and its like, end the whole transaction
                raise piece.kept.error
            connection.execute("ROLLBACK TO piece")
        connection.execute("RELEASE piece")

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    @contextmanager
    def _named_failures(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            primary = getattr(error, "sqlite_errorcode", 0) & 0xFF
            if primary in _PASSING:
                raise Retryable(f"the store {self.path}: {error}") from error
            if primary in _LASTING:
                raise Misconfigured.plain(
                    f"the store {self.path} cannot be used: {error}",
                    hint="is the path right, writable for this user, and a store of this product?",
                ) from error
            raise
        except OSError as error:
            raise Misconfigured.plain(f"the store {self.path} cannot be created: {error.strerror}") from error


def _open(path: Path, busy_seconds: float) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    connection = sqlite3.connect(path, timeout=busy_seconds, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA secure_delete=ON")  # a delivered comment's words leave the file too
        with _transaction(connection):
            _migrate(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    scripts = _scripts()
    if version > len(scripts):
        raise Misconfigured.plain(
            f"the store {path} is of a newer release (schema {version}; this one knows {len(scripts)})",
            hint="install the newer release again, or let this one use another file",
        )
    for script in scripts[version:]:
        for statement in _statements(script):
            connection.execute(statement)
    connection.execute(f"PRAGMA user_version={len(scripts)}")


def _scripts() -> list[str]:
    folder = files("monitor.store") / "migrations"
    found = sorted(
        (item for item in folder.iterdir() if item.name.endswith(".sql")), key=lambda item: item.name
    )
    return [item.read_text(encoding="utf-8") for item in found]


def _statements(script: str) -> Iterator[str]:
    """Yield a script's statements one by one; `executescript` would end the transaction."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
