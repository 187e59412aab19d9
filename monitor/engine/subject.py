"""One comment under judgement: what conditions ask about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from monitor.engine.scanning import Budget
from monitor.engine.text import without_surrogates

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

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


class Subject:
    """The event, its signals, and a reading for every channel that some rule looks at.

    `undecided` turns true when a condition could not be told in time.
    """

    __slots__ = ("_readings", "event", "signals", "undecided")

    def __init__(
        self, event: CommentEvent, signals: Signals, scanners: Iterable[Scanner], max_text: int
    ) -> None:
        self.event = event
        self.signals = signals
        self.undecided = False
        self._readings: dict[Channel, Reading] = {}
        budget, day = Budget(), event.time.date()
        for scanner in scanners:
            original = _FIELDS[scanner.channel.field](event.comment)
            if original is not None:
                cut = without_surrogates(original[:max_text])
                self._readings[scanner.channel] = scanner.scan(cut, day, budget)

    def readings(self) -> Iterable[Reading]:
        """Return all readings there are."""
        return self._readings.values()

    def reading(self, channel: Channel) -> Reading | None:
        """Return the reading of this channel; None where the source does not give the field."""
        return self._readings.get(channel)
