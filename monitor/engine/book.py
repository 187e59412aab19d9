"""The rules in force, compiled to judge comments."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

from monitor.domain.verdicts import Match
from monitor.engine.conditions.explaining import explain
from monitor.engine.scanning import Scanner
from monitor.engine.subject import OWN_TEXT, Subject

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from monitor.domain.comments import CommentEvent
    from monitor.domain.problems import Problem
    from monitor.domain.signals import Signals
    from monitor.engine.conditions.explaining import Explanation
    from monitor.engine.rules import Rule
    from monitor.engine.scanning import Channel, Probe
    from monitor.engine.text import Span

MAX_TEXT: Final = 20_000
"""As many characters of a field are matched by default. The longest limits of comment systems are 10,000 to
65,536; what says more in 20,000 characters than nothing is rare."""

_MOST_SPANS: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The rules that fired, and the ids of those that could not be decided in time."""

    matches: tuple[Match, ...] = ()
    cut_off: tuple[str, ...] = ()


class Book:
    """All rules that were read. Judges by those in shadow and live.

    `digest` names the content of rules and lists; `max_text` is how many characters of a field
    are matched; `warnings` are what the reader found worth a second look; `any_status` makes it
    judge by drafts and retired rules too. `remembers` is the longest that a match can matter to any
    rule that counts, in seconds. `scanners` look at the text for all rules at once.
    """

    def __init__(
        self,
        rules: Sequence[Rule],
        digest: str,
        *,
        max_text: int = MAX_TEXT,
        warnings: Sequence[Problem] = (),
        any_status: bool = False,
    ) -> None:
        self.rules = tuple(rules)
        self.digest = digest
        self.max_text = max_text
        self.warnings = tuple(warnings)
        self.remembers = max(map(_length, self.rules), default=0.0)
        self._by_id = {rule.id: rule for rule in self.rules}
        self._judged = tuple(rule for rule in self.rules if any_status or rule.status.judged)
        self.scanners = _scanners(self._judged)
        self._always, self._triggered = _triggers(self._judged)
        self._looking = _looking(self._judged)

    def rule(self, rule_id: str) -> Rule:
        """Return the rule with this id.

        Raises:
            KeyError: there is none.
        """
        return self._by_id[rule_id]

    def alone(self, rule_id: str) -> Self:
        """Return a book that judges by this rule only, whatever its status: for its tests and drafts."""
        return type(self)([self.rule(rule_id)], self.digest, max_text=self.max_text, any_status=True)

    def judge(self, event: CommentEvent, signals: Signals) -> Judgement:
        """Return which rules fire on this comment."""
        subject = Subject(event, signals, self.scanners, self.max_text)
        matches: list[Match] = []
        cut_off: list[str] = []
        for rule in self._due(subject):
            if not rule.scope.covers(event, signals):
                continue
            subject.undecided = False
            held = rule.when.holds(subject)
            if held:
                matches.append(_match(rule, subject))
            elif held is None and subject.undecided:
                cut_off.append(rule.id)
        return Judgement(matches=tuple(matches), cut_off=tuple(cut_off))

    def explain(self, rule_id: str, event: CommentEvent, signals: Signals) -> Explanation:
        """Return how each clause of this rule's condition comes out on this comment, whatever its scope."""
        subject = Subject(event, signals, self.scanners, self.max_text)
        return explain(self.rule(rule_id).when, subject)

    def _due(self, subject: Subject) -> Iterable[Rule]:
        """Return the rules that can be true of this comment, in the book's order."""
        due = set(self._always)
        for reading in subject.readings():
            for probe in reading.candidates:
                due.update(self._triggered.get(probe, ()))
        for channel in subject.cut_channels():
            due.update(self._looking[channel])
        return [self._judged[index] for index in sorted(due)]


def _length(rule: Rule) -> float:
    escalation = rule.escalation
    return escalation.within + escalation.cooldown if escalation.within else 0.0


def _scanners(rules: Iterable[Rule]) -> tuple[Scanner, ...]:
    wanted: Mapping[Channel, dict[Probe, None]] = defaultdict(dict)
    for rule in rules:
        for channel, probes in rule.when.looks():
            wanted[channel].update(dict.fromkeys(probes))
    return tuple(Scanner(channel, probes) for channel, probes in wanted.items())


def _looking(rules: Iterable[Rule]) -> Mapping[Channel, Collection[int]]:
    """Return by channel which rules look at it."""
    looking: dict[Channel, set[int]] = defaultdict(set)
    for index, rule in enumerate(rules):
        for channel, _ in rule.when.looks():
            looking[channel].add(index)
    return dict(looking)


def _triggers(rules: Iterable[Rule]) -> tuple[tuple[int, ...], Mapping[Probe, list[int]]]:
    """Return which rules are always due, and which by each probe."""
    always: list[int] = []
    triggered: dict[Probe, list[int]] = defaultdict(list)
    for index, rule in enumerate(rules):
        triggers = rule.when.triggers()
        if triggers is None:
            always.append(index)
            continue
        for probe in triggers:
            triggered[probe].append(index)
    return tuple(always), dict(triggered)


def _match(rule: Rule, subject: Subject) -> Match:
    found = [
        (channel.view, spans)
        for channel, spans in rule.when.evidence(subject)
        if channel.field in OWN_TEXT and spans
    ]
    return Match(
        rule=rule.id,
        severity=rule.severity,
        status=rule.status,
        view=found[0][0] if found else None,
        spans=_merged([span for _, spans in found for span in spans])[:_MOST_SPANS],
    )


def _merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return the spans in order, overlapping ones as one."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)
