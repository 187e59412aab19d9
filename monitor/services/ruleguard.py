"""Demotes a freshly edited live rule that fires on an outlier share of the comments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace

from monitor.domain.severity import Status
from monitor.domain.verdicts import Match, Verdict
from monitor.engine.book import Book
from monitor.engine.probation import Probation, ProbationPolicy, decide


class RuleGuard:
    """Watches the new versions of live rules in one judging process.

    Each process has its own: what is an outlier in one soon is in all.
    """

    def __init__(self, policy: ProbationPolicy) -> None:
        self._policy = policy
        self._versions: dict[str, str] = {}
        self._counts: dict[str, int] = {}
        self._probations: dict[str, Probation] = {}
        self._demoted: set[str] = set()

    @property
    def demoted(self) -> tuple[str, ...]:
        """Return the rules that were demoted, in order of their names."""
        return tuple(sorted(self._demoted))

    def begin(self, book: Book, fresh: Collection[str]) -> None:
        """Take up the first book; of its rules those in `fresh` were edited lately."""
        self._versions = {rule.id: rule.digest for rule in book.rules}
        self._watch(book, fresh)

    def follow(self, book: Book) -> None:
        """Take up a changed book: every rule with another content is on probation, and no longer demoted."""
        versions = {rule.id: rule.digest for rule in book.rules}
        changed = {rule for rule, digest in versions.items() if self._versions.get(rule) != digest}
        gone = self._versions.keys() - versions.keys()
        for rule in changed | gone:
            self._probations.pop(rule, None)
            self._demoted.discard(rule)
        self._versions = versions
        self._watch(book, changed)

    def judge(self, verdicts: Sequence[Verdict]) -> list[Verdict]:
        """Count these verdicts, and return them with the matches of demoted rules in shadow.

        What demotes a rule is in shadow already: the batch that shows it alerts nobody.
        """
        if self._probations:
            fired = Counter(match.rule for verdict in verdicts for match in verdict.matches)
            for rule, state in list(self._probations.items()):
                self._count(rule, state, len(verdicts), fired[rule])
        if not self._demoted:
            return list(verdicts)
        return [self._muted(verdict) for verdict in verdicts]

    def _watch(self, book: Book, rules: Collection[str]) -> None:
        for rule in book.rules:
            if rule.id in rules and rule.status is Status.LIVE:
                self._probations[rule.id] = Probation()
                self._counts[rule.id] = rule.escalation.count

    def _count(self, rule: str, state: Probation, comments: int, matches: int) -> None:
        after, outcome = decide(self._policy, state, comments, matches / self._counts[rule])
        self._probations[rule] = after
        if outcome != "goes_on":
            del self._probations[rule]
        if outcome == "demoted":
            self._demoted.add(rule)

    def _muted(self, verdict: Verdict) -> Verdict:
        if not any(match.rule in self._demoted for match in verdict.matches):
            return verdict
        return replace(verdict, matches=tuple(map(self._muted_match, verdict.matches)))

    def _muted_match(self, match: Match) -> Match:
        return replace(match, status=Status.SHADOW) if match.rule in self._demoted else match
