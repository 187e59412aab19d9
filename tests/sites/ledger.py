"""Holds what a source told beside what its site holds: nothing lost, nothing doubled, nothing made up."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from monitor.domain.comments import CommentEvent, EventKind
from monitor.ports import Unreadable


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """What does not agree, by native id; all empty means that the source told the site's truth.

    `lost`: the site shows it and nobody was told. `stale`: told with a text that it no longer has.
    `ghosts`: taken away, and nobody was told. `doubled`: told again though nothing had happened.
    """

    lost: frozenset[str] = frozenset()
    stale: frozenset[str] = frozenset()
    ghosts: frozenset[str] = frozenset()
    doubled: tuple[str, ...] = ()


EVEN: Final = Balance()
_PLAIN: Final = str.maketrans("“”‘’", "\"\"''")


@dataclass(slots=True)
class Ledger:
    """The publisher of a proof: keeps all events in memory, in the order in which they were published."""

    events: list[CommentEvent] = field(default_factory=list)
    buried: list[Unreadable] = field(default_factory=list)

    async def publish(self, events: Sequence[CommentEvent]) -> None:
        """Take events over."""
        self.events += events

    async def bury(self, letters: Sequence[Unreadable]) -> None:
        """Take records over that could not be read."""
        self.buried += letters

    def balance(self, truth: Mapping[str, str]) -> Balance:
        """Hold the events beside the texts that the site shows now, by id."""
        return balance(self.events, truth)


def balance(events: Iterable[CommentEvent], truth: Mapping[str, str]) -> Balance:
    """Hold events beside the texts that the site shows now, by id, but for what `squeezed` evens out."""
    told, doubled = _follow(events)
    standing = {native_id: text for native_id, text in told.items() if text is not None}
    shown = {native_id: squeezed(text) for native_id, text in truth.items()}
    return Balance(
        lost=frozenset(shown.keys() - standing.keys()),
        stale=frozenset(each for each in shown.keys() & standing.keys() if shown[each] != standing[each]),
        ghosts=frozenset(standing.keys() - shown.keys()),
        doubled=tuple(doubled),
    )


def squeezed(text: str) -> str:
    """Return the text with every run of blanks as one, which HTML does not keep, and plain quotes.

    WordPress shows "quotes" as “quotes”, and holds them as they were typed.
    """
    return re.sub(r"\s+", " ", text.translate(_PLAIN)).strip()


def _follow(events: Iterable[CommentEvent]) -> tuple[dict[str, str | None], list[str]]:
    """Return the text that each comment was last told with (None: gone), and what was told in vain."""
    told: dict[str, str | None] = {}
    doubled = []
    for event in events:
        native_id = event.comment.native_id
        text = squeezed(event.comment.text)
        if not _is_news(event.kind, native_id, text, told):
            doubled.append(f"{event.kind} {native_id}")
        told[native_id] = None if event.kind is EventKind.DELETED else text
    return told, doubled


def _is_news(kind: EventKind, native_id: str, text: str, told: Mapping[str, str | None]) -> bool:
    before = told.get(native_id)
    if kind is EventKind.CREATED:
        return native_id not in told
    if kind is EventKind.EDITED:
        return before is not None and before != text
    if kind is EventKind.DELETED:
        return before is not None
    return native_id in told and before is None
