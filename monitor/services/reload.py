"""Keeps the rule book current: takes a changed one when it is sound, keeps the last good one if not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from monitor.domain.errors import Misconfigured
from monitor.engine.book import Book
from monitor.ports import Clock
from monitor.services.rulebook import Stamp


class Reloader:
    """Looks at the rule files now and then.

    A change counts once the files have been quiet from one look to the next, so that a copy of
    many files is never read half way. It is refused whole where anything is wrong in it: `book`
    stays as it was, and `refused` says why until the files change again.

    `load` reads the book, `stamp` tells whether its files have changed; both may raise
    Misconfigured. `every` is how long to leave the files alone; none of it means never to look.
    """

    def __init__(
        self, load: Callable[[], Book], stamp: Callable[[], Stamp], clock: Clock, every: timedelta
    ) -> None:
        self._load = load
        self._stamp = stamp
        self._clock = clock
        self._every = every
        self._taken = self._seen = stamp()
        self._looked_at: datetime = clock()
        self.book = load()
        self.refused: Misconfigured | None = None

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
            return self._stamp()
        except Misconfigured:
            self._taken = frozenset()
            raise

    def _take(self, stamp: Stamp) -> bool:
        quiet, self._seen = stamp == self._seen, stamp
        if stamp == self._taken or not quiet:
            return False
        self._taken = stamp
        book = self._load()
        self.refused = None
        changed = book.digest != self.book.digest
        self.book = book
        return changed
