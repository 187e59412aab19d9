"""What a second look finds in rules that are sound: nothing wrong, but surely not what was meant.

Each check is a small class; a new one is a line in `CHECKS`. Its findings are warnings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath
from typing import Final, Protocol

from monitor.domain.problems import Problem
from monitor.engine.book import Book
from monitor.engine.conditions.base import Condition
from monitor.engine.conditions.composition import All, Not
from monitor.engine.conditions.evasion import Evasion
from monitor.engine.conditions.language import IsLanguage
from monitor.engine.conditions.matchers.patterns import Pattern
from monitor.engine.conditions.text import TextMatches
from monitor.engine.lists import ListEntry, WordList, read_lists
from monitor.engine.nodes import Place, Scalar, Sheet, scalars
from monitor.engine.reading import RuleFile
from monitor.engine.rules import Rule
from monitor.engine.widening import nested_repeats
from monitor.services.rulebook import Sources


@dataclass(frozen=True, slots=True)
class Page:
    """A rule file: its lines, and every single value in it, in their order."""

    sheet: Sheet
    scalars: tuple[Scalar, ...]

    @classmethod
    def of(cls, file: RuleFile) -> Page:
        """Return the page of a file that was read without a problem."""
        sheet = Sheet(file.path, file.text)
        return cls(sheet, tuple(scalar for node in sheet.documents() for scalar in scalars(node)))

    def warning(self, place: Place, message: str, hint: str) -> Problem:
        """Return a warning at this place."""
        return Problem(
            message=message,
            hint=hint,
            file=self.sheet.path,
            line=place.line,
            column=place.column,
            source_line=self.sheet.line(place.line),
            level="warning",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What is looked at: the book, its files and lists as they are written, and the day."""

    book: Book
    pages: Mapping[str, Page]
    lists: tuple[WordList, ...]
    today: date

    @property
    def used(self) -> frozenset[str]:
        """Return the names of the lists that the files speak of."""
        spelled = {scalar.value for page in self.pages.values() for scalar in page.scalars}
        return frozenset(words.name for words in self.lists if words.name in spelled)


class Check(Protocol):
    """One kind of finding."""

    def find(self, subject: Subject) -> Iterator[Problem]:
        """Yield the findings."""
        ...


def lint(book: Book, sources: Sources, today: date) -> list[Problem]:
    """Return the findings in a sound book, by place."""
    subject = Subject(
        book=book,
        pages={file.path: Page.of(file) for file in sources.rules},
        lists=tuple(read_lists([Sheet(file.path, file.text) for file in sources.lists]).values()),
        today=today,
    )
    found = [problem for check in CHECKS for problem in check.find(subject)]
    return sorted(found, key=lambda problem: (problem.file, problem.line, problem.column))


class UnusedLists:
    """A list that no rule looks for. Where a part of the folder is checked, others may use it."""

    def find(self, subject: Subject) -> Iterator[Problem]:
        """Yield the lists of the folders that rules were read from."""
        used = subject.used
        folders = {folder for rule in subject.book.rules for folder in PurePath(rule.file).parents}
        for words in subject.lists:
            inside = PurePath(words.sheet.path).parent.parent in folders
            if words.name not in used and inside and _whole_folder(subject, words):
                yield Problem(
                    file=words.sheet.path,
                    message=f"no rule looks for the list `{words.name}`",
                    hint=f"write `lists: [{words.name}]` in a rule, or remove the file",
                    level="warning",
                )


def _whole_folder(subject: Subject, words: WordList) -> bool:
    """Return whether rules of more than one file beside this list were read."""
    home = PurePath(words.sheet.path).parent.parent
    files = {rule.file for rule in subject.book.rules if home in PurePath(rule.file).parents}
    return len(files) > 1


class ExpiredEntries:
    """An entry whose last day is over."""

    def find(self, subject: Subject) -> Iterator[Problem]:
        """Yield the entries."""
        for words, entry in _entries(subject):
            if entry.until is not None and entry.until < subject.today:
                yield _at_entry(
                    words,
                    entry,
                    f"`{entry.text}` ended on {entry.until}",
                    "remove it, or give it a later day",
                )


class CoveredEntries:
    """An entry that a starred one of the same list finds too."""

    def find(self, subject: Subject) -> Iterator[Problem]:
        """Yield the entries."""
        for words in subject.lists:
            starred = [entry for entry in words.entries if _is_open(entry)]
            for entry in words.entries:
                cover = next((each for each in starred if each is not entry and _covers(each, entry)), None)
                if cover is not None:
                    yield _found_by(words, entry, cover)


class DoubledEntries:
    """An entry that differs from another in its capitals only, where no rule asks for capitals."""

    def find(self, subject: Subject) -> Iterator[Problem]:
        """Yield the entries."""
        if any(channel.keeps_case for rule in subject.book.rules for channel, _ in rule.when.looks()):
            return
        for words in subject.lists:
            first: dict[object, ListEntry] = {}
            for entry in words.entries:
                same = first.setdefault((entry.text.casefold(), entry.exceptions, entry.until), entry)
                if same.text != entry.text:
                    yield _found_by(words, entry, same)


def _found_by(words: WordList, entry: ListEntry, other: ListEntry) -> Problem:
    message = f"`{entry.text}` is found by `{other.text}` in line {other.place.line} already"
    return _at_entry(words, entry, message, "keep one of them")


class CostlyPatterns:
    """A pattern that nothing narrows down, or that can take very long on a text made for it."""

    def find(self, subject: Subject) -> Iterator[Problem]:
        """Yield the patterns, each once a rule."""
        for rule in subject.book.rules:
            patterns = {
                probe.entry: probe
                for _, probes in rule.when.looks()
                for probe in probes
                if isinstance(probe, Pattern)
            }
            for written, pattern in sorted(patterns.items()):
                for message, hint in _costs(written, pattern):
                    yield _in_rule(subject, rule, written, message, hint)


def _costs(written: str, pattern: Pattern) -> Iterator[tuple[str, str]]:
    shown = written if len(written) <= _SHOWN else written[:_SHOWN] + "…"
    if not pattern.needle:
        yield (
            f"nothing in the pattern `{shown}` can be searched for fast, so it is tried on every comment",
            "add a literal part that it always needs",
        )
    if nested_repeats(written):
        yield (
            f"the pattern `{shown}` repeats a repetition, which can take very long and is then cut off",
            "write (?:ab)+ instead of (?:(?:ab)+)+; the inner + or * is seldom needed",
        )


_SHOWN: Final = 40


class ShadowedRules:
    """A rule that finds nothing beyond what another one finds that is at least as severe."""

    def find(self, subject: Subject) -> Iterator[Problem]:
        """Yield the rules that look for some words only."""
        plain = [rule for rule in subject.book.rules if rule.status.judged and _looked(rule.when)]
        for rule in plain:
            other = next((each for each in plain if each is not rule and _shadows(each, rule)), None)
            if other is not None:
                yield _in_rule(
                    subject,
                    rule,
                    rule.id,
                    f"every comment that `{rule.id}` finds, `{other.id}` finds too",
                    f"see {other.file}:{other.line}: keep one of them, or make this one more severe",
                )


class UnreachableRules:
    """A rule whose condition can never be true."""

    def find(self, subject: Subject) -> Iterator[Problem]:
        """Yield the rules."""
        for rule in subject.book.rules:
            if never := _never(rule):
                why, hint = never
                yield _in_rule(subject, rule, rule.id, f"`{rule.id}` can never fire: {why}", hint)


def _never(rule: Rule) -> tuple[str, str] | None:
    parts = rule.when.parts if isinstance(rule.when, All) else (rule.when,)
    for part in parts:
        if isinstance(part, Not) and part.part in parts:
            return f"it asks for “{part.part.says()}” and excludes it", "change one of the two"
        if isinstance(part, IsLanguage) and _is_foreign(part, rule):
            return "`applies_to` and `language` share no language", "change one of the two"
        if isinstance(part, Evasion) and part.wanted and not part.undoes:
            return "`evasion` asks for a disguise, and no text clause undoes any", "write `view: any` in one"
    return None


class NearlyAlwaysTrue:
    """A rule that asks only for what is not there, and so finds nearly every comment."""

    def find(self, subject: Subject) -> Iterator[Problem]:
        """Yield the rules."""
        for rule in subject.book.rules:
            parts = rule.when.parts if isinstance(rule.when, All) else (rule.when,)
            if all(isinstance(part, Not) and isinstance(part.part, TextMatches) for part in parts):
                yield _in_rule(
                    subject,
                    rule,
                    rule.id,
                    f"`{rule.id}` finds nearly every comment: it only says what is not in it",
                    "say beside `not` what must be there",
                )


def _is_foreign(part: IsLanguage, rule: Rule) -> bool:
    return bool(part.among and rule.scope.languages and not part.among & rule.scope.languages)


def _looked(when: Condition) -> Mapping[object, frozenset[object]]:
    """Return what a condition looks for that is nothing but a search for one entry of several."""
    if not isinstance(when, TextMatches) or when.least > 1:
        return {}
    return {channel: frozenset(probes) for channel, probes in when.looks()}


def _shadows(other: Rule, rule: Rule) -> bool:
    mine, theirs = _looked(rule.when), _looked(other.when)
    return (
        (other.status, other.scope, other.escalation.count) == (rule.status, rule.scope, 1)
        and other.severity.rank >= rule.escalation.steps[-1].severity.rank
        and all(probes <= theirs.get(channel, frozenset()) for channel, probes in mine.items())
        and (mine != theirs or other.id < rule.id)
    )


def _entries(subject: Subject) -> Iterator[tuple[WordList, ListEntry]]:
    for words in subject.lists:
        yield from ((words, entry) for entry in words.entries)


def _is_open(entry: ListEntry) -> bool:
    """Return whether the entry is one word with a star, with no exceptions and no end."""
    text = entry.text
    starred = text.startswith("*") or (text.endswith("*") and not text.endswith(r"\*"))
    return starred and not entry.exceptions and entry.until is None and len(text.split()) == 1


def _covers(cover: ListEntry, entry: ListEntry) -> bool:
    text = entry.text
    if len(text.split()) > 1 or entry.exceptions:
        return False
    core, inner = cover.text.strip("*").casefold(), text.strip("*").casefold()
    opens, ends = cover.text.startswith("*"), cover.text.endswith("*")
    if (text.startswith("*") and not opens) or (text.endswith("*") and not ends):
        return False
    if opens and ends:
        return core in inner
    return inner.endswith(core) if opens else inner.startswith(core)


def _at_entry(words: WordList, entry: ListEntry, message: str, hint: str) -> Problem:
    return Problem(
        message=message,
        hint=hint,
        file=words.sheet.path,
        line=entry.place.line,
        column=entry.place.column,
        source_line=words.sheet.line(entry.place.line),
        level="warning",
    )


def _in_rule(subject: Subject, rule: Rule, value: str, message: str, hint: str) -> Problem:
    """Return a warning where this value stands in the rule; at the rule's beginning where it does not."""
    page = subject.pages[rule.file]
    places = (scalar.place for scalar in page.scalars if scalar.value == value)
    place = next((place for place in places if place.line >= rule.line), Place(rule.line, 1))
    return page.warning(place, message, hint)


CHECKS: Final[Iterable[Check]] = (
    UnusedLists(),
    ExpiredEntries(),
    CoveredEntries(),
    DoubledEntries(),
    CostlyPatterns(),
    ShadowedRules(),
    UnreachableRules(),
    NearlyAlwaysTrue(),
)
