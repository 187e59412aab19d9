"""One comment under judgement: what conditions ask about it."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final

from monitor.engine.scanning import Budget, Original
from monitor.engine.text import without_surrogates

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from monitor.domain.comments import Comment, CommentEvent
    from monitor.domain.signals import Signals
    from monitor.engine.scanning import Channel, Reading, Scanner, TextField

_FIELDS: Final[Mapping[TextField, Callable[[Comment], str | None]]] = {
    "text": lambda comment: comment.text,
    "author.name": lambda comment: comment.author.name,
    "url": lambda comment: comment.url,
    "thread": lambda comment: comment.thread,
}
TEXT_FIELDS: Final = tuple(_FIELDS)
OWN_TEXT: Final = frozenset({"text"})
"""Fields whose places are places in the comment's own text."""


class Subject:
    """The event, its signals, and the readings for every channel that some rule looks at.

    `undecided` turns true when a condition could not be told in time.
    """

    __slots__ = ("_originals", "_readings", "event", "signals", "undecided")

    def __init__(
        self, event: CommentEvent, signals: Signals, scanners: Iterable[Scanner], max_text: int
    ) -> None:
        self.event = event
        self.signals = signals
        self.undecided = False
        self._originals: dict[TextField, Original | None] = {}
        self._readings: dict[Channel, list[Reading]] = {}
        budget, day = Budget(), event.time.date()
        for scanner in scanners:
            original = self._original(scanner.channel.field, max_text)
            if original is not None:
                self._readings[scanner.channel] = scanner.scan(original, day, budget)

    def readings(self) -> Iterable[Reading]:
        """Return all readings there are."""
        return chain.from_iterable(self._readings.values())

    def reading(self, channel: Channel) -> Sequence[Reading] | None:
        """Return the readings of this channel; None where the source does not give the field."""
        return self._readings.get(channel)

    def is_cut(self, channel: Channel) -> bool:
        """Return whether this channel shows the beginning of a long text only."""
        original = self._originals.get(channel.field)
        return original is not None and original.is_cut(channel)

    def cut_channels(self) -> list[Channel]:
        """Return the channels that show the beginning of a long text only."""
        return [channel for channel in self._readings if self.is_cut(channel)]

    def _original(self, field: TextField, max_text: int) -> Original | None:
        if field not in self._originals:
            given = _FIELDS[field](self.event.comment)
            cut = None if given is None else Original(without_surrogates(given[:max_text]))
            self._originals[field] = cut
        return self._originals[field]
