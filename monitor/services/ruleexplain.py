"""Why a rule fires on one comment, or does not: the whole answer, as a value."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.domain.comments import CommentEvent
from monitor.domain.severity import Status
from monitor.domain.signals import Signals
from monitor.engine.book import Book
from monitor.engine.conditions.explaining import Explanation
from monitor.engine.rules import Rule, Scope
from monitor.engine.wording import duration


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a rule says about a comment.

    `outside` says why the rule does not look at this comment at all; `then` what follows where it
    fires. `cut_off` means that a pattern ran out of time.
    """

    rule: str
    status: Status
    fires: bool
    outside: str
    cut_off: bool
    then: str
    when: Explanation


def explain_rule(book: Book, rule_id: str, event: CommentEvent, signals: Signals) -> Answer:
    """Return how each clause of this rule, whatever its status, comes out on this comment.

    Raises:
        KeyError: there is no such rule.
    """
    alone = book.alone(rule_id)
    rule = alone.rule(rule_id)
    judgement = alone.judge(event, signals)
    return Answer(
        rule=rule.id,
        status=rule.status,
        fires=bool(judgement.matches),
        outside="" if rule.scope.covers(event, signals) else outside(rule.scope, event, signals),
        cut_off=rule.id in judgement.cut_off,
        then=_then(rule) if judgement.matches else "",
        when=alone.explain(rule_id, event, signals),
    )


def outside(scope: Scope, event: CommentEvent, signals: Signals) -> str:
    """Return why this scope leaves the comment out."""
    language, source = signals.language.code, event.comment.source
    if scope.languages and language not in scope.languages:
        return f"it looks at {_any_of(scope.languages)} only, and this text was taken for {language}"
    if not scope.covers_source(source):
        return f"it looks at the source {_any_of(scope.sources)} only, and this comment's is {source}"
    return f"it does not look at comments that are {event.kind}"


def _any_of(names: frozenset[str]) -> str:
    return " or ".join(sorted(names))


def _then(rule: Rule) -> str:
    """Return what a match leads to."""
    if not rule.status.judged:
        return f"as a {rule.status} rule it is not judged yet"
    escalation = rule.escalation
    if escalation.count == 1:
        told = "an alert opens"
    else:
        counted = f"different {rule.distinct}s" if rule.distinct else "matches"
        told = (
            f"an alert opens at {escalation.count} {counted} by the same {' and '.join(rule.group_by)} "
            f"within {duration(escalation.within)}"
        )
    return told if rule.status is Status.LIVE else f"nobody is alerted: it is in shadow; live, {told}"
