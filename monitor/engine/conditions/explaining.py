"""How a condition came out on one comment, clause by clause, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from monitor.engine.conditions.base import Condition, Truth
    from monitor.engine.subject import Subject
    from monitor.engine.text import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An entry that a clause looked for and found: in which field, by which view, where.

    `spans` are code point offsets into the field's ORIGINAL text, `words` what stands there.
    """

    entry: str
    field: str
    view: str
    spans: tuple[Span, ...]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """One clause: what it asks, whether that is true, the value that was seen, and its parts.

    `truth` is None where it is unknown. All parts are evaluated, also those that could no longer
    change the whole: who asks why wants to see them all.
    """

    says: str
    truth: Truth
    seen: str = ""
    found: tuple[Found, ...] = ()
    parts: tuple[Explanation, ...] = ()


def explain(condition: Condition, subject: Subject) -> Explanation:
    """Return how this condition and everything inside it came out."""
    return Explanation(
        says=condition.says(),
        truth=condition.holds(subject),
        seen=condition.seen(subject),
        found=tuple(condition.found(subject)),
        parts=tuple(explain(part, subject) for part in condition.inside()),
    )
