"""Reads overrides: local tuning of rules that somebody else maintains, in files of its own.

override: harassment.insult.en
status: shadow
cooldown: 2h
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from monitor.domain.severity import Severity, Status
from monitor.engine.cursor import suggestion
from monitor.engine.escalating import read_count
from monitor.engine.nodes import MapNode, Scalar

if TYPE_CHECKING:
    from collections.abc import Mapping

    from monitor.domain.observations import Escalation
    from monitor.engine.cursor import Cursor, Fields
    from monitor.engine.rules import Rule

_KEY: Final = "override"
_KEYS: Final = (_KEY, "why", "disable", "status", "severity", "count", "within", "cooldown")
_HINT: Final = "a change of the condition needs a rule of your own"


def is_override(cursor: Cursor) -> bool:
    """Return whether what stands here tunes another rule."""
    node = cursor.node
    return isinstance(node, MapNode) and any(
        isinstance(key, Scalar) and key.value == _KEY for key, _ in node.pairs
    )


def overridden(cursor: Cursor, rules: Mapping[str, Rule], taken: Mapping[str, str]) -> Rule | None:
    """Return the rule as the override here changes it; None where it cannot, which is reported.

    `taken` says by rule where an override of it stands already. A rule that is not there (an
    update of the pack may have taken it away) is a warning only: it must not keep all others from
    being read.
    """
    fields = cursor.fields(_KEYS, required=(_KEY,), hints=dict.fromkeys(("when", "escalate", "tests"), _HINT))
    target = fields.get(_KEY) if fields else None
    name = target.text() if target else None
    if fields is None or fields.refused or target is None or name is None:
        return None
    if name in taken:
        target.error(f"`{name}` is overridden in {taken[name]} already", "keep one of them")
        return None
    rule = rules.get(name)
    if rule is None:
        target.warn(f"there is no rule `{name}` to override", suggestion(name, list(rules)))
        return None
    if not any(key not in {_KEY, "why"} for key, _ in fields.items()):
        target.error("this override changes nothing", "write what is different: status, severity, …")
        return None
    return _changed(fields, rule)


def _changed(fields: Fields, rule: Rule) -> Rule:
    severity = fields.get("severity")
    chosen = (severity.member(Severity) if severity else None) or rule.severity
    return replace(
        rule,
        status=_status(fields, rule),
        severity=chosen,
        escalation=_escalation(fields, rule.escalation, chosen),
    )


def _status(fields: Fields, rule: Rule) -> Status:
    disable, status = fields.get("disable"), fields.get("status")
    if disable and status:
        disable.error("`disable` and `status` contradict each other", "keep one of them")
    if disable and disable.flag():
        return Status.RETIRED
    chosen = (status.member(Status) if status else None) or rule.status
    if status and chosen is Status.LIVE and rule.status is not Status.LIVE and not _is_proved(rule):
        status.error(
            f"`{rule.id}` cannot go live: it lacks an owner, a why, or tests for both cases",
            "make it a rule of your own with tests, or use `status: shadow`",
        )
    return chosen


def _is_proved(rule: Rule) -> bool:
    alerts = any(test.matches or test.alerts for test in rule.tests)
    silent = any(test.matches is False or test.alerts == 0 for test in rule.tests)
    return bool(rule.owner and rule.why and alerts and silent)


def _escalation(fields: Fields, escalation: Escalation, severity: Severity) -> Escalation:
    first, *others = escalation.steps
    count, within, cooldown = fields.get("count"), fields.get("within"), fields.get("cooldown")
    for cursor in (count, within):
        if cursor and not escalation.within:
            cursor.error(f"this rule counts nothing, so it has no `{cursor.name}`", _HINT)
    number = read_count(count) if count else None
    changed = replace(
        escalation,
        steps=(replace(first, count=number or first.count, severity=severity), *others),
        within=((within.duration() if within else None) or escalation.within),
        cooldown=escalation.cooldown if cooldown is None else cooldown.duration() or 0.0,
    )
    if not _rises(changed):
        place = count or fields.get("severity") or fields.cursor
        place.error("the rule's ladder no longer rises above this", "choose less than its next step has")
    return changed


def _rises(escalation: Escalation) -> bool:
    return all(
        lower.count < higher.count and lower.severity.rank < higher.severity.rank
        for lower, higher in pairwise(escalation.steps)
    )
