"""What rules WOULD have done on an archive of verdicts, by the very code that judges on the road.

Language and scores are those of the archive; the rules are evaluated anew, and their windows
count in event time. Nothing is sent to anybody.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from monitor.domain.alerts import Alert
from monitor.domain.comments import EventKind
from monitor.domain.severity import Status
from monitor.domain.verdicts import Match, Verdict
from monitor.engine.book import Book
from monitor.engine.observing import counted
from monitor.engine.precision import Precision
from monitor.services.decisions import Decisions
from monitor.services.escalation import Escalator
from monitor.services.inspection import judge, unjudged
from monitor.services.samples import Sample, Sampler

_HOUR: Final = 3600.0
_MOST_OVERLAPS: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What differs from the rule as it is in force: comments and alerts that come and that go."""

    matches_new: int
    matches_gone: int
    alerts_new: int
    alerts_gone: int
    new: tuple[Sample, ...]
    gone: tuple[Sample, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleReport:
    """What one rule would have done.

    `overlap` are the rules that matched the same comments most often, with how many. `busiest`
    is the most alerts in one hour of the clock. `by_one_author` is the largest number of matches
    of a single author. `change` is None where nothing was compared.
    """

    rule: str
    status: Status
    matches: int
    alerts: int
    severities: Mapping[str, int]
    alerts_per_hour: float
    busiest: int
    busiest_at: datetime | None
    authors: int
    by_one_author: int
    threads: int
    overlap: Mapping[str, int]
    cut_off: int
    precision: Precision
    samples: tuple[Sample, ...]
    change: Change | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BacktestReport:
    """What a backtest came to. `first` and `last` are event times; `book` is the digest of the rules."""

    book: str
    against: str | None
    verdicts: int
    hours: float
    first: datetime | None
    last: datetime | None
    rules: tuple[RuleReport, ...]


@dataclass(slots=True)
class _Tally:
    sampler: Sampler
    matches: int = 0
    cut_off: int = 0
    authors: Counter[str] = field(default_factory=Counter)
    threads: set[str] = field(default_factory=set)
    overlap: Counter[str] = field(default_factory=Counter)

    def count(self, verdict: Verdict, match: Match) -> None:
        comment = verdict.event.comment
        self.matches += 1
        self.authors[f"{comment.source}:{comment.author.key or comment.key}"] += 1
        self.threads.add(f"{comment.source}:{comment.thread}")
        self.overlap.update(other.rule for other in verdict.matches if other.rule != match.rule)
        self.sampler.show(verdict, match)


class Trial:
    """One book at work on the archive, with the chosen rules live, whatever their status.

    `alerts` holds each alert of theirs in its final state by id, in order of opening.
    """

    def __init__(self, book: Book, rules: Collection[str], samples: int) -> None:
        self.book = with_live(book, rules)
        self.alerts: dict[str, Alert] = {}
        self.tallies = {rule: _Tally(Sampler(samples)) for rule in rules}
        self._escalator = Escalator({}, alone=True)

    def take(self, verdicts: Sequence[Verdict]) -> list[Verdict]:
        """Judge these comments anew and count what comes of it; return the new verdicts."""
        judged = [_judged(verdict, self.book) for verdict in verdicts]
        decided = self._escalator.decide(
            each for verdict in judged for each in counted(verdict, self.book, self.tallies)
        )
        self._escalator.keep(decided)
        self.alerts |= {alert.id: alert for alert in decided.alerts}
        for verdict in judged:
            self._count(verdict)
        return judged

    def _count(self, verdict: Verdict) -> None:
        for match in verdict.matches:
            if match.rule in self.tallies:
                self.tallies[match.rule].count(verdict, match)
        for rule in verdict.cut_off:
            if rule in self.tallies:
                self.tallies[rule].cut_off += 1


def with_live(book: Book, rules: Collection[str]) -> Book:
    """Return the book with these rules live, whatever their status."""
    changed = [replace(rule, status=Status.LIVE) if rule.id in rules else rule for rule in book.rules]
    return Book(changed, book.digest, max_text=book.max_text)


def _judged(verdict: Verdict, book: Book) -> Verdict:
    if verdict.event.kind is EventKind.DELETED:
        return unjudged(verdict.event, book, verdict.judged_at)
    return judge(verdict.event, verdict.signals, book, verdict.judged_at)


class _Difference:
    """How the matches of one rule differ between two books."""

    def __init__(self, samples: int) -> None:
        self.new, self.gone = Sampler(samples), Sampler(samples)
        self.matches: Counter[str] = Counter()

    def compare(self, now: Verdict, before: Verdict, rule: str) -> None:
        fresh, stale = _match(now, rule), _match(before, rule)
        if fresh and not stale:
            self.matches["new"] += 1
            self.new.show(now, fresh)
        if stale and not fresh:
            self.matches["gone"] += 1
            self.gone.show(before, stale)


def _match(verdict: Verdict, rule: str) -> Match | None:
    return next((match for match in verdict.matches if match.rule == rule), None)


class Backtest:
    """Runs rules of a book over an archive, and beside them those of the book in force, if given."""

    def __init__(
        self,
        book: Book,
        rules: Sequence[str],
        *,
        against: Book | None = None,
        decisions: Decisions | None = None,
        samples: int = 5,
    ) -> None:
        self.trial = Trial(book, rules, samples)
        self._rules = {rule: book.rule(rule).status for rule in rules}
        self._decisions = decisions or Decisions()
        self._before = Trial(against, _known(against, rules), 0) if against else None
        self._differences = {rule: _Difference(samples) for rule in rules}
        self._verdicts = 0
        self._first: datetime | None = None
        self._last: datetime | None = None

    def take(self, verdicts: Sequence[Verdict]) -> None:
        """Judge these verdicts of the archive anew, in its order."""
        if not verdicts:
            return
        times = [verdict.event.time for verdict in verdicts]
        self._first = min([*times, self._first or times[0]])
        self._last = max([*times, self._last or times[0]])
        self._verdicts += len(verdicts)
        judged = self.trial.take(verdicts)
        if self._before:
            self._compare(judged, self._before.take(verdicts))

    def report(self) -> BacktestReport:
        """Return what it came to so far."""
        span = (self._last - self._first).total_seconds() if self._last and self._first else 0.0
        hours = max(span / _HOUR, 1.0)
        return BacktestReport(
            book=self.trial.book.digest,
            against=self._before.book.digest if self._before else None,
            verdicts=self._verdicts,
            hours=hours,
            first=self._first,
            last=self._last,
            rules=tuple(self._rule_report(rule, status, hours) for rule, status in self._rules.items()),
        )

    def _compare(self, judged: Iterable[Verdict], before: Iterable[Verdict]) -> None:
        for now, then in zip(judged, before, strict=True):
            if now.matches == then.matches:
                continue
            for rule, difference in self._differences.items():
                difference.compare(now, then, rule)

    def _rule_report(self, rule: str, status: Status, hours: float) -> RuleReport:
        tally = self.trial.tallies[rule]
        alerts = _alerts_of(self.trial, rule)
        opened = Counter(alert.opened_at.replace(minute=0, second=0, microsecond=0) for alert in alerts)
        busiest = max(opened, key=lambda hour: (opened[hour], hour), default=None)
        return RuleReport(
            rule=rule,
            status=status,
            matches=tally.matches,
            alerts=len(alerts),
            severities=Counter(str(alert.severity) for alert in alerts),
            alerts_per_hour=len(alerts) / hours,
            busiest=opened[busiest] if busiest else 0,
            busiest_at=busiest,
            authors=len(tally.authors),
            by_one_author=max(tally.authors.values(), default=0),
            threads=len(tally.threads),
            overlap=dict(tally.overlap.most_common(_MOST_OVERLAPS)),
            cut_off=tally.cut_off,
            precision=self._decisions.precision(alerts),
            samples=tally.sampler.samples(),
            change=self._change(rule, alerts),
        )

    def _change(self, rule: str, alerts: Iterable[Alert]) -> Change | None:
        if self._before is None:
            return None
        difference = self._differences[rule]
        now = {alert.id for alert in alerts}
        before = {alert.id for alert in _alerts_of(self._before, rule)}
        return Change(
            matches_new=difference.matches["new"],
            matches_gone=difference.matches["gone"],
            alerts_new=len(now - before),
            alerts_gone=len(before - now),
            new=difference.new.samples(),
            gone=difference.gone.samples(),
        )


def _alerts_of(trial: Trial, rule: str) -> list[Alert]:
    return [alert for alert in trial.alerts.values() if alert.rule == rule]


def _known(book: Book, rules: Iterable[str]) -> frozenset[str]:
    return frozenset(rules) & {rule.id for rule in book.rules}
