"""Looks for everything that any rule looks for, once a comment and reading of it.

A probe is one thing that a rule looks for in a text. Finding it has two steps: a scan over all
probes at once names the candidates (literals by one automaton, patterns by one prefilter); a
rule that has a candidate then lets the probe confirm it. What has no candidate costs nothing.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import regex
from ahocorasick_rs import AhoCorasick, Implementation

from monitor.engine.prefilter import Filter, Prefilter
from monitor.engine.text import lens, most_shown
from monitor.engine.views import MOST_CHARACTERS, Undisguised, Vocabulary, overridden, prepare, undisguise
from monitor.engine.words import REMEMBERED, Kind, kind

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date

    from monitor.engine.text import Lens, Sources, Span, View

TextField = Literal[
    "text", "unquoted", "quoted", "author.name", "url", "thread", "parent.text", "parent.author.name",
    "thread.title", "thread.url", "thread.section",
]  # fmt: skip
Stage = Literal["text", "spoken", "pattern"]

MAX_SPANS: Final = 20
"""As many places of one probe are kept: enough to see what was meant."""

_TIMES: Final = (0.008, 0.004, 0.002, *[0.0005] * 15)
"""Seconds for a pattern on one comment, after none, one, two … patterns ran out of theirs: 22 ms in all,
and half as much again where the engine, which looks at the clock now and then only, stops late.

The clock is the processor time of the process: other threads of it use the time up as well (Hyperscan
is built in one). So the first pattern that runs out of time on a comment is tried a second time.

Most patterns need some microseconds. The long tail is for them: who makes one pattern run out of
time on purpose must not hide the comment from all others by it.
"""


class CutOff(Exception):
    """A pattern could not be decided within its time."""


class Budget:
    """How much time the patterns may take on one comment.

    Each pattern that uses its time up shortens that of the next; when all is used up no further
    pattern is tried on this comment, so that no comment can hold a worker.
    """

    __slots__ = ("_cuts", "_doubted")

    def __init__(self) -> None:
        self._cuts = 0
        self._doubted = False

    def spans(self, pattern: regex.Pattern[str], text: str) -> list[Span]:
        """Return where the pattern matches, the first `MAX_SPANS` places.

        Raises:
            CutOff: it took too long.
        """
        if self._cuts >= len(_TIMES):
            raise CutOff
        found, whole = _found(pattern, text, _TIMES[self._cuts])
        if not whole and not self._doubted:
            self._doubted = True
            found, whole = _found(pattern, text, _TIMES[self._cuts])
        if not whole:
            self._cuts += 1
            if not found:
                raise CutOff
        return found


def _found(pattern: regex.Pattern[str], text: str, seconds: float) -> tuple[list[Span], bool]:
    """Return the first places where the pattern matches, and whether there was time to find them."""
    found: list[Span] = []
    try:
        for match in pattern.finditer(text, timeout=seconds):
            found.append(match.span())
            if len(found) == MAX_SPANS:
                break
    except TimeoutError:
        return found, False
    return found, True


@dataclass(frozen=True, slots=True)
class Channel:
    """One field of a comment in one view. `exact` tells that accents count in a view that undoes them."""

    field: TextField
    view: View
    keeps_case: bool = False
    exact: bool = False

    @property
    def lens(self) -> Lens:
        """Return the lens that this channel is read through, before any disguise is undone."""
        return lens("raw" if self.view == "raw" else "folded", keeps_case=self.keeps_case)


class Probe(ABC):
    """One thing that a rule looks for. Each is itself and no other, so that it can be a key.

    `needle` is what the scan looks for: a literal of the text (`text`) or of its words with one
    space between them (`spoken`), or a pattern for RE2 (`pattern`). Whatever `confirm` accepts
    must hold the needle. `until` is the last day on which it counts. `word` is the one word that it
    looks for, if it is one, and `parts` are the words of a phrase, each with whether it may go on: what
    masked words are compared with.
    """

    __slots__ = ("entry", "needle", "parts", "stage", "until", "word")

    def __init__(self, entry: str, stage: Stage, needle: str) -> None:
        self.entry = entry
        self.stage = stage
        self.needle = needle
        self.until: date | None = None
        self.word: tuple[str, bool] | None = None
        self.parts: tuple[tuple[str, bool], ...] = ()

    @abstractmethod
    def confirm(self, text: str, places: Sequence[Span], budget: Budget) -> list[Span]:
        """Return where in the text it really is; `places` are those of the needle in the stage `text`.

        Raises:
            CutOff: it could not be told in time.
        """


class Original:
    """One field of one comment, and what lenses show of it, each worked out once."""

    __slots__ = ("_prepared", "_shown", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._shown: dict[Lens, str] = {}
        self._prepared: Sequence[Undisguised] = ()

    def through(self, glass: Lens) -> str:
        """Return the text as this lens shows it."""
        if glass not in self._shown:
            self._shown[glass] = glass.read(self.text)
        return self._shown[glass]

    def prepared(self, glass: Lens) -> Sequence[Undisguised]:
        """Return what this lens shows, ready for disguises to be undone."""
        if not self._prepared:
            self._prepared = prepare(self.through(glass), self._turned(glass))
        return self._prepared

    def _turned(self, glass: Lens) -> Sequence[Span]:
        """Return what is shown from its end to its beginning, in what the lens shows."""
        places = overridden(self.text)
        sources = glass.sources(self.text) if places else None
        return [sources.forth(place) for place in places] if sources else places

    def is_cut(self, channel: Channel) -> bool:
        """Return whether this channel shows the beginning only."""
        plain = channel.view in {"raw", "folded"}
        most = most_shown(self.text) if plain else MOST_CHARACTERS
        return len(self.through(channel.lens)) > most


class Reading:
    """One field of one comment as one view shows it, with the candidates found in it.

    `day` is the day of the comment, which entries with an expiry are compared with.
    """

    __slots__ = (
        "_confirmed",
        "_original",
        "_shown",
        "_sources",
        "_traced",
        "budget",
        "candidates",
        "channel",
        "day",
        "text",
    )

    def __init__(
        self, channel: Channel, original: Original, shown: Undisguised, day: date, budget: Budget
    ) -> None:
        self.channel = channel
        self.text = shown.text
        self.day = day
        self.budget = budget
        self.candidates: dict[Probe, list[Span]] = {}
        self._original = original
        self._shown = shown
        self._confirmed: dict[Probe, list[Span] | None] = {}
        self._sources: Sources | None = None
        self._traced = False

    @property
    def original(self) -> str:
        """Return the field's text as it was written."""
        return self._original.text

    def confirm(self, probe: Probe) -> list[Span] | None:
        """Return where a candidate really is, in what the lens shows; None where time ran out."""
        if probe not in self._confirmed:
            self._confirmed[probe] = self._look(probe)
        return self._confirmed[probe]

    def original_spans(self, probe: Probe) -> list[Span]:
        """Return where a candidate really is, in the original text."""
        spans = [self._shown.back(span) for span in self.confirm(probe) or ()]
        if spans and not self._traced:
            self._sources = self.channel.lens.sources(self._original.text)
            self._traced = True
        return [self._sources.back(span) for span in spans] if self._sources else spans

    def _look(self, probe: Probe) -> list[Span] | None:
        if probe.until is not None and self.day > probe.until:
            return []
        try:
            return probe.confirm(self.text, self.candidates[probe], self.budget)
        except CutOff:
            return None


class Scanner:
    """Finds the candidates of all probes of one channel."""

    def __init__(self, channel: Channel, probes: Collection[Probe]) -> None:
        self.channel = channel
        self._literals = _Automaton([probe for probe in probes if probe.stage == "text"])
        self._spoken = _Automaton([probe for probe in probes if probe.stage == "spoken"])
        self._patterns = [probe for probe in probes if probe.stage == "pattern"]
        self._prefilter: Filter = Prefilter(self.wide_patterns())
        self._vocabulary = _vocabulary(probes) if channel.view == "masked" else None

    def wide_patterns(self) -> list[str]:
        """Return what the patterns are prefiltered by, for RE2; an empty one is always a candidate."""
        return [probe.needle for probe in self._patterns]

    def filter_with(self, prefilter: Filter) -> None:
        """Prefilter by this from now on; it was made of the `wide_patterns`."""
        self._prefilter = prefilter

    def scan(self, original: Original, day: date, budget: Budget) -> list[Reading]:
        """Return the readings of this text with their candidates.

        One in the plain views; as many as there are ways to read what is disguised in the others.
        """
        return [self._scan(original, shown, day, budget) for shown in self._shown(original)]

    def _shown(self, original: Original) -> Sequence[Undisguised]:
        glass = self.channel.lens
        match self.channel.view:
            case "raw" | "folded":
                return (Undisguised(original.through(glass)),)
            case disguise:
                prepared = original.prepared(glass)
                return undisguise(prepared, disguise, self._vocabulary, exact=self.channel.exact)

    def _scan(self, original: Original, shown: Undisguised, day: date, budget: Budget) -> Reading:
        reading = Reading(self.channel, original, shown, day, budget)
        found = reading.candidates
        self._literals.find(reading.text, found)
        if self._spoken:
            self._spoken.find(spoken(reading.text), found)
        for index in self._prefilter.candidates(reading.text):
            found[self._patterns[index]] = []
        return reading


def _vocabulary(probes: Collection[Probe]) -> Vocabulary:
    words = [probe.word for probe in probes if probe.word is not None]
    return Vocabulary(words, (part for probe in probes for part in probe.parts))


class _Automaton:
    """All literals at once."""

    def __init__(self, probes: Sequence[Probe]) -> None:
        owners: Mapping[str, list[Probe]] = defaultdict(list)
        for probe in probes:
            owners[probe.needle].append(probe)
        self._owners = list(owners.values())
        self._automaton = (
            AhoCorasick(list(owners), implementation=Implementation.ContiguousNFA) if owners else None
        )

    def __bool__(self) -> bool:
        return self._automaton is not None

    def find(self, text: str, found: dict[Probe, list[Span]]) -> None:
        """Add the places of every literal in the text."""
        if self._automaton is None:
            return
        for index, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            for probe in self._owners[index]:
                found.setdefault(probe, []).append((start, end))


class _Spoken(dict[int, str]):
    """Keeps what words are made of and reads all else as a space; bounded, whatever texts bring."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        kept = " " if kind(char) in {Kind.OUTSIDE, Kind.APOSTROPHE} else char
        if len(self) < REMEMBERED:
            self[code] = kept
        return kept


_SPOKEN: Final = _Spoken()


def spoken(text: str) -> str:
    """Return the text's words with one space between them, whatever stood there."""
    return " ".join(text.translate(_SPOKEN).split())
