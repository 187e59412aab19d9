"""`lists`: the entries of word lists, each a word or a phrase."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from monitor.engine.conditions.forms import Form
from monitor.engine.conditions.matchers.inside import Inside
from monitor.engine.conditions.matchers.phrases import phrase
from monitor.engine.conditions.matchers.words import Word
from monitor.engine.cursor import Cursor, suggestion
from monitor.engine.nodes import Scalar
from monitor.engine.scanning import Budget, Probe
from monitor.engine.words import word_end, word_start

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from monitor.engine.conditions.matchers.entries import Entries
    from monitor.engine.lists import ListEntry, WordList
    from monitor.engine.text import Span


FORM: Final = Form(
    says="the entries of these files in `lists/`, each a word or a phrase",
    kind="texts",
    example="text: {lists: [slurs-en]}",
)


class Excepting(Probe):
    """Another probe, except in certain words and phrases."""

    __slots__ = ("_open", "_phrases", "_probe", "_words")

    def __init__(self, probe: Probe, exceptions: frozenset[str]) -> None:
        super().__init__(probe.entry, probe.stage, probe.needle)
        self._probe = probe
        single = frozenset(each for each in exceptions if len(each.split()) == 1)
        self._words = frozenset(each for each in single if "*" not in each)
        self._open = [re.compile(_starred(each)) for each in sorted(single - self._words)]
        self._phrases = [_spaced(each) for each in sorted(exceptions - single)]
        self.word = probe.word

    def confirm(self, text: str, places: Sequence[Span], budget: Budget) -> list[Span]:
        """Return the places that stand in no excepted word or phrase."""
        found = self._probe.confirm(text, places, budget)
        excepted = (
            [each.span() for phrase in self._phrases for each in phrase.finditer(text)] if found else ()
        )
        return [
            (start, end)
            for start, end in found
            if not self._is_excepted(text[word_start(text, start) : word_end(text, end)])
            and not any(begin <= start and end <= stop for begin, stop in excepted)
        ]

    def _is_excepted(self, word: str) -> bool:
        return word in self._words or any(each.fullmatch(word) for each in self._open)


def _starred(word: str) -> str:
    """Return the pattern of a word in which a star stands for any letters, or none."""
    return r"\w*".join(map(re.escape, word.split("*")))


def _spaced(phrase: str) -> re.Pattern[str]:
    """Return the pattern of whole words in their order, with anything but letters between them."""
    words = r"\W{1,8}".join(map(_starred, phrase.split()))
    return re.compile(rf"\b{words}\b")


def _letters(exception: str) -> str:
    return "".join(exception.replace("*", " ").split())


def known_list(name: str, place: Cursor, lists: Mapping[str, WordList]) -> WordList | None:
    """Return the list of this name; None where there is none, which is reported."""
    words = lists.get(name)
    if words is None:
        known = suggestion(name, list(lists)) if lists else "no list was found at all"
        place.error(f"there is no list `{name}`", f"lists are files in rules/lists/: {known}")
    return words


def read(cursor: Cursor, entries: Entries) -> list[Probe]:
    """Read the names of lists."""
    probes: list[Probe] = []
    for name, place in cursor.words():
        words = known_list(name, place, entries.lists)
        if words is not None:
            probes += _probes(words, entries)
    return probes


def _probes(words: WordList, entries: Entries) -> tuple[Probe, ...]:
    """Return what the list looks for, read once for all rules that look for it in the same way."""
    key = (words.name, entries.lens, entries.accents, entries.inside)
    if key not in entries.listed:
        entries.listed[key] = tuple(
            probe for entry in words.entries if (probe := _probe(words, entry, entries))
        )
    return entries.listed[key]


def _probe(words: WordList, entry: ListEntry, entries: Entries) -> Probe | None:
    cursor = Cursor(Scalar(entry.place, entry.text, plain=True), words.sheet, words.name)
    starred = entries.starred(cursor, entry.text)
    if starred is None:
        return None
    exceptions = frozenset(map(entries.read, entry.exceptions))
    probe: Probe | None
    if entries.inside:
        probe = Inside(entry.text, starred.text, frozenset(map(_letters, exceptions)))
    elif len(entry.text.split()) > 1:
        probe = phrase(cursor, entry.text, starred)
    else:
        probe = Word(entry.text, starred)
    if probe is None:
        return None
    if exceptions and not entries.inside:
        probe = Excepting(probe, exceptions)
    probe.until = entry.until
    return entries.share(probe, starred, exceptions)
