"""`points`: conditions that are worth more or less, and count together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from monitor.engine.conditions.base import Condition, Evidence, Truth
from monitor.engine.conditions.forms import Form
from monitor.engine.scanning import Probe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.engine.conditions.grammar import Grammar
    from monitor.engine.cursor import Cursor
    from monitor.engine.subject import Subject

_PART: Final = Form(
    says="conditions with their worth: `{worth: 2, when: …}`",
    kind="groups",
    keys={
        "worth": Form(says="the points that it brings", kind="number"),
        "when": Form(says="the condition", kind="clause"),
    },
    needs=("worth", "when"),
)
FORM: Final = Form(
    says="the conditions that are true are together worth at least that much",
    kind="group",
    keys={
        "at_least": Form(says="the points that are needed", kind="number"),
        "of": _PART,
    },
    needs=("at_least", "of"),
    example="points: {at_least: 3, of: [{worth: 2, when: {text: {words: [idiot]}}}, {worth: 1, when: …}]}",
)


@dataclass(frozen=True, slots=True)
class Points(Condition):
    """True when the true parts are worth enough, false when even the unknown ones could not make it."""

    least: int
    worths: tuple[int, ...]
    parts: tuple[Condition, ...]

    def holds(self, subject: Subject) -> Truth:
        """Return whether the points are reached."""
        sure, possible = self._points(subject)
        return True if sure >= self.least else None if possible >= self.least else False

    def triggers(self) -> frozenset[Probe] | None:
        """Return what the parts need, where those that need nothing are worth too little."""
        sets = [part.triggers() for part in self.parts]
        free = sum(worth for worth, triggers in zip(self.worths, sets, strict=True) if triggers is None)
        if free >= self.least:
            return None
        return frozenset[Probe]().union(*(triggers for triggers in sets if triggers is not None))

    def evidence(self, subject: Subject) -> Iterator[Evidence]:
        """Yield the evidence of the parts that are true."""
        for part in self.parts:
            if part.holds(subject):
                yield from part.evidence(subject)

    def says(self) -> str:
        """Return what is needed and what each part is worth."""
        return f"at least {self.least} points; the parts are worth {', '.join(map(str, self.worths))}"

    def seen(self, subject: Subject) -> str:
        """Return the points."""
        return f"{self._points(subject)[0]} points"

    def inside(self) -> tuple[Condition, ...]:
        """Return the parts."""
        return self.parts

    def _points(self, subject: Subject) -> tuple[int, int]:
        """Return the points there are, and those there could be."""
        held = [(worth, part.holds(subject)) for worth, part in zip(self.worths, self.parts, strict=True)]
        return (
            sum(worth for worth, truth in held if truth),
            sum(worth for worth, truth in held if truth is not False),
        )


def read(cursor: Cursor, grammar: Grammar) -> Condition | None:
    """Read `points: {at_least: n, of: [{worth: n, when: clause}]}`."""
    fields = cursor.fields(FORM.keys, required=FORM.needs)
    number, items = (fields.get("at_least"), fields.get("of")) if fields else (None, None)
    if number is None or items is None:
        return None
    least = number.integer(least=1)
    read_parts = [_part(item, grammar) for item in items.items("part")]
    parts = [part for part in read_parts if part is not None]
    if least is None or not parts or len(parts) < len(read_parts):
        return None
    if least > (most := sum(worth for worth, _ in parts)):
        number.error(f"all parts together are worth {most}, never {least}", "lower `at_least`")
        return None
    return Points(least, tuple(worth for worth, _ in parts), tuple(part for _, part in parts))


def _part(item: Cursor, grammar: Grammar) -> tuple[int, Condition] | None:
    fields = item.fields(_PART.keys, required=_PART.needs)
    worth, when = (fields.get("worth"), fields.get("when")) if fields else (None, None)
    value = worth.integer(least=1) if worth else None
    condition = grammar.clause(when) if when else None
    return (value, condition) if value and condition else None
