"""Why a rule fired on a comment, or did not, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from monitor.domain.verdicts import Match, Verdict
from monitor.engine.book import Book
from monitor.engine.conditions.base import Condition
from monitor.engine.conditions.composition import All, Not
from monitor.engine.rules import Rule, Scope
from monitor.services.ruleexplain import outside


def reason(rule: Rule, verdict: Verdict) -> str:
    """Return why the rule fired in this verdict or did not: the words that it found, or what it misses."""
    for match in verdict.matches:
        if match.rule == rule.id:
            return f"it found {_words(match, verdict)}"
    if verdict.cut_off:
        return "its patterns took too long on this text and were stopped"
    if not rule.scope.covers(verdict.event, verdict.signals):
        return outside(rule.scope, verdict.event, verdict.signals)
    return "; ".join(_misses(rule, verdict))


def _misses(rule: Rule, verdict: Verdict) -> Iterator[str]:
    """Yield what the comment has and lacks, a part of the rule's `all` after the other."""
    parts = rule.when.parts if isinstance(rule.when, All) else (rule.when,)
    for number, part in enumerate(parts, start=1):
        name = f"condition {number} of {len(parts)}" if len(parts) > 1 else "the condition"
        if met := _holds(rule, part, verdict):
            yield f"{name} is met ({_words(met, verdict)})"
        elif isinstance(part, Not) and (found := _holds(rule, part.part, verdict)):
            yield f"{name} is not met: it excludes {_words(found, verdict)}"
        elif _holds(rule, Not(part), verdict):
            yield f"{name} is not met: nothing that it looks for is there"
        else:
            yield f"{name} is unknown: the test gives no score, language or field that it needs"


def _holds(rule: Rule, part: Condition, verdict: Verdict) -> Match | None:
    """Return the match of a rule that asks for this part only."""
    alone = replace(rule, when=part, scope=Scope())
    matches = Book([alone], verdict.book, any_status=True).judge(verdict.event, verdict.signals).matches
    return matches[0] if matches else None


def _words(match: Match, verdict: Verdict) -> str:
    text = verdict.event.comment.text
    found = dict.fromkeys(text[start:end] for start, end in match.spans)
    return ", ".join(f"“{words}”" for words in found) or "no words, only what is known of the comment"
