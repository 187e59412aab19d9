"""`matched` and `unless_matched`: rules that build on other rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from monitor.engine.conditions.base import Condition, Evidence, Truth
from monitor.engine.conditions.forms import Form

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.engine.conditions.grammar import Grammar
    from monitor.engine.cursor import Cursor
    from monitor.engine.rules import Rule
    from monitor.engine.scanning import Probe
    from monitor.engine.subject import Subject

FORM: Final = Form(
    says="another rule is true of the same comment, whatever its status",
    kind="text",
    example="matched: spam.links",
)


class Link:
    """A rule that another one names; `rule` stands when all rules have been read."""

    __slots__ = ("cursor", "rule", "rule_id")

    def __init__(self, rule_id: str, cursor: Cursor) -> None:
        self.rule_id = rule_id
        self.cursor = cursor
        self.rule: Rule | None = None


@dataclass(frozen=True, slots=True)
class Matched(Condition):
    """True when the other rule is, false where it does not apply to the comment."""

    link: Link

    def holds(self, subject: Subject) -> Truth:
        """Return what the other rule says."""
        rule = self.link.rule
        if rule is None or not rule.scope.covers(subject.event, subject.signals):
            return False
        return rule.when.holds(subject)

    def triggers(self) -> frozenset[Probe] | None:
        """Return what the other rule needs."""
        return self.link.rule.when.triggers() if self.link.rule else frozenset()

    def evidence(self, subject: Subject) -> Iterator[Evidence]:
        """Yield the evidence of the other rule."""
        if self.link.rule:
            yield from self.link.rule.when.evidence(subject)

    def says(self) -> str:
        """Return which rule."""
        return f"the rule {self.link.rule_id} matched"

    def inside(self) -> tuple[Condition, ...]:
        """Return the other rule's condition."""
        return (self.link.rule.when,) if self.link.rule else ()


@dataclass(frozen=True, slots=True)
class Unless(Condition):
    """True unless the other rule is known to be true: precedence never makes a comment unknown."""

    other: Matched

    def holds(self, subject: Subject) -> Truth:
        """Return whether the other rule leaves the comment to this one."""
        return self.other.holds(subject) is not True

    def says(self) -> str:
        """Return which rule goes first."""
        return f"the rule {self.other.link.rule_id} did not match"

    def inside(self) -> tuple[Condition, ...]:
        """Return whether the other rule matched."""
        return (self.other,)


def read(cursor: Cursor, grammar: Grammar) -> Condition | None:
    """Read `matched: rule.id`."""
    rule_id = cursor.text("one rule each: any: [{matched: one.rule}, {matched: another}]")
    return Matched(grammar.link(rule_id, cursor)) if rule_id else None


def read_unless(cursor: Cursor, grammar: Grammar) -> tuple[Condition, ...]:
    """Read `unless_matched: rule.id`, or a list of ids."""
    return tuple(Unless(Matched(grammar.link(rule_id, place))) for rule_id, place in cursor.words())
