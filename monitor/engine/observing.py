"""From a verdict to what its matches count towards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from monitor.domain.comments import EventKind
from monitor.domain.observations import Counted, Observation, Whereabouts
from monitor.domain.severity import Status
from monitor.engine import given
from monitor.engine.fingerprints import Fingerprint, fingerprint
from monitor.engine.shapes import MENTION

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from monitor.domain.comments import Comment
    from monitor.domain.verdicts import Match, Verdict
    from monitor.engine.book import Book
    from monitor.engine.rules import GroupField, Rule


def observe(verdict: Verdict, book: Book) -> tuple[Observation, ...]:
    """Return the observations of each match of a live rule; none for a deleted comment.

    `book` is the one that judged. Shadow matches stay in the verdict and alert nobody.
    """
    if verdict.event.kind is EventKind.DELETED:
        return ()
    return tuple(
        observation
        for match in verdict.matches
        if match.status is Status.LIVE
        for observation in observations_of(verdict, match, book.rule(match.rule))
    )


def counted(verdict: Verdict, book: Book, rules: Collection[str] | None = None) -> tuple[Counted, ...]:
    """Return what the escalation needs to know of a verdict: what its observations undo, then themselves.

    In this order whoever holds all windows knows of a later version before an earlier one counts.
    `rules` are those that may count; all where None.
    """
    observations = tuple(each for each in observe(verdict, book) if rules is None or each.match.rule in rules)
    told = whereabouts(verdict, book, observations)
    return (told, *observations) if told else observations


def whereabouts(verdict: Verdict, book: Book, observations: Sequence[Observation]) -> Whereabouts | None:
    """Return in which windows this version of the comment counts, which undoes what it counted elsewhere.

    None where there is nothing to undo now or later: no rule counts; a new comment that counts nowhere;
    a comment that was restored, of which the source does not repeat the text.
    """
    windows = tuple(each.key for each in observations if each.escalation.within)
    event = verdict.event
    if event.kind is EventKind.RESTORED and not event.comment.text:
        return None
    if not book.remembers or (event.kind is EventKind.CREATED and not windows):
        return None
    return Whereabouts(
        comment=event.comment.key,
        observed_at=event.observed_at,
        windows=windows,
        keep=book.remembers,
        untold=_untold(verdict, book),
    )


def _untold(verdict: Verdict, book: Book) -> tuple[str, ...]:
    """Return the rules that count and say nothing of this version: not decided in time, or not asked."""
    kind = verdict.event.kind
    if kind is EventKind.DELETED:
        return ()
    return tuple(
        rule.id
        for rule in book.rules
        if rule.escalation.within
        and (rule.id in verdict.cut_off or (rule.scope.events and kind not in rule.scope.events))
    )


def observations_of(verdict: Verdict, match: Match, rule: Rule) -> tuple[Observation, ...]:
    """Return what this match counts towards, whatever the rule's status (rule tests ask for drafts too).

    That is one window, but for copies of a text, which meet in several.
    """
    comment = verdict.event.comment
    known = fingerprint(comment.text) if "campaign" in rule.group_by else None
    return tuple(
        Observation(
            group=_group(rule.group_by, comment, rule, bucket),
            event=verdict.event,
            signals=verdict.signals,
            match=match,
            escalation=rule.escalation,
            title=rule.title,
            book=verdict.book,
            value=_value(rule.distinct, comment, rule) if rule.distinct else None,
            cooldown_group=_group(rule.cooldown_by, comment, rule, bucket),
            sketch=known.sketch if known else b"",
        )
        for bucket in _buckets(known, rule)
    )


def _buckets(known: Fingerprint | None, rule: Rule) -> Sequence[str | None]:
    """Return where the copies of a text meet; in one place, where each of them alerts by itself."""
    if known is None:
        return (None,)
    return known.buckets if rule.escalation.count > 1 else known.buckets[:1]


def _group(
    fields: Sequence[GroupField], comment: Comment, rule: Rule, bucket: str | None
) -> tuple[tuple[str, str], ...]:
    return tuple(
        (field, bucket if bucket and field == "campaign" else _value(field, comment, rule))
        for field in fields
    )


def _value(field: GroupField, comment: Comment, rule: Rule) -> str:
    """Return the field's value, unique over all sources; a campaign's is the same on all.

    Where the source gives no author or thread, the comment stands for itself: readers without a
    name are never counted as one person.
    """
    if field == "rule":
        return rule.id
    if field == "comment":
        return comment.key
    if field == "source":
        return comment.source
    if field == "campaign":
        known = fingerprint(comment.text)
        return known.buckets[0] if known else f"comment:{comment.key}"
    value = _VALUES[field](comment)
    return f"comment:{comment.key}" if value is None else f"{comment.source}:{value}"


def _target(comment: Comment) -> str | None:
    """Return whom the comment answers, or else mentions first; nobody is a target of their own.

    Where the source tells only which comment is answered, and nobody is mentioned, that is the target.
    """
    answered = given.text(comment, "parent.author.name")
    mentioned = MENTION.search(comment.text)
    name = answered or (mentioned[0] if mentioned else "")
    if not name and comment.parent:
        return f"comment:{comment.parent}"
    folded = name.strip().removeprefix("@").casefold()
    own = {part.casefold() for part in (comment.author.name, comment.author.id) if part}
    return folded if folded and folded not in own else None


_VALUES: Final[Mapping[GroupField, Callable[[Comment], str | None]]] = {
    "author": lambda comment: comment.author.key,
    "thread": lambda comment: comment.thread,
    "target": _target,
}
