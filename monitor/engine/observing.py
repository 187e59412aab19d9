"""From a verdict to what its matches count towards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.domain.comments import EventKind
from monitor.domain.observations import Observation
from monitor.domain.severity import Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.domain.comments import Comment
    from monitor.domain.verdicts import Match, Verdict
    from monitor.engine.book import Book
    from monitor.engine.rules import GroupField, Rule


def observe(verdict: Verdict, book: Book) -> tuple[Observation, ...]:
    """Return one observation for each match of a live rule; none for a deleted comment.

    `book` is the one that judged. Shadow matches stay in the verdict and alert nobody.
    """
    if verdict.event.kind is EventKind.DELETED:
        return ()
    return tuple(
        observation_of(verdict, match, book.rule(match.rule))
        for match in verdict.matches
        if match.status is Status.LIVE
    )


def observation_of(verdict: Verdict, match: Match, rule: Rule) -> Observation:
    """Return what this match counts towards, whatever the rule's status (rule tests ask for drafts too)."""
    comment = verdict.event.comment
    return Observation(
        group=_group(rule.group_by, comment, rule),
        event=verdict.event,
        signals=verdict.signals,
        match=match,
        escalation=rule.escalation,
        title=rule.title,
        book=verdict.book,
        value=_value(rule.distinct, comment, rule) if rule.distinct else None,
        cooldown_group=_group(rule.cooldown_by, comment, rule),
    )


def _group(fields: Sequence[GroupField], comment: Comment, rule: Rule) -> tuple[tuple[str, str], ...]:
    return tuple((field, _value(field, comment, rule)) for field in fields)


def _value(field: GroupField, comment: Comment, rule: Rule) -> str:
    """Return the field's value, unique over all sources.

    Where the source gives no author or thread, the comment stands for itself: readers without a
    name are never counted as one person.
    """
    if field == "rule":
        return rule.id
    if field == "comment":
        return comment.key
    if field == "source":
        return comment.source
    given = comment.author.key if field == "author" else comment.thread
    return f"comment:{comment.key}" if given is None else f"{comment.source}:{given}"
