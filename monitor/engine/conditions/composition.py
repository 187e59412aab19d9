"""`all`, `any`, `not` and `at_least`: conditions made of conditions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from monitor.engine.conditions.base import Condition, Evidence, Truth
from monitor.engine.conditions.forms import Form

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.engine.conditions.grammar import Grammar
    from monitor.engine.cursor import Cursor
    from monitor.engine.scanning import Probe
    from monitor.engine.subject import Subject


ALL: Final = Form(says="every condition in the list is true", kind="clauses")
ANY: Final = Form(says="one condition in the list is true, at least", kind="clauses")
NOT: Final = Form(says="the condition is false; unknown stays unknown", kind="clause")
AT_LEAST: Final = Form(
    says="so many conditions in the list are true",
    kind="group",
    keys={
        "n": Form(says="how many", kind="number"),
        "of": Form(says="the conditions", kind="clauses"),
    },
    needs=("n", "of"),
    example="at_least: {n: 2, of: [{text: {words: [a]}}, {text: {words: [b]}}, {text: {words: [c]}}]}",
)


@dataclass(frozen=True, slots=True)
class All(Condition):
    """True when every part is, false as soon as one part is."""

    parts: tuple[Condition, ...]

    def holds(self, subject: Subject) -> Truth:
        """Return the least of the parts' truths."""
        truth: Truth = True
        for part in self.parts:
            held = part.holds(subject)
            if held is False:
                return False
            if held is None:
                truth = None
        return truth

    def triggers(self) -> frozenset[Probe] | None:
        """Return the smallest set that a part needs: each part must be true."""
        needed = [triggers for part in self.parts if (triggers := part.triggers()) is not None]
        return min(needed, key=len, default=None)

    def evidence(self, subject: Subject) -> Iterator[Evidence]:
        """Yield the evidence of the parts."""
        for part in self.parts:
            yield from part.evidence(subject)

    def says(self) -> str:
        """Return that every part is needed."""
        return "all of these"

    def inside(self) -> tuple[Condition, ...]:
        """Return the parts."""
        return self.parts


@dataclass(frozen=True, slots=True)
class AtLeast(Condition):
    """True when `least` parts are, false when so many cannot be. `any` is one of them."""

    least: int
    parts: tuple[Condition, ...]

    def holds(self, subject: Subject) -> Truth:
        """Return whether enough parts are true."""
        true = unknown = 0
        for part in self.parts:
            held = part.holds(subject)
            if held:
                true += 1
                if true >= self.least:
                    return True
            elif held is None:
                unknown += 1
        return None if true + unknown >= self.least else False

    def triggers(self) -> frozenset[Probe] | None:
        """Return what the parts need, where those that need nothing are too few to make it true."""
        sets = [part.triggers() for part in self.parts]
        needed = [triggers for triggers in sets if triggers is not None]
        if len(sets) - len(needed) >= self.least:
            return None
        return frozenset().union(*needed)

    def evidence(self, subject: Subject) -> Iterator[Evidence]:
        """Yield the evidence of the parts that are true."""
        for part in self.parts:
            if part.holds(subject):
                yield from part.evidence(subject)

    def says(self) -> str:
        """Return how many parts are needed."""
        return "any of these" if self.least == 1 else f"at least {self.least} of these"

    def inside(self) -> tuple[Condition, ...]:
        """Return the parts."""
        return self.parts


@dataclass(frozen=True, slots=True)
class Not(Condition):
    """True when the part is false; unknown stays unknown."""

    part: Condition

    def holds(self, subject: Subject) -> Truth:
        """Return the opposite."""
        held = self.part.holds(subject)
        return None if held is None else not held

    def says(self) -> str:
        """Return that the part must be false."""
        return "not"

    def inside(self) -> tuple[Condition, ...]:
        """Return the part."""
        return (self.part,)


def read_all(cursor: Cursor, grammar: Grammar) -> Condition | None:
    """Read `all: [clauses]`."""
    parts = grammar.clauses(cursor)
    return All(parts) if parts else None


def read_any(cursor: Cursor, grammar: Grammar) -> Condition | None:
    """Read `any: [clauses]`."""
    parts = grammar.clauses(cursor)
    return AtLeast(1, parts) if parts else None


def read_not(cursor: Cursor, grammar: Grammar) -> Condition | None:
    """Read `not: clause`."""
    part = grammar.excluded(cursor)
    return Not(part) if part else None


def read_at_least(cursor: Cursor, grammar: Grammar) -> Condition | None:
    """Read `at_least: {n, of: [clauses]}`."""
    fields = cursor.fields(
        AT_LEAST.keys, required=AT_LEAST.needs, hint="such as `at_least: {n: 2, of: [{text: …}, {text: …}]}`"
    )
    if fields is None:
        return None
    number, clauses = fields.get("n"), fields.get("of")
    least = number.integer(least=1) if number else None
    parts = grammar.clauses(clauses) if clauses else ()
    if number is None or least is None or not parts:
        return None
    if least > len(parts):
        number.error(f"{least} of {len(parts)} clauses can never be true", "lower `n` or add clauses")
        return None
    return AtLeast(least, parts)
