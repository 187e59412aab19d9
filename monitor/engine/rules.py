"""A rule as it was read: what its author declared, checked and typed."""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Literal

from monitor.domain.signals import Language, Scores, Signals

if TYPE_CHECKING:
    from collections.abc import Mapping

    from monitor.domain.comments import CommentEvent, EventKind
    from monitor.domain.observations import Escalation
    from monitor.domain.severity import Severity, Status
    from monitor.engine.conditions import Condition

GroupField = Literal["author", "thread", "source", "rule", "comment", "target", "campaign"]
Expectation = Literal["alert", "nothing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Which comments a rule looks at; an empty field means all. A source's name may hold a `*`."""

    languages: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()
    events: frozenset[EventKind] = frozenset()

    def covers(self, event: CommentEvent, signals: Signals) -> bool:
        """Return whether the rule applies to this event at all."""
        return (
            (not self.events or event.kind in self.events)
            and self.covers_source(event.comment.source)
            and (not self.languages or signals.language.code in self.languages)
        )

    def covers_source(self, source: str) -> bool:
        """Return whether the rule looks at comments of this source."""
        return (
            not self.sources
            or source in self.sources
            or any("*" in name and fnmatchcase(source, name) for name in self.sources)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TestComment:
    """One comment of a rule's own test. `at` is seconds after the first.

    `language`, `scores` and `unsupported` stand for the signals where the author gives them, `given`
    for what the source gives beyond a comment's own fields; a timedelta is a time that long before.
    `of` is the number of the comment in the thread, from 1, that this is an edit of, or the deletion
    where it is `deleted`; 0 where it is new.
    """

    __test__ = False  # pytest must not collect it

    text: str
    author: str = "someone"
    thread: str = "thread"
    source: str = "test"
    at: float = 0.0
    language: Language | None = None
    scores: Scores | None = None
    unsupported: bool | None = None
    edited: bool = False
    of: int = 0
    deleted: bool = False
    given: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleTest:
    """A proof that travels with the rule: these comments, in order, open that many alerts.

    `expect: alert` of a single comment is `matches=True`; `expect: {alerts: n}` sets `alerts`.
    """

    __test__ = False

    it: str
    comments: tuple[TestComment, ...]
    matches: bool | None = None
    alerts: int | None = None
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule. `escalation` has count 1 where the author wrote no `escalate`.

    `group_by` are the fields that make the window's key; `distinct` is the field whose values are
    counted instead of matches. `cooldown_by` are the fields that the cool-down is kept by: the
    author's `alert.group_by` where the rule escalates, else the same as `group_by`. `digest` names
    its content, its word lists and an override of it included: another one is another version.
    `overridden` says where the override stands, if there is one.
    """

    id: str
    title: str
    why: str
    owner: str
    status: Status
    severity: Severity
    when: Condition
    escalation: Escalation
    group_by: tuple[GroupField, ...]
    distinct: GroupField | None = None
    cooldown_by: tuple[GroupField, ...] = ()
    scope: Scope = field(default_factory=Scope)
    tags: tuple[str, ...] = ()
    false_alarms: tuple[str, ...] = ()
    tests: tuple[RuleTest, ...] = ()
    file: str = ""
    line: int = 0
    overridden: str = ""
    digest: str = ""
