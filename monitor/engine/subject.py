"""One comment under judgement: what conditions ask about it."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final, TypeVar, cast

from monitor.engine import given
from monitor.engine.quoting import quoted, unquoted
from monitor.engine.scanning import Budget, Original
from monitor.engine.text import without_surrogates

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from monitor.domain.comments import Comment, CommentEvent
    from monitor.domain.signals import Signals
    from monitor.engine.scanning import Channel, Reading, Scanner, TextField
    from monitor.engine.text import Span

_FIELDS: Final[Mapping[TextField, Callable[[Comment], str | None]]] = {
    "text": lambda comment: comment.text,
    "unquoted": lambda comment: comment.text,
    "quoted": lambda comment: comment.text,
    "author.name": lambda comment: comment.author.name,
    "url": lambda comment: comment.url,
    "thread": lambda comment: comment.thread,
    "parent.text": lambda comment: given.text(comment, "parent.text"),
    "parent.author.name": lambda comment: given.text(comment, "parent.author.name"),
    "thread.title": lambda comment: given.text(comment, "thread.title"),
    "thread.url": lambda comment: given.text(comment, "thread.url"),
    "thread.section": lambda comment: given.text(comment, "thread.section"),
}
_PARTS: Final[Mapping[TextField, Callable[[str], str]]] = {"unquoted": unquoted, "quoted": quoted}
"""Fields that are parts of another, told when that was cut to what is matched."""

NAMES_OF_FIELDS: Final = tuple(_FIELDS)
OWN_TEXT: Final = frozenset({"text", "unquoted", "quoted"})
"""Fields whose places are places in the comment's own text."""

Known = TypeVar("Known")


class Subject:
    """The event, its signals, and the readings for every channel that some rule looks at.

    `undecided` turns true when a condition could not be told in time.
    """

    __slots__ = ("_known", "_max_text", "_originals", "_readings", "event", "signals", "undecided")

    def __init__(
        self, event: CommentEvent, signals: Signals, scanners: Iterable[Scanner], max_text: int
    ) -> None:
        self.event = event
        self.signals = signals
        self.undecided = False
        self._max_text = max_text
        self._known: dict[object, object] = {}
        self._originals: dict[TextField, Original | None] = {}
        self._readings: dict[Channel, list[Reading]] = {}
        budget, day = Budget(), event.time.date()
        for scanner in scanners:
            original = self._original(scanner.channel.field)
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

    @property
    def own_text(self) -> str:
        """Return the comment's text, the beginning of it where it is longer than is matched."""
        return self.event.comment.text[: self._max_text]

    def field(self, name: TextField) -> str | None:
        """Return a field's text; None where the source does not give it."""
        original = self._original(name)
        return None if original is None else original.text

    def measured(self, measure: Callable[[str], Known]) -> Known:
        """Return what this finds in the comment's text; it is asked once a comment."""
        return self.once(measure, lambda: measure(self.own_text))

    def found(self, finder: Callable[[str], Iterable[Span]]) -> list[Span]:
        """Return the places that this finds in the comment's text; it is asked once a comment."""
        return self.once(finder, lambda: list(finder(self.own_text)))

    def once(self, key: object, find: Callable[[], Known]) -> Known:
        """Return what `find` finds; it is asked once a comment for each key."""
        if key not in self._known:
            self._known[key] = find()
        return cast("Known", self._known[key])

    def _original(self, field: TextField) -> Original | None:
        if field not in self._originals:
            text = _FIELDS[field](self.event.comment)
            self._originals[field] = None if text is None else self._cut(field, text)
        return self._originals[field]

    def _cut(self, field: TextField, text: str) -> Original:
        part = _PARTS.get(field, str)
        return Original(part(without_surrogates(text[: self._max_text])))
