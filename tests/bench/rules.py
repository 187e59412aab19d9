"""How judging grows with the number of entries, beside a plain loop over `re`: `python -m tests.bench.rules`.

Keywords and patterns are made up, of the shapes that moderators' lists have; each rule holds twenty of
them. Times are CPU times of this process, the best of three passes over comments not seen before.
"""

from __future__ import annotations

import gc
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from time import process_time
from typing import Final

import yaml

from monitor.domain.comments import CommentEvent
from monitor.domain.signals import Signals
from monitor.engine.book import Book
from monitor.engine.reading import RuleFile, read_book
from monitor.engine.text import lens
from monitor.services.acceleration import accelerate
from tests.bench.generated import comments

KEYWORDS: Final = (100, 1_000, 10_000)
PATTERNS: Final = (100, 1_000, 5_000)
IN_A_RULE: Final = 20
COMMENTS: Final = 2_000
HITS: Final = 0.1
"""Share of the comments that hold an entry."""

PASSES: Final = 3
LOOP_SECONDS: Final = 8.0
"""The loop is timed on as many comments as it manages in this time."""

_VIEWS: Final = ("folded", "skeleton", "leet", "squeezed", "masked", "any")
_FOLDED: Final = lens("folded", keeps_case=False)
_LETTER: Final = r"[^\W\d_]"
_BEFORE: Final = rf"(?<!{_LETTER})(?<!{_LETTER}')"
_AFTER: Final = rf"(?!'?{_LETTER})"
_SHAPES: Final[Sequence[tuple[str, str]]] = (
    (r"\b{0}(?:s|ed|ing)?\b", "{0}ed"),
    (r"{0}\W*{1}", "{0} - {1}"),
    (r"\b(?:buy|get|order)\W+(?:\w+\W+){{0,2}}{0}\b", "order some {0}"),
    (r"{0}[\s_-]?{1}\d{{0,3}}", "{0}_{1}77"),
    (r"(?:https?://)?(?:www\.)?{0}\.(?:com|net|org)", "www.{0}.net"),
    (r"\b{0}(?!\w*less)\w*", "{0}ful"),
    (r"(?:{0}|{1})\s+(?:pills?|cream|serum)", "{1} pills"),
    (r"\b(?:dr|prof)\.?\s{0}\b", "dr. {0}"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entries:
    """What is looked for: how rules write it, as patterns of `re`, and a text that holds each."""

    matcher: str
    written: list[str]
    patterns: list[str]
    samples: list[str]

    def first(self, number: int) -> Entries:
        """Return the first of them."""
        return Entries(
            matcher=self.matcher,
            written=self.written[:number],
            patterns=self.patterns[:number],
            samples=self.samples[:number],
        )

    def book(self, view: str = "folded") -> Book:
        """Return the book of rules that look for them in this view."""
        rules = [
            {
                "id": f"bench.rule-{at}",
                "title": "Entries",
                "status": "shadow",
                "severity": "low",
                "when": {"text": {self.matcher: self.written[at : at + IN_A_RULE], "view": view}},
            }
            for at in range(0, len(self.written), IN_A_RULE)
        ]
        return read_book([RuleFile("bench.yaml", str(yaml.safe_dump_all(rules, allow_unicode=True)))])


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """Comments a second."""

    entries: int
    ours: float
    loop: float
    load: float
    """Seconds to read and compile the rules."""
    hyperscan: tuple[float, float] | None = None
    """Comments a second with Hyperscan, and the seconds that it compiles in the background."""


def made_up(seed: int) -> Callable[[], str]:
    """Return what gives a new word at every call."""
    random = Random(seed)
    syllables = [
        start + end for start in "bcdfghjklmnprstvwz" for end in ("a", "e", "i", "o", "u", "or", "in")
    ]
    seen: set[str] = set()

    def word() -> str:
        while True:
            made = "".join(random.choices(syllables, k=random.randint(3, 5)))
            if made not in seen:
                seen.add(made)
                return made

    return word


def keywords(number: int) -> Entries:
    """Return whole words."""
    word = made_up(1)
    words = [word() for _ in range(number)]
    patterns = [f"{_BEFORE}{re.escape(each)}{_AFTER}" for each in words]
    return Entries(matcher="words", written=words, patterns=patterns, samples=words)


def patterns(number: int) -> Entries:
    """Return patterns of eight shapes."""
    word = made_up(2)
    chosen = [(_SHAPES[at % len(_SHAPES)], (word(), word())) for at in range(number)]
    written = [shape[0].format(*words) for shape, words in chosen]
    samples = [shape[1].format(*words) for shape, words in chosen]
    return Entries(matcher="regex", written=written, patterns=written, samples=samples)


def events(entries: Entries, seed: int, number: int = COMMENTS) -> list[CommentEvent]:
    """Return comments of which some hold an entry."""
    return list(comments(number, entries.samples, seed=seed, matching=HITS))


def fired(book: Book, event: CommentEvent) -> set[int]:
    """Return the numbers of the rules that fire."""
    return {int(match.rule.rpartition("-")[2]) for match in book.judge(event, Signals()).matches}


def looped(compiled: Sequence[re.Pattern[str]], event: CommentEvent) -> set[int]:
    """Return the same by a loop."""
    text = _FOLDED.read(event.comment.text)
    return {at - at % IN_A_RULE for at, pattern in enumerate(compiled) if pattern.search(text)}


def compile_all(entries: Entries) -> list[re.Pattern[str]]:
    """Return the patterns for the loop."""
    return [re.compile(pattern, re.IGNORECASE) for pattern in entries.patterns]


def measure(entries: Entries) -> Figure:
    """Time both on the same comments."""
    start = process_time()
    book = entries.book()
    load = process_time() - start
    gc.collect()
    gc.freeze()
    ours = max(
        _pace(lambda event: fired(book, event), events(entries, seed)) for seed in range(1, PASSES + 1)
    )
    compiled = compile_all(entries)
    hyperscan = accelerated(book, entries)
    loop = _pace(lambda event: looped(compiled, event), events(entries, PASSES + 1))
    return Figure(entries=len(entries.written), ours=ours, loop=loop, load=load, hyperscan=hyperscan)


def accelerated(book: Book, entries: Entries) -> tuple[float, float] | None:
    """Time the same book with Hyperscan; None where it is not installed or would not be used."""
    start = process_time()
    thread = accelerate(book)
    if thread is None:
        return None
    thread.join()
    compiling = process_time() - start
    return max(
        _pace(lambda event: fired(book, event), events(entries, seed)) for seed in range(1, PASSES + 1)
    ), compiling


def differing(entries: Entries, number: int = COMMENTS) -> int:
    """Return on how many comments the two do not agree."""
    book, compiled = entries.book(), compile_all(entries)
    return sum(fired(book, event) != looped(compiled, event) for event in events(entries, 99, number))


def of_views(entries: Entries) -> dict[str, float]:
    """Return comments a second in each view, on comments in which nothing is disguised."""
    some = events(entries, 50)
    return {view: _best(entries.book(view), some) for view in _VIEWS}


def _best(book: Book, some: Sequence[CommentEvent]) -> float:
    return max(_pace(lambda event: fired(book, event), some) for _ in range(PASSES))


def _pace(judge: Callable[[CommentEvent], object], some: Sequence[CommentEvent]) -> float:
    start, done = process_time(), 0
    for event in some:
        judge(event)
        done += 1
        if process_time() - start > LOOP_SECONDS:
            break
    return done / (process_time() - start)


def _table(name: str, figures: Sequence[Figure]) -> None:
    print(f"\n| {name} | comments/s | plain `re` loop | times | s to load |\n|---|---|---|---|---|")
    for each in figures:
        print(
            f"| {each.entries:,} | {each.ours:,.0f} | {each.loop:,.0f} | {each.ours / each.loop:,.0f} "
            f"| {each.load:.2f} |"
        )
    for each in figures:
        if each.hyperscan:
            pace, compiling = each.hyperscan
            print(f"\n{each.entries:,} with Hyperscan: {pace:,.0f}/s, {compiling:.1f} s to compile")
    few, many = figures[0], figures[-1]
    print(f"\nCost from {few.entries:,} to {many.entries:,}: {few.ours / many.ours:.2f}x")


def main() -> None:
    """Measure, and compare what both find."""
    all_words, all_patterns = keywords(KEYWORDS[-1]), patterns(PATTERNS[-1])
    _table("keywords", [measure(all_words.first(number)) for number in KEYWORDS])
    _table("patterns", [measure(all_patterns.first(number)) for number in PATTERNS])
    print("\n| view | comments/s |\n|---|---|")
    for view, pace in of_views(all_words.first(1_000)).items():
        print(f"| {view} | {pace:,.0f} |")
    if "--quick" not in sys.argv:
        for name, entries in (("keywords", all_words.first(1_000)), ("patterns", all_patterns)):
            print(f"\n{len(entries.written):,} {name}: {differing(entries)} of {COMMENTS:,} comments differ")


if __name__ == "__main__":
    main()
