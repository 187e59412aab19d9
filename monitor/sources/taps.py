"""Where a file source's bytes come from: a file, perhaps a growing one, or standard input."""

from __future__ import annotations

import glob
import hashlib
import os
import select
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Protocol, Self

import msgspec

from monitor.domain.errors import Misconfigured, Retryable
from monitor.sources.reading import Position

CHUNK: Final = 65_536
HEAD: Final = 65_536
SEALED: Final = 1024
"""Bytes at the start of a file, and before a position, that tell whether it is the same file."""

WAIT_SECONDS: Final = 0.2
"""How long one read of standard input waits, so that a stop is never kept waiting longer."""

_SETTINGS_FAULTS: Final = (FileNotFoundError, PermissionError, IsADirectoryError, NotADirectoryError)


class Tap(Protocol):
    """Gives bytes in order."""

    def head(self) -> bytes | None:
        """Return how the bytes begin, as far as is known; None to be asked again later."""
        ...

    def read(self) -> bytes | None:
        """Return the next bytes, b"" at the end, None where there are none yet."""
        ...

    def mark(self, position: Position) -> str:
        """Return the cursor that stands for this position."""
        ...


class Mark(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A cursor: a position, and the seal of what stands before it."""

    offset: int = 0
    line: int = 0
    state: str = ""
    seal: str = ""

    @classmethod
    def read(cls, cursor: str | None) -> Mark:
        """Return the mark that `cursor` holds.

        Raises:
            Misconfigured: it is no cursor of a file.
        """
        try:
            return msgspec.json.decode(cursor, type=cls) if cursor else cls()
        except msgspec.DecodeError:
            raise Misconfigured.plain(
                "the saved cursor is none of a file source",
                hint="another kind of source had this name; give this one a name of its own",
            ) from None

    @property
    def position(self) -> Position:
        """Return where reading goes on."""
        return Position(offset=self.offset, line=self.line, state=self.state)

    def fits(self, path: Path) -> bool:
        """Return whether the file holds before the mark what it held when it was made."""
        if not self.offset:
            return True
        with path.open("rb", buffering=0) as file:
            return seal(file.fileno(), self.offset) == self.seal


class FileTap:
    """One file, from an offset on.

    With `follow` the end of the file is not the end of the bytes, until another file stands in
    its place or it was cut short.
    """

    def __init__(self, path: Path, offset: int, *, follow: bool) -> None:
        self._path = path
        self._file = path.open("rb", buffering=0)
        self._file.seek(offset)
        self._at = offset
        self._follow = follow
        self._seal: str | None = None

    def __enter__(self) -> Self:
        """Return the tap."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self._file.close()

    def head(self) -> bytes | None:
        """Return the file's first bytes; None while a followed file has no full line."""
        head = os.pread(self._file.fileno(), HEAD, 0)
        return None if self._follow and b"\n" not in head and len(head) < HEAD else head

    def read(self) -> bytes | None:
        """Return the next bytes, b"" at the end, None where a followed file has none yet."""
        if self._seal is not None and self._seal != seal(self._file.fileno(), self._at):
            return b""
        chunk = self._more()
        if chunk or not self._follow:
            return chunk
        if self._replaced():
            return self._more()
        self._seal = seal(self._file.fileno(), self._at)
        return None

    def mark(self, position: Position) -> str:
        """Return the cursor: the position and the seal of what stands before it."""
        mark = Mark(
            offset=position.offset,
            line=position.line,
            state=position.state,
            seal=seal(self._file.fileno(), position.offset) if position.offset else "",
        )
        return msgspec.json.encode(mark).decode()

    def _more(self) -> bytes:
        chunk = self._file.read(CHUNK)
        self._at += len(chunk)
        if chunk:
            self._seal = None
        return chunk

    def _replaced(self) -> bool:
        here = os.fstat(self._file.fileno())
        try:
            there = self._path.stat()
        except FileNotFoundError:
            return False  # the moment between moving the old file away and making the new one
        return here.st_size < self._at or not os.path.samestat(here, there)


class PipeTap:
    """Standard input, or another pipe: it is read once, so its cursor tells and finds nothing."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._head = b""
        self._ended = False

    def head(self) -> bytes | None:
        """Return the first bytes, once there is a full line or the end."""
        while b"\n" not in self._head and len(self._head) < HEAD and not self._ended:
            chunk = self._next()
            if chunk is None:
                return None
            self._head += chunk
        return self._head

    def read(self) -> bytes | None:
        """Return the next bytes, b"" at the end, None where there are none yet."""
        if self._head:
            head, self._head = self._head, b""
            return head
        return self._next()

    def mark(self, position: Position) -> str:
        """Return how far it was read, for a person to see."""
        return msgspec.json.encode(Mark(offset=position.offset, line=position.line)).decode()

    def _next(self) -> bytes | None:
        if self._ended:
            return b""
        ready, _, _ = select.select([self._descriptor], [], [], WAIT_SECONDS)
        if not ready:
            return None
        chunk = os.read(self._descriptor, CHUNK)
        self._ended = not chunk
        return chunk


def seal(descriptor: int, offset: int) -> str:
    """Return a digest that tells an open file's first `offset` bytes from other ones.

    It covers the first and the last `SEALED` of them. Inode numbers would not do: they are given
    away again as soon as a file is deleted, and change where one is copied or restored.
    """
    size = min(SEALED, offset)
    digest = hashlib.sha256(offset.to_bytes(8))
    digest.update(os.pread(descriptor, size, 0))
    digest.update(os.pread(descriptor, size, offset - size))
    return digest.hexdigest()[:16]


def predecessor(path: Path, mark: Mark) -> Path | None:
    """Return the rotated file (`comments.jsonl.1`) that the mark was made in, if it is still there."""
    if mark.fits(path):
        return None
    moved = sorted(
        path.parent.glob(f"{glob.escape(path.name)}[.-]*"),
        key=lambda other: other.stat().st_mtime,
        reverse=True,
    )
    return next((other for other in moved if other.is_file() and mark.fits(other)), None)


@contextmanager
def named_failures(path: Path) -> Iterator[None]:
    """Say of a file that cannot be read whether trying again can help."""
    try:
        yield
    except _SETTINGS_FAULTS as error:
        raise Misconfigured.plain(f"{path} cannot be read: {error.strerror}") from error
    except OSError as error:
        raise Retryable(f"{path} cannot be read now: {error.strerror}") from error
