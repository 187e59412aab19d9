"""Reads one rule: its head, and through the other readers its parts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from monitor.domain.comments import EventKind
from monitor.domain.severity import Severity, Status
from monitor.engine.conditions.composition import All
from monitor.engine.conditions.language import read_codes
from monitor.engine.conditions.matched import read_unless
from monitor.engine.escalating import read_escalating
from monitor.engine.proving import read_tests
from monitor.engine.rules import Rule, RuleTest, Scope

if TYPE_CHECKING:
    from collections.abc import Mapping

    from monitor.engine.conditions.base import Condition
    from monitor.engine.conditions.grammar import Grammar
    from monitor.engine.cursor import Cursor, Fields

_KEYS: Final = (
    "id", "title", "why", "owner", "status", "severity", "tags", "applies_to", "define", "when",
    "unless_matched", "escalate", "alert", "false_alarms", "tests",
)  # fmt: skip
_ID: Final = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*\Z")
_DEFAULT_EVENTS: Final = frozenset({EventKind.CREATED, EventKind.EDITED, EventKind.RESTORED})


def read_rule(cursor: Cursor, grammar: Grammar, taken: Mapping[str, Rule]) -> Rule | None:
    """Read a rule; None where it cannot stand, which is reported.

    `taken` are the rules read so far, by id.
    """
    fields = cursor.fields(_KEYS, required=("id", "title", "when"))
    if fields is None:
        return None
    rule_id = _read_id(fields, taken)
    status = _read_status(fields)
    severity = _read_severity(fields)
    when = _read_when(fields, grammar)
    escalating = read_escalating(fields, severity)
    tests = fields.get("tests")
    proofs = read_tests(tests) if tests else ()
    if status is Status.LIVE:
        _check_live(fields, proofs)
    if not rule_id or when is None:
        return None
    return Rule(
        id=rule_id,
        title=fields.text("title"),
        why=fields.text("why"),
        owner=fields.text("owner"),
        status=status,
        severity=severity,
        when=when,
        escalation=escalating.escalation,
        group_by=escalating.group_by,
        distinct=escalating.distinct,
        cooldown_by=escalating.cooldown_by,
        scope=_read_scope(fields),
        tags=fields.words("tags"),
        false_alarms=fields.words("false_alarms"),
        tests=proofs,
        file=cursor.sheet.path,
        line=cursor.place.line,
    )


def _read_id(fields: Fields, taken: Mapping[str, Rule]) -> str:
    cursor = fields.get("id")
    value = fields.text("id")
    if cursor and value and not _ID.match(value):
        cursor.error(
            f"`{value}` is no rule id",
            "small letters, digits, dots and dashes between them, such as `threats.direct`",
        )
    twin = taken.get(value)
    if cursor and twin:
        cursor.error(
            f"the id `{value}` is taken by the rule in {twin.file}:{twin.line}",
            "an id names one rule for ever: choose another",
        )
    return value


def _read_status(fields: Fields) -> Status:
    cursor = fields.get("status")
    return (cursor.member(Status) if cursor else None) or Status.DRAFT


def _read_severity(fields: Fields) -> Severity:
    cursor = fields.get("severity")
    if cursor is None:
        fields.cursor.error(f"`{fields.cursor.name}` needs `severity`", "one of: " + ", ".join(Severity))
        return Severity.MEDIUM
    return cursor.member(Severity) or Severity.MEDIUM


def _read_when(fields: Fields, grammar: Grammar) -> Condition | None:
    """Read the whole condition: what the rule names, what it asks, and which rules go first."""
    define, cursor, unless = fields.get("define"), fields.get("when"), fields.get("unless_matched")
    grammar.begin(dict(define.named()) if define else {})
    when = grammar.clause(cursor) if cursor else None
    first = read_unless(unless, grammar) if unless else ()
    for name, clause in grammar.defined.items():
        if name not in grammar.used:
            clause.warn(f"`{name}` is defined and never used", f"write `use: {name}`, or remove it")
    return All((when, *first)) if when and first else when


def _read_scope(fields: Fields) -> Scope:
    cursor = fields.get("applies_to")
    scope = cursor.fields(("languages", "sources", "events")) if cursor else None
    if scope is None:
        return Scope(events=_DEFAULT_EVENTS)
    languages, events = scope.get("languages"), scope.get("events")
    return Scope(
        languages=read_codes(languages) if languages else frozenset(),
        sources=frozenset(scope.words("sources")),
        events=_read_events(events) if events else _DEFAULT_EVENTS,
    )


def _read_events(cursor: Cursor) -> frozenset[EventKind]:
    members = [item.member(EventKind) for item in ([cursor] if not cursor.is_list() else cursor.items())]
    return frozenset(member for member in members if member is not None)


def _check_live(fields: Fields, tests: tuple[RuleTest, ...]) -> None:
    """Report what a rule lacks that is about to alert people."""
    status = fields.get("status")
    if status is None:
        return
    for key, meaning in (
        ("owner", "who answers for it"),
        ("why", "the harm, and the clause of the policy it serves"),
    ):
        if key not in fields:
            status.error(f"a live rule needs `{key}`", f"write {meaning}, or set `status: shadow`")
    alerting = any(test.matches or test.alerts for test in tests)
    silent = any(test.matches is False or test.alerts == 0 for test in tests)
    if not (alerting and silent):
        missing = "alerts" if not alerting else "stays silent"
        status.error(
            f"a live rule needs a test in which it {missing}",
            "add it under `tests`, or set `status: shadow` until it is proved",
        )
