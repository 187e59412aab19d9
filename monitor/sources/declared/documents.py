"""What an answer holds, whatever its format: items, and values that stand at spots in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from monitor.sources.declared.expressions import Query
from monitor.sources.web.message import Answer


class Whose(StrEnum):
    """Where a spot is looked for: in the item, or in the page around all items."""

    ITEM = "item"
    PAGE = "page"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where a value stands: a path in data, or an element and its attribute in HTML, or a constant.

    With `ancestor` it stands in what encloses the item: in HTML the nearest such element, in data
    the item of which this one is a reply, where `ancestor` is a path of its own. `without` are
    elements whose words are left out.
    """

    path: Query | None = None
    css: str = ""
    attr: str = ""
    ancestor: str = ""
    inherited: Query | None = None
    const: str | None = None
    without: str = ""
    whose: Whose = Whose.ITEM

    def __str__(self) -> str:
        """Return the spot as the file writes it, for people who ask where a value came from."""
        parts = (
            ("path", self.path.text if self.path else ""),
            ("ancestor", self.ancestor or (self.inherited.text if self.inherited else "")),
            ("css", self.css),
            ("attr", self.attr),
            ("const", self.const or ""),
            ("without", self.without),
            ("of", self.whose if self.whose is Whose.PAGE else ""),
        )
        return " ".join(f"{name} {value}" for name, value in parts if value)


class Record(Protocol):
    """One item of an answer."""

    def find(self, spot: Spot) -> object:
        """Return what stands at the spot: a JSON value, or text; None where nothing does."""
        ...

    def holds(self, condition: Query | str) -> bool:
        """Return whether a predicate is true of the item; in HTML, whether a selector finds anything."""
        ...

    def raw(self) -> bytes:
        """Return the item as it came, as nearly as can be."""
        ...


class Document(Protocol):
    """A parsed answer."""

    @property
    def content(self) -> object:
        """Return the answer as data; None where it is none."""
        ...

    def records(self) -> Sequence[Record]:
        """Return the items, in the order in which they stand.

        Raises:
            Retryable: there is not even a place where items could stand.
        """
        ...

    def find(self, spot: Spot) -> object:
        """Return what stands at the spot in the whole answer."""
        ...


class Opener(Protocol):
    """Parses answers of one format."""

    def __call__(self, answer: Answer) -> Document:
        """Return the document.

        Raises:
            Retryable: the answer is none of this format.
        """
        ...
