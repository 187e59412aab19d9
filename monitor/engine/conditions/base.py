"""What every condition can do, and the logic of what is not known.

A condition is true, false or unknown. What a source or a scorer does not give is unknown, and
stays so through `not`; only what is known to be true lets a rule fire. (Kleene's strong logic of
three values: `all` is false as soon as one part is, `any` true as soon as one part is.)
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.engine.conditions.explaining import Found
    from monitor.engine.scanning import Channel, Probe
    from monitor.engine.subject import Subject
    from monitor.engine.text import Span

Truth: TypeAlias = bool | None
"""True, False, or None for unknown."""

Look: TypeAlias = "tuple[Channel, frozenset[Probe]]"
Evidence: TypeAlias = "tuple[Channel, list[Span]]"


class Condition(ABC):
    """One clause of a rule's `when`. Frozen; judges any number of comments."""

    __slots__ = ()

    @abstractmethod
    def holds(self, subject: Subject) -> Truth:
        """Return whether it is true of this comment."""

    def looks(self) -> Iterator[Look]:
        """Yield what must be scanned for, and where."""
        for part in self.inside():
            yield from part.looks()

    def triggers(self) -> frozenset[Probe] | None:
        """Return probes of which one must be a candidate for this to be true.

        None where it can be true without any.
        """
        return None

    def compares(self) -> Iterator[tuple[str, float]]:
        """Yield which scores it compares with which numbers; `any` and `max` stand for every label."""
        for part in self.inside():
            yield from part.compares()

    def evidence(self, subject: Subject) -> Iterator[Evidence]:  # noqa: ARG002 - for those who override it
        """Yield the places in the original text that made it true."""
        yield from ()

    def says(self) -> str:
        """Return what it asks, in the few words that an explanation shows."""
        return type(self).__name__.lower()

    def seen(self, subject: Subject) -> str:  # noqa: ARG002 - for those who override it
        """Return the value that it looked at, as a person reads it; empty where there is none."""
        return ""

    def found(self, subject: Subject) -> Iterator[Found]:  # noqa: ARG002 - for those who override it
        """Yield the entries that it found."""
        yield from ()

    def inside(self) -> tuple[Condition, ...]:
        """Return the conditions that it is made of."""
        return ()
