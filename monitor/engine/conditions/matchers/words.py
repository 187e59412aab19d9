"""`words`: whole words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from monitor.engine.conditions.forms import Form
from monitor.engine.conditions.matchers import doubts
from monitor.engine.conditions.matchers.inside import Inside
from monitor.engine.scanning import MAX_SPANS, Budget, Probe
from monitor.engine.words import is_border, word_end, word_start

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.engine.conditions.matchers.entries import Entries, Starred
    from monitor.engine.cursor import Cursor
    from monitor.engine.text import Span


FORM: Final = Form(
    says="whole words; a star at the start or end stands for any letters",
    kind="texts",
    example="text: {words: [idiot, moron*]}",
)


class Word(Probe):
    """A literal with the borders of words on both sides, or any letters where a star stands."""

    __slots__ = ("_ends", "_opens")

    def __init__(self, entry: str, starred: Starred) -> None:
        super().__init__(entry, "text", starred.text)
        self._opens = starred.opens
        self._ends = starred.ends
        if starred.text.isalpha() and not starred.opens:
            self.word = (starred.text, starred.ends)

    def confirm(self, text: str, places: Sequence[Span], budget: Budget) -> list[Span]:
        """Return the whole words at these places."""
        del budget  # looking at the neighbours takes no time
        found: list[Span] = []
        done = -1
        for start, end in places:
            if start < done:
                continue
            if (self._opens or is_border(text, start)) and (self._ends or is_border(text, end)):
                first = word_start(text, start) if self._opens else start
                done = word_end(text, end) if self._ends else end
                found.append((first, done))
                if len(found) == MAX_SPANS:
                    break
        return found


def read(cursor: Cursor, entries: Entries) -> list[Probe]:
    """Read a list of words."""
    probes: list[Probe] = []
    read: list[tuple[Cursor, str, Starred]] = []
    for written, place in cursor.words():
        if len(written.split()) > 1:
            listed = ", ".join(part.strip() for part in written.split(","))
            hint = f"several words are a list: [{listed}]" if "," in written else "write it in `phrases`"
            place.error(f"`{written}` is more than one word", hint)
        elif starred := entries.starred(place, written):
            doubts.of_syntax(place, written)
            read.append((place, written, starred))
            probes.append(probe_of(written, starred, entries))
    if entries.is_plain:
        doubts.of_doubles(read)
    return probes


def probe_of(written: str, starred: Starred, entries: Entries) -> Probe:
    """Return the probe of one word."""
    if entries.inside:
        return entries.share(Inside(written, starred.text, frozenset()))
    return entries.share(Word(written, starred), starred)
