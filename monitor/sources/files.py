"""Comments out of files and standard input: the adapters of `ports.Source`.

A cursor is the position after the last record handed out, and a seal of the bytes before it. A
file whose bytes there are other ones (cut short, replaced, rotated away) is read from its start.
If the file that was read before still lies beside it under a longer name (`comments.jsonl.1`, as
logrotate leaves it), its rest is read first. So are a followed file's last lines when it is moved
away. Only one rotation is bridged this way while nobody reads.

A last line without its end is read where the file is not followed; where it is, somebody may be
writing it still, and it waits for its end.

Reading blocks, so it happens in a thread of its own, which never holds up a stop for longer than
one read.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Literal, TypeAlias

from monitor.domain.errors import Misconfigured
from monitor.ports import Batch, Clock, Source
from monitor.sources.formats import DECODERS, Format, by_content, by_suffix
from monitor.sources.reading import Position, Record
from monitor.sources.taps import FileTap, Mark, PipeTap, Tap, named_failures, predecessor
from monitor.sources.tray import Reading, Tray, now

Steps: TypeAlias = Generator[Batch | None, None, None]
"""Batches, and None wherever there is nothing to read for now."""


def open_source(
    path: Path | Literal["-"],
    format: Format | Literal["auto"] = "auto",  # noqa: A002 - the option's name
    name: str | None = None,
    *,
    follow: bool = False,
    batch: int = 500,
    clock: Clock = now,
) -> Source:
    """Return the source that reads this file, or standard input (`-`).

    `auto` goes by the file's name and, where that says nothing, by its first line. `name` is the
    site that the comments come from; it defaults to the file's name without its ending. With
    `follow` the source waits for more at the end of the file. `batch` is the largest number of
    records handed out at once; `clock` says when each was seen.

    Raises:
        Misconfigured: the name is empty or holds a colon, or a page would be followed.
    """
    standard = path == "-"
    site = name if name is not None else "stdin" if standard else Path(path).stem.replace(":", "-")
    if not site.strip() or ":" in site:
        raise Misconfigured.plain(
            f"`{site}` cannot be the name of a source",
            hint="it is the part before the colon in a comment's key: give a name without a colon",
        )
    if follow and format == "page":
        raise _no_page_grows()
    reading = Reading(site=site, format=format, batch=batch, clock=clock)
    return (
        PipeSource(sys.stdin.fileno(), reading)
        if standard
        else FileSource(Path(path), reading, follow=follow)
    )


class FileSource:
    """Reads a file. `name` is the site and the file, so that a site may have many files."""

    def __init__(self, path: Path, reading: Reading, *, follow: bool = False) -> None:
        self._path = path
        self._reading = reading
        self._follow = follow

    @property
    def name(self) -> str:
        """Return the name that the cursor is kept under."""
        return f"{self._reading.site}:{self._path.name}"

    def batches(self, cursor: str | None) -> AsyncIterator[Batch]:
        """Yield what follows `cursor` in the file, and with `follow` whatever is added to it.

        Raises:
            Retryable: the disk fails.
            Misconfigured: there is no such file, it may not be read, or it is of another format.
        """
        return _off_the_loop(self._steps(cursor), self._reading.poll_seconds)

    def _steps(self, cursor: str | None) -> Steps:
        mark = Mark.read(cursor)
        with named_failures(self._path):
            while self._follow and mark.offset and not self._path.exists():
                yield None
            moved = predecessor(self._path, mark)
            if moved:
                yield from self._read(moved, mark.position, follow=False)
            position = mark.position if mark.fits(self._path) else Position()
            yield from self._read(self._path, position, follow=self._follow)
            while self._follow:
                yield from self._read(self._path, Position(), follow=True)

    def _read(self, path: Path, position: Position, *, follow: bool) -> Steps:
        with FileTap(path, position.offset, follow=follow) as tap:
            yield from _drain(tap, path.name, position, self._reading, follow=follow)


class PipeSource:
    """Reads standard input, or another pipe, once.

    What is piped in does not come back, so a cursor is given but not followed: whoever must lose
    nothing reads a file.
    """

    def __init__(self, descriptor: int, reading: Reading) -> None:
        self._descriptor = descriptor
        self._reading = reading

    @property
    def name(self) -> str:
        """Return the name that the cursor is kept under."""
        return f"{self._reading.site}:stdin"

    def batches(self, cursor: str | None) -> AsyncIterator[Batch]:
        """Yield what comes, whatever `cursor` says, until the other side closes the pipe.

        Raises:
            Misconfigured: it is of another format.
        """
        del cursor
        steps = _drain(PipeTap(self._descriptor), "stdin", Position(), self._reading, follow=False)
        return _off_the_loop(steps, 0.0)


def _drain(tap: Tap, place: str, position: Position, reading: Reading, *, follow: bool) -> Steps:
    """Yield batches of what comes out of the tap; a batch never waits for more records to come."""
    while (head := tap.head()) is None:
        yield None
    format_ = _format(reading, place, head)
    if follow and format_ == "page":
        raise _no_page_grows()
    tray = Tray(reading, format_, place)
    with _placed(place):
        for record in _records(tap, format_, position):
            if record is not None:
                tray.add(record)
            if tray.full or (record is None and not tray.empty):
                yield tray.batch(tap.mark)
            elif record is None:
                yield None
    if not tray.empty:
        yield tray.batch(tap.mark)


def _records(tap: Tap, format_: Format, position: Position) -> Iterator[Record | None]:
    decoder = DECODERS[format_](position)
    while (chunk := tap.read()) != b"":
        if chunk is None:
            yield None
        else:
            yield from decoder.feed(chunk)
    yield from decoder.finish()


@contextmanager
def _placed(place: str) -> Iterator[None]:
    """Say in which file a person has to look."""
    try:
        yield
    except Misconfigured as error:
        raise Misconfigured([replace(problem, file=place) for problem in error.problems]) from None


def _format(reading: Reading, place: str, head: bytes) -> Format:
    if reading.format != "auto":
        return reading.format
    return by_suffix(place) or by_content(head)


async def _off_the_loop(steps: Steps, pause: float) -> AsyncIterator[Batch]:
    """Yield the batches of `steps`, each made in one thread, with a pause wherever there is none.

    The thread closes `steps` itself, so that leaving early never meets a read in progress.
    """
    thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="source")
    loop = asyncio.get_running_loop()
    end = object()
    try:
        while (step := await loop.run_in_executor(thread, next, steps, end)) is not end:
            if isinstance(step, Batch):
                yield step
            else:
                await asyncio.sleep(pause)
    finally:
        thread.submit(steps.close)
        thread.shutdown(wait=False)


def _no_page_grows() -> Misconfigured:
    return Misconfigured.plain(
        "a page's text cannot be followed: it is read as a whole",
        hint="follow JSON lines or CSV, or read the page again when it has changed",
    )
