"""Readings of a text, and the way back from them to the original.

A view says how a text is read before anything is looked for in it. `raw` is the text as it is.
`folded` undoes what people do not see: compatibility forms (NFKC), zero-width and bidi control
characters, the shape of apostrophes, and the two dots of the Turkish i, which fold to one
letter. Whether capitals count is a matter of its own, so that each of the two has two lenses. The
other views undo disguises; they start from the folded text (`monitor.engine.views`).
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from dataclasses import dataclass
from typing import Final, Literal

import regex

from monitor.engine.views import Disguise
from monitor.engine.words import REMEMBERED

PlainView = Literal["raw", "folded"]
View = PlainView | Disguise
Span = tuple[int, int]

_INVISIBLE: Final = regex.compile(r"[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\u0640]")
"""What has no shape of its own; of Arabic the stroke that only makes a word longer (tatweel)."""

_APOSTROPHES: Final = dict.fromkeys("\u2018\u2019\u02bc\u00b4", "'")
_IOTA_BELOW: Final = "\u0345"
_OWN_CASE: Final = {"\u0130": "i", "\u0131": "i", _IOTA_BELOW: _IOTA_BELOW}
"""What Unicode's case folding reads otherwise: the Turkish i, and the iota under a letter, which is a mark
here like all others and no letter of its own (it is much used to disfigure words)."""

_JOINING: Final = r"\p{M}\u1161-\u1175\u11a8-\u11c2\U00016d67"
_CLUSTER: Final = regex.compile(rf"(?:[^{_JOINING}]|\A)[{_JOINING}]{{1,30}}")
"""What composes to one character stands in one of these, or at the very beginning. More than 30 marks on
one letter compose no further (the limit of Unicode's stream-safe format, UAX 15), which keeps the cost
linear."""


_CHUNK: Final = 2_000
_FEWEST_SHOWN: Final = 20 * _CHUNK


class _Table(dict[int, str]):
    """What each character is read as, worked out when first met; bounded, whatever texts bring."""

    __slots__ = ("folds_case", "folds_forms")

    def __init__(self, *, folds_forms: bool, folds_case: bool) -> None:
        super().__init__()
        self.folds_forms = folds_forms
        self.folds_case = folds_case

    def __missing__(self, code: int) -> str:
        read = self._read(chr(code))
        if len(self) < REMEMBERED:
            self[code] = read
        return read

    def _read(self, char: str) -> str:
        if self.folds_forms:
            char = _without_form(char)
        if self.folds_case:
            parts = unicodedata.normalize("NFD", char) if self.folds_forms and _is_iota_below(char) else char
            char = "".join(_OWN_CASE.get(part) or part.casefold() for part in parts)
        if self.folds_forms:
            char = _without_form(char)
        return char


def _is_iota_below(char: str) -> bool:
    return _IOTA_BELOW in unicodedata.normalize("NFD", char)


def _without_form(text: str) -> str:
    apostrophe = _APOSTROPHES.get(text)
    return apostrophe or _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))


@dataclass(frozen=True, slots=True)
class Sources:
    """For each character shown, where what it was made of begins and ends in the original."""

    starts: list[int]
    ends: list[int]

    def back(self, span: Span) -> Span:
        """Return the place in the original of a place in what is shown."""
        return self.starts[span[0]], self.ends[span[1] - 1]

    def forth(self, span: Span) -> Span:
        """Return the place in what is shown of a place in the original."""
        return bisect_left(self.starts, span[0]), bisect_left(self.starts, span[1])


@dataclass(frozen=True, slots=True, eq=False)
class Lens:
    """One way to read a text: the view, and whether capitals stay capitals."""

    view: PlainView
    keeps_case: bool
    table: _Table | None

    def read(self, text: str) -> str:
        """Return the text as this lens shows it."""
        if self.table is None:
            return text
        if text.isascii():
            return text if self.keeps_case else text.lower()
        read = _translated(text, self.table)
        return _compose(read) if self.view == "folded" else read

    def sources(self, text: str) -> Sources | None:
        """Return where each character shown comes from; None where all stand where they stood."""
        if self.table is None or text.isascii():
            return None
        starts: list[int] = []
        shown: list[str] = []
        for index, char in enumerate(text):
            read = self.table[ord(char)]
            shown.append(read)
            starts.extend([index] * len(read))
        sources = Sources(starts, [start + 1 for start in starts])
        return _composed("".join(shown), sources) if self.view == "folded" else sources


def most_shown(text: str) -> int:
    """Return from how many characters on a reading may be the beginning of the text's only.

    Some characters stand for many (one is read as eighteen); who writes with nothing else must not
    make a long comment many times as long.
    """
    return max(3 * len(text), _FEWEST_SHOWN)


def _translated(text: str, table: _Table) -> str:
    if len(text) <= _CHUNK:
        return text.translate(table)
    parts: list[str] = []
    shown, most = 0, most_shown(text)
    for start in range(0, len(text), _CHUNK):
        parts.append(text[start : start + _CHUNK].translate(table))
        shown += len(parts[-1])
        if shown > most:
            break
    return "".join(parts)


def _compose(text: str) -> str:
    if unicodedata.is_normalized("NFC", text):
        return text
    composed: str = _CLUSTER.sub(lambda found: unicodedata.normalize("NFC", found[0]), text)
    return composed


def _composed(text: str, sources: Sources) -> Sources:
    """Return the sources of what `_compose` makes of this text."""
    if unicodedata.is_normalized("NFC", text):
        return sources
    starts: list[int] = []
    ends: list[int] = []
    done = 0
    for found in _CLUSTER.finditer(text):
        composed = unicodedata.normalize("NFC", found[0])
        if composed == found[0]:
            continue
        first, last = found.span()
        starts += sources.starts[done:first] + [sources.starts[first]] * len(composed)
        ends += sources.ends[done:first] + [sources.ends[last - 1]] * len(composed)
        done = last
    return Sources(starts + sources.starts[done:], ends + sources.ends[done:])


_LENSES: Final = {
    ("raw", True): Lens("raw", keeps_case=True, table=None),
    ("raw", False): Lens("raw", keeps_case=False, table=_Table(folds_forms=False, folds_case=True)),
    ("folded", True): Lens("folded", keeps_case=True, table=_Table(folds_forms=True, folds_case=False)),
    ("folded", False): Lens("folded", keeps_case=False, table=_Table(folds_forms=True, folds_case=True)),
}


def lens(view: PlainView, *, keeps_case: bool) -> Lens:
    """Return the lens for this view."""
    return _LENSES[view, keeps_case]


def without_surrogates(text: str) -> str:
    """Return the text with halves of characters replaced, one for one: no engine can read them."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in text)
    return text
