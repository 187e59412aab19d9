"""Runs the tests that rules carry, through the very code that judges and counts on the road."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from monitor.domain.alerts import AlertKind
from monitor.domain.comments import Author, Comment, CommentEvent, EventKind
from monitor.domain.observations import Counted
from monitor.domain.severity import Status
from monitor.domain.signals import Language, Signals
from monitor.domain.verdicts import Verdict
from monitor.engine.book import Book
from monitor.engine.conditions.base import Condition
from monitor.engine.conditions.language import IsLanguage
from monitor.engine.observing import observations_of, whereabouts
from monitor.engine.rules import Rule, RuleTest, TestComment
from monitor.ports import LanguageIdentifier
from monitor.services.backtest import with_live
from monitor.services.benign import Harmless
from monitor.services.escalation import Escalator
from monitor.services.inspection import judge, unjudged
from monitor.services.ruleprobes import boundary_probes
from monitor.services.rulereasons import reason

_START: Final = datetime(2026, 1, 1, tzinfo=UTC)
_SHOWN: Final = 10
"""Reasons shown of one failed thread."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A test that did not hold: which, where it stands, what was wanted and what came of it."""

    rule: str
    test: str
    file: str
    line: int
    expected: str
    happened: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What running all tests of a book came to; the boundary probes count as tests.

    `harmless` is the number of harmless comments that the live rules were tried on.
    """

    rules: int
    tests: int
    failures: tuple[Failure, ...]
    harmless: int = 0


def run_tests(book: Book, identifier: LanguageIdentifier, harmless: Sequence[Harmless] = ()) -> Report:
    """Run the tests of every rule, drafts too, each rule by itself; then the live ones on harmless comments.

    `identifier` is asked only where a rule looks at the language and its test names none. Scores
    that a test does not give are unknown.
    """
    benches = [_Bench(book.alone(rule.id), rule, identifier) for rule in book.rules]
    asked = harmless if any(map(must_spare, book.rules)) else ()
    return Report(
        rules=len(benches),
        tests=sum(len(bench.tests) for bench in benches),
        failures=(
            *(failure for bench in benches for failure in bench.failures()),
            *_alarms(book, identifier, asked),
        ),
        harmless=len(asked),
    )


def prove(
    book: Book, rule_id: str, identifier: LanguageIdentifier, harmless: Sequence[Harmless]
) -> tuple[Failure, ...]:
    """Return what of one rule's own tests fails, and each harmless comment that it would fire on, live."""
    live = with_live(book, [rule_id])
    bench = _Bench(live.alone(rule_id), live.rule(rule_id), identifier)
    asked = harmless if must_spare(live.rule(rule_id)) else ()
    alarms = (alarm for alarm in _alarms(live, identifier, asked) if alarm.rule == rule_id)
    return (*bench.failures(), *alarms)


def must_spare(rule: Rule) -> bool:
    """Return whether this rule may fire on no harmless comment: it is live and looks at the text.

    A rule that looks at something else, such as one that counts whatever a reader writes, finds
    harmless comments too, and means to.
    """
    return rule.status is Status.LIVE and any(channel.field == "text" for channel, _ in rule.when.looks())


def _alarms(book: Book, identifier: LanguageIdentifier, harmless: Sequence[Harmless]) -> Iterator[Failure]:
    """Yield a failure for each live rule on each harmless comment that it fires on.

    A rule that counts may fire on fewer of them than it counts: so many open no alert.
    """
    found = list(_fired(book, identifier, harmless))
    times = Counter(rule.id for rule, _, _ in found)
    for rule, comment, verdict in found:
        if times[rule.id] >= rule.escalation.count:
            yield _alarm(rule, comment, verdict)


def _fired(
    book: Book, identifier: LanguageIdentifier, harmless: Sequence[Harmless]
) -> Iterator[tuple[Rule, Harmless, Verdict]]:
    """Yield each live rule with each harmless comment that it fires on."""
    asks = any(bool(rule.scope.languages) or _asks_language(rule.when) for rule in book.rules)
    texts = [comment.text for comment in harmless]
    languages = identifier.identify(texts) if asks and texts else [Language()] * len(texts)
    for comment, language in zip(harmless, languages, strict=True):
        event = _event(1, TestComment(text=comment.text))
        verdict = judge(event, Signals(language=language), book, event.time)
        fired = [book.rule(match.rule) for match in verdict.matches]
        yield from ((rule, comment, verdict) for rule in fired if must_spare(rule))


def _alarm(rule: Rule, comment: Harmless, verdict: Verdict) -> Failure:
    return Failure(
        rule=rule.id,
        test=f"leaves the harmless comment in {comment.file}:{comment.line} alone",
        file=rule.file,
        line=rule.line,
        expected="nothing",
        happened="an alert" if rule.escalation.count == 1 else "a match",
        why=f"{reason(rule, verdict)} in: {comment.text}",
    )


class _Bench:
    """One rule under test."""

    def __init__(self, book: Book, rule: Rule, identifier: LanguageIdentifier) -> None:
        self._book = book
        self._rule = rule
        self._identifier = identifier
        self._asks_language = bool(rule.scope.languages) or _asks_language(rule.when)
        self.tests = (*rule.tests, *self._probes())

    def failures(self) -> Iterator[Failure]:
        for test in self.tests:
            verdicts = self._judge(test.comments)
            wanted, came = _wanted(test), self._came(test, verdicts)
            if wanted != came:
                yield Failure(
                    rule=self._rule.id,
                    test=test.it,
                    file=self._rule.file,
                    line=test.line,
                    expected=wanted,
                    happened=came,
                    why=self._why(verdicts),
                )

    def _probes(self) -> tuple[RuleTest, ...]:
        """Return the boundary probes of a counting rule, by the first test comment that matches."""
        if self._rule.escalation.count == 1:
            return ()
        examples = (test.comments[0] for test in self._rule.tests if test.matches)
        example = next((comment for comment in examples if self._matches([comment])), None)
        if example is None:
            return ()
        return tuple(probe for probe in boundary_probes(self._rule, example) if self._matches(probe.comments))

    def _matches(self, comments: Sequence[TestComment]) -> bool:
        return all(verdict.matches for verdict in self._judge(comments))

    def _came(self, test: RuleTest, verdicts: Sequence[Verdict]) -> str:
        if test.alerts is not None:
            return _alerts(self._opened(verdicts))
        return "an alert" if verdicts[0].matches else "nothing"

    def _why(self, verdicts: Sequence[Verdict]) -> str:
        """Return the reasons, one for all comments where they share it."""
        reasons = [reason(self._rule, verdict) for verdict in verdicts]
        if len(set(reasons)) == 1:
            return reasons[0] if len(reasons) == 1 else f"in each of {len(reasons)} comments {reasons[0]}"
        numbered = [f"comment {number}: {why}" for number, why in enumerate(reasons, start=1)]
        return "\n".join(numbered[:_SHOWN] + ["…"] * (len(numbered) > _SHOWN))

    def _judge(self, comments: Sequence[TestComment]) -> list[Verdict]:
        events = [_event(number, comment) for number, comment in enumerate(comments, start=1)]
        return [
            unjudged(event, self._book, event.time)
            if comment.deleted
            else judge(event, self._signals(comment), self._book, event.time)
            for event, comment in zip(events, comments, strict=True)
        ]

    def _signals(self, comment: TestComment) -> Signals:
        language = comment.language
        if language is None and self._asks_language:
            language = self._identifier.identify([comment.text])[0]
        return Signals(
            language=language or Language(),
            scores=comment.scores,
            unsupported=comment.unsupported,
            truncated=len(comment.text) > self._book.max_text,
        )

    def _opened(self, verdicts: Sequence[Verdict]) -> int:
        counted = [each for verdict in verdicts for each in self._counted(verdict)]
        alerts = Escalator({}, alone=True).decide(counted).alerts
        return sum(alert.kind is AlertKind.OPENED for alert in alerts)

    def _counted(self, verdict: Verdict) -> list[Counted]:
        """Return what the verdict counts towards, whatever the rule's status, and what it undoes."""
        observations = [
            each for match in verdict.matches for each in observations_of(verdict, match, self._rule)
        ]
        told = whereabouts(verdict, self._book, observations)
        return [*([told] if told else []), *observations]


def _wanted(test: RuleTest) -> str:
    if test.alerts is not None:
        return _alerts(test.alerts)
    return "an alert" if test.matches else "nothing"


def _alerts(count: int) -> str:
    return "1 alert" if count == 1 else f"{count or 'no'} alerts"


def _event(number: int, comment: TestComment) -> CommentEvent:
    time = _START + timedelta(seconds=comment.at)
    written = Comment(
        source=comment.source,
        native_id=str(comment.of or number),
        text=comment.text,
        author=Author(name=comment.author),
        thread=comment.thread,
        created_at=time,
        extra={name: _given(value, time) for name, value in comment.given.items()},
    )
    if comment.deleted:
        return CommentEvent(kind=EventKind.DELETED, comment=written, observed_at=time)
    if not comment.edited and not comment.of:
        return CommentEvent(kind=EventKind.CREATED, comment=written, observed_at=time)
    return CommentEvent(kind=EventKind.EDITED, comment=replace(written, edited_at=time), observed_at=time)


def _given(value: object, time: datetime) -> object:
    return (time - value).isoformat() if isinstance(value, timedelta) else value


def _asks_language(condition: Condition) -> bool:
    """Return whether the language can make a difference to this condition."""
    return isinstance(condition, IsLanguage) or any(map(_asks_language, condition.inside()))
