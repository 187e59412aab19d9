"""The comments of a made-up site. Whatever face it shows, this is the truth behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from monitor.sources.polling.site import Standing


@dataclass(slots=True, kw_only=True)
class Kept:
    """One comment. `number` is dense and grows; `version` counts from 1; `shown_at` is None at first."""

    number: int
    text: str
    author: str
    thread: str
    created_at: datetime
    changed_at: datetime
    parent: int | None = None
    standing: Standing = Standing.VISIBLE
    version: int = 1
    shown_at: datetime | None = None

    @property
    def shown(self) -> bool:
        """Return whether people see it."""
        return self.standing is Standing.VISIBLE


@dataclass(slots=True)
class Store:
    """What the site holds. `clock` is the site's own."""

    clock: Callable[[], datetime]
    comments: list[Kept] = field(default_factory=list)

    def write(
        self, text: str, *, thread: str, author: str, parent: int | None = None, held: bool = False
    ) -> Kept:
        """Take a comment; a held one is shown once it is approved, with the time it was written at."""
        now = self.clock()
        kept = Kept(
            number=len(self.comments) + 1,
            text=text,
            author=author,
            thread=thread,
            parent=parent,
            created_at=now,
            changed_at=now,
            standing=Standing.PENDING if held else Standing.VISIBLE,
            shown_at=None if held else now,
        )
        self.comments.append(kept)
        return kept

    def edit(self, kept: Kept, text: str) -> None:
        """Change a comment's text."""
        kept.text = text
        kept.version += 1
        kept.changed_at = self.clock()

    def stand(self, kept: Kept, standing: Standing) -> None:
        """Approve, trash or restore a comment."""
        kept.standing = standing
        kept.changed_at = self.clock()
        if kept.shown and kept.shown_at is None:
            kept.shown_at = kept.changed_at

    def get(self, number: int) -> Kept | None:
        """Return a comment by its number."""
        return self.comments[number - 1] if 0 < number <= len(self.comments) else None

    def shown(self, thread: str | None = None) -> list[Kept]:
        """Return what people see, oldest first."""
        return [kept for kept in self.comments if kept.shown and thread in {None, kept.thread}]

    def threads(self) -> list[str]:
        """Return the threads, the one that was written to last first."""
        return list(dict.fromkeys(kept.thread for kept in reversed(self.comments)))
