"""The tests that a counting rule needs at its borders, and that nobody should have to write."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from monitor.engine.rules import GroupField, Rule, RuleTest, TestComment

_JUST_PAST: Final = 0.001
"""Seconds."""


def boundary_probes(rule: Rule, example: TestComment) -> Iterator[RuleTest]:
    """Yield the tests at the borders of the first step of a rule that counts.

    One match too few, just enough at both ends of the window, and just enough but a millisecond
    too far apart. All comments are copies of `example`, which must match, by different authors or
    in different threads where the rule counts those.
    """
    count, within = rule.escalation.count, rule.escalation.within
    for number, length, alerts, what in (
        (count - 1, within, 0, f"{count - 1} of {count} are too few"),
        (count, within, 1, f"{count} at the two ends of the window are enough"),
        (count, within + _JUST_PAST, 0, f"{count} a millisecond too far apart are not enough"),
    ):
        yield RuleTest(
            it=f"boundary: {what}",
            comments=tuple(_spread(rule, example, number, length)),
            alerts=alerts,
            line=rule.line,
        )


def _spread(rule: Rule, example: TestComment, number: int, length: float) -> Iterator[TestComment]:
    """Yield copies, half of them at the beginning and half at the end."""
    for index in range(number):
        at = 0.0 if index < number / 2 else length
        copy = replace(example, at=at)
        yield _told_apart(copy, rule.distinct, index) if rule.distinct else copy


def _told_apart(comment: TestComment, field: GroupField, index: int) -> TestComment:
    """Return the comment with a value of its own in the field whose values are counted."""
    if field == "author":
        return replace(comment, author=f"{comment.author}-{index}")
    if field == "thread":
        return replace(comment, thread=f"{comment.thread}-{index}")
    if field == "source":
        return replace(comment, source=f"{comment.source}-{index}")
    return comment
