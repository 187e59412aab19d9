"""`evasion`: what the rule looks for was disguised."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from monitor.engine.conditions.base import Condition, Truth
from monitor.engine.conditions.forms import Form
from monitor.engine.conditions.text import PLAIN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.engine.conditions.base import Look
    from monitor.engine.conditions.grammar import Grammar
    from monitor.engine.conditions.text import TextMatches
    from monitor.engine.cursor import Cursor
    from monitor.engine.subject import Subject


FORM: Final = Form(
    says="what the rule's text clauses look for was found only after a disguise was undone",
    kind="flag",
    example="evasion: true",
)


@dataclass(frozen=True, slots=True)
class Evasion(Condition):
    """True when a text clause of the same rule is true only after a disguise was undone (or none, as asked).

    `texts` are the rule's clauses; those under a `not` are none of them.
    """

    texts: list[TextMatches]
    wanted: bool

    def looks(self) -> Iterator[Look]:
        """Yield what the rule's text clauses look for."""
        for text in self.texts:
            yield from text.looks()

    @property
    def undoes(self) -> bool:
        """Return whether a text clause is read in a view that undoes disguises."""
        return any(channel.view not in PLAIN for channel, _ in self.looks())

    def holds(self, subject: Subject) -> Truth:
        """Return whether something was disguised."""
        truths = [text.is_disguised(subject) for text in self.texts]
        if any(truths):
            return self.wanted
        return None if None in truths else not self.wanted

    def says(self) -> str:
        """Return what it asks."""
        return f"evasion: {str(self.wanted).lower()}"


def read(cursor: Cursor, grammar: Grammar) -> Condition | None:
    """Read `evasion: true|false`."""
    wanted = cursor.flag()
    return None if wanted is None else Evasion(grammar.texts, wanted)
