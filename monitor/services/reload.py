"""Keeps the rule book current: takes a changed one when it is sound, keeps the last good one if not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from monitor.domain.errors import Misconfigured
from monitor.engine.book import Book
from monitor.ports import Clock
from monitor.services.rulebook import Sources, Stamp, book_of, read_sources, stamp_of


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFiles:
    """Where the rules are; `max_text` is how many characters of a comment are matched."""

    paths: tuple[Path | None, ...]
    max_text: int | None = None

    def stamp(self) -> Stamp:
        """Return what tells that they have changed."""
        return stamp_of(*self.paths)

    def read(self) -> Sources:
        """Return their texts."""
        return read_sources(*self.paths)

    def compile(self, sources: Sources) -> Book:
        """Return the book of these texts."""
        return book_of(sources, max_text=self.max_text)


class Reloader:
    """Looks at the rule files now and then.

    A change counts once the files have been quiet from one look to the next, so that a copy of
    many files is never read half way. It is refused whole where anything is wrong in it: `book`
    stays as it was, and `refused` says why until the files change again.

    `every` is how long to leave the files alone; none of it means never
    to look. `last_good` are texts that were in force before, in a process that died: they serve
    where the files cannot.
    """

    def __init__(
        self,
        files: RuleFiles,
        clock: Clock,
        every: timedelta,
        last_good: Sources | None = None,
    ) -> None:
        self._files = files
        self._clock = clock
        self._every = every
        self._looked_at = clock()
        self.refused: Misconfigured | None = None
        try:
            self._taken = self._seen = files.stamp()
            self.sources = files.read()
            self.book = files.compile(self.sources)
        except Misconfigured as error:
            if last_good is None:
                raise
            self._taken = self._seen = frozenset()
            self.refused, self.sources = error, last_good
            self.book = files.compile(last_good)

    def look(self) -> bool:
        """Look at the files if it is time to, and return whether another book is in force now."""
        now = self._clock()
        if not self._every or now - self._looked_at < self._every:
            return False
        self._looked_at = now
        try:
            return self._take(self._stamp_now())
        except Misconfigured as error:
            self.refused = error
            return False

    def _stamp_now(self) -> Stamp:
        """Return the stamp; what cannot be looked at counts as changed, so that its return is noticed."""
        try:
            return self._files.stamp()
        except Misconfigured:
            self._taken = frozenset()
            raise

    def _take(self, stamp: Stamp) -> bool:
        quiet, self._seen = stamp == self._seen, stamp
        if stamp == self._taken or not quiet:
            return False
        self._taken = stamp
        sources = self._files.read()
        book = self._files.compile(sources)
        self.refused = None
        changed = book.digest != self.book.digest
        self.book, self.sources = book, sources
        return changed
