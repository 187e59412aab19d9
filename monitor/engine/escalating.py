"""Reads `escalate` and `alert`: when matches become an alert, and what the alert says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast, get_args

from monitor.domain.observations import Escalation, Step
from monitor.domain.severity import Severity
from monitor.domain.signals import LABELS
from monitor.engine.counting import MOST_ENTRIES
from monitor.engine.cursor import suggestion
from monitor.engine.rules import GroupField

if TYPE_CHECKING:
    from monitor.engine.cursor import Cursor, Fields

PLACEHOLDERS: Final = (
    *("author", "thread", "rule", "count", "within", "matched", "link"),
    *(f"score.{label}" for label in LABELS),
)

GROUPS: Final = get_args(GroupField)
WINDOWS: Final = ("author", "thread", "source", "rule", "target", "campaign")
DISTINCT: Final = ("author", "thread", "source", "comment", "rule")
_BRACES: Final = re.compile(r"\{([^{}]*)\}|[{}]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalating:
    """What a rule's `escalate` and `alert` come to."""

    escalation: Escalation
    group_by: tuple[GroupField, ...]
    distinct: GroupField | None
    cooldown_by: tuple[GroupField, ...]


def read_escalating(rule: Fields, severity: Severity) -> Escalating:
    """Read both; without `escalate` each match opens an alert."""
    escalate, alert = rule.get("escalate"), rule.get("alert")
    window = (
        escalate.fields(
            ("by", "count", "distinct", "within", "ladder"),
            required=("by", "count", "within"),
        )
        if escalate
        else None
    )
    notice = alert.fields(("cooldown", "group_by", "say")) if alert else None
    group_by = _groups(notice)
    by, distinct = _one(window, "by", WINDOWS), _one(window, "distinct", DISTINCT)
    if window is not None:
        _check_window(window, by, distinct)
    return Escalating(
        escalation=Escalation(
            steps=_steps(window, severity),
            within=_duration(window, "within"),
            cooldown=_duration(notice, "cooldown"),
            distinct=window is not None and "distinct" in window,
            say=_say(notice),
        ),
        group_by=(by,) if by else group_by or ("comment",),
        distinct=distinct,
        cooldown_by=group_by or ((by,) if by else ("comment",)),
    )


def _one(fields: Fields | None, key: str, allowed: tuple[str, ...]) -> GroupField | None:
    cursor = fields.get(key) if fields else None
    return cast("GroupField | None", cursor.choice(allowed)) if cursor else None


def _groups(notice: Fields | None) -> tuple[GroupField, ...]:
    cursor = notice.get("group_by") if notice else None
    if cursor is None:
        return ()
    found: list[str] = []
    for name, place in cursor.words():
        if name not in GROUPS:
            place.error(f"`{name}` is nothing to group by", suggestion(name, GROUPS))
        elif name in found:
            place.error(f"`{name}` stands here twice", "keep one of them")
        else:
            found.append(name)
    return cast("tuple[GroupField, ...]", tuple(found))


def _duration(fields: Fields | None, key: str) -> float:
    cursor = fields.get(key) if fields else None
    return (cursor.duration() or 0.0) if cursor else 0.0


def _check_window(window: Fields, by: GroupField | None, distinct: GroupField | None) -> None:
    """Report a window in which nothing could ever add up."""
    values, length = window.get("distinct"), window.get("within")
    if values and distinct and distinct == by:
        values.warn(
            f"each {by} has a window of its own, so {distinct} is never counted above 1",
            "count something else, such as `distinct: thread`",
        )
    if length and length.spelled() in {"0s", "0m", "0h", "0d"}:
        length.error("nothing happens within no time", "such as `within: 10m`")


def _steps(window: Fields | None, severity: Severity) -> tuple[Step, ...]:
    count = window.get("count") if window else None
    steps = [Step(count=(read_count(count) or 1) if count else 1, severity=severity)]
    ladder = window.get("ladder") if window else None
    for item in ladder.items("step") if ladder else ():
        step = _step(item)
        if step is not None:
            _check_rise(item, steps[-1], step)
            steps.append(step)
    return tuple(steps)


def read_count(cursor: Cursor) -> int | None:
    """Return how many matches are counted; what no window ever remembers is reported."""
    number = cursor.integer(least=1)
    if number is not None and number > MOST_ENTRIES:
        cursor.error(
            f"a window remembers {MOST_ENTRIES:,} matches, and never counts {number:,}", "count fewer"
        )
        return None
    return number


def _step(item: Cursor) -> Step | None:
    fields = item.fields(("count", "severity"), required=("count", "severity"))
    count, severity = (fields.get("count"), fields.get("severity")) if fields else (None, None)
    number = read_count(count) if count else None
    member = severity.member(Severity) if severity else None
    return Step(count=number, severity=member) if number and member else None


def _check_rise(item: Cursor, lower: Step, higher: Step) -> None:
    if higher.count <= lower.count:
        item.error(
            f"the ladder must rise, but {higher.count} comes after {lower.count}",
            "each step needs a higher count than the one before, and than `escalate.count`",
        )
    elif higher.severity.rank <= lower.severity.rank:
        item.error(
            f"the ladder must rise, but {higher.severity} comes after {lower.severity}",
            "each step needs a higher severity than the one before, and than the rule's own",
        )


def _say(notice: Fields | None) -> str:
    cursor = notice.get("say") if notice else None
    template = cursor.text() if cursor else None
    if cursor is None or template is None:
        return ""
    for found in _BRACES.finditer(template):
        name = found[1]
        if name is None:
            cursor.error(
                "a brace without its partner in `say`", "placeholders look like {author}", at=found.start()
            )
        elif name not in PLACEHOLDERS:
            cursor.error(f"`say` does not know {{{name}}}", suggestion(name, PLACEHOLDERS), at=found.start())
    return template.strip()
