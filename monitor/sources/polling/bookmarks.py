"""A polled source's cursor: where each thread's reading stands. It is saved as JSON.

Times are seconds since 1970. Whatever was saved, a clock that was wrong when it was must not stop
the readings: `clamped` moves times that lie in the future back.
"""

from __future__ import annotations

from typing import Final

import msgspec
from msgspec import Struct, structs

from monitor.domain.errors import Misconfigured
from monitor.sources.polling.site import Poll
from monitor.sources.web.message import NO_VALIDATORS, Validators

LONGEST_WAIT: Final = 86_400.0
"""No site is left alone for longer, in seconds, whatever it asked for."""

WHOLE: Final = ""
"""The key of a site's one bookmark where it is read as a whole."""


class Bookmark(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where the reading of one thread, or of a whole site, stands.

    `read_at` and `deep_at` are when the last reading, and the last one back to the late window,
    that came to its end began (0: none did). `validators` belong to the first page as asked for
    with `validated`; `conditional` counts the readings in a row that used them. `resume` is the
    site's own cursor, `anchors` are older ones, with their times: deep readings start there.
    `most` is how many comments the last reading with any found. `behind` says that a reading was
    cut off, so that the next must be a deep one, of `max_pages` doubled `depth` times.
    `leaving` says that the thread is no longer listed.
    """

    url: str = ""
    next_at: float = 0.0
    interval: float = 0.0
    rate: float = 0.0
    read_at: float = 0.0
    deep_at: float = 0.0
    news_at: float = 0.0
    validators: Validators = NO_VALIDATORS
    validated: str = ""
    conditional: int = 0
    resume: str = ""
    anchors: tuple[tuple[float, str], ...] = ()
    most: int = 0
    behind: bool = False
    depth: int = 0
    leaving: bool = False
    failures: int = 0
    last: Poll | None = None

    def clamped(self, now: float) -> Bookmark:
        """Return it with no time in the future that cannot be one."""
        return structs.replace(
            self,
            next_at=min(self.next_at, now + LONGEST_WAIT),
            read_at=min(self.read_at, now),
            deep_at=min(self.deep_at, now),
        )


class Bookmarks(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The cursor. `began` is when the source was first read; nothing is asked before `paused_until`.

    `batches` counts them, so that no two cursors are the same.
    """

    began: float = 0.0
    batches: int = 0
    paused_until: float = 0.0
    listing: Bookmark = Bookmark()
    threads: dict[str, Bookmark] = {}

    @classmethod
    def read(cls, cursor: str | None, now: float) -> Bookmarks:
        """Return what the cursor holds.

        Raises:
            Misconfigured: it is no cursor of a polled source.
        """
        try:
            found = msgspec.json.decode(cursor, type=cls) if cursor else cls(began=now)
        except msgspec.DecodeError:
            raise Misconfigured.plain(
                "the saved cursor is none of a polled source",
                hint="another kind of source had this id; give this one an id of its own",
            ) from None
        return structs.replace(
            found,
            began=min(found.began, now),
            paused_until=min(found.paused_until, now + LONGEST_WAIT),
            listing=found.listing.clamped(now),
            threads={key: each.clamped(now) for key, each in found.threads.items()},
        )

    def write(self) -> str:
        """Return the cursor that holds this."""
        return msgspec.json.encode(self).decode()
