"""Answers that are HTML: items are elements, and what is inside a nested reply is the reply's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from monitor.domain.errors import Retryable
from monitor.sources.declared.documents import Spot, Whose
from monitor.sources.declared.expressions import Pattern, Query
from monitor.sources.markup import node_to_text
from monitor.sources.nesting import too_deep
from monitor.sources.web.charset import decoded
from monitor.sources.web.message import Answer

_MOST_LEVELS: Final = 500
"""Elements around an element that are looked through; browsers nest no deeper."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Elements:
    """Which elements are items: those that the first selector finds which finds any.

    Where there is a pattern, their `attr` must match it.
    """

    selectors: Sequence[str]
    attr: str = ""
    matching: Pattern | None = None

    def of(self, tree: LexborHTMLParser) -> Sequence[LexborNode]:
        """Return the items of a page."""
        for css in self.selectors:
            if found := [node for node in tree.css(css) if self._accept(node)]:
                return found
        return ()

    def _accept(self, node: LexborNode) -> bool:
        if self.matching is None:
            return True
        return self.matching.find(node.attributes.get(self.attr) or "") is not None


@dataclass(frozen=True, slots=True)
class PageOpener:
    """Opens pages."""

    elements: Elements

    def __call__(self, answer: Answer) -> PageDocument:
        """Return the page with what is an item in it."""
        text = decoded(answer)
        if not text.strip():
            raise Retryable("the answer is empty")
        if too_deep(text):
            raise Retryable("the answer's elements are nested deeper than any page's")
        return PageDocument(LexborHTMLParser(text), self.elements)


@dataclass(slots=True)
class PageDocument:
    """A page of HTML.

    A selector is asked of the whole page once, and each element that it finds given to the innermost
    item around it: that is both what "its own" means and many times faster than asking item by item.
    """

    tree: LexborHTMLParser
    elements: Elements
    _items: dict[int, LexborNode] = field(init=False)
    _own: dict[str, dict[int, LexborNode]] = field(default_factory=dict)
    _found: dict[str, frozenset[int]] = field(default_factory=dict)
    _of_page: dict[Spot, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._items = {node.mem_id: node for node in self.elements.of(self.tree)}

    @property
    def content(self) -> object:
        """Return None: a page is no data."""
        return None

    def records(self) -> Sequence[PageRecord]:
        """Return the items."""
        return [PageRecord(node, self) for node in self._items.values()]

    def find(self, spot: Spot) -> object:
        """Return what stands at the spot in the whole page; it is looked for once."""
        if spot.const is not None:
            return spot.const
        if spot not in self._of_page:
            node = self.tree.css_first(spot.css) if spot.css else None
            self._of_page[spot] = self.value(node, spot)
        return self._of_page[spot]

    def value(self, node: LexborNode | None, spot: Spot) -> str | None:
        """Return the element's attribute, or its text without the items inside it."""
        if node is None:
            return None
        if spot.attr:
            return node.attributes.get(spot.attr)
        left_out = self._items if not spot.without else self._matching(spot.without).union(self._items)
        return node_to_text(node, left_out)

    def own(self, css: str, item: LexborNode) -> LexborNode | None:
        """Return the first element of this selector that is in the item and in no item inside it."""
        if css not in self._own:
            self._own[css] = self._assigned(css)
        return self._own[css].get(item.mem_id)

    def enclosing(self, item: LexborNode, spot: Spot) -> LexborNode | None:
        """Return the nearest ancestor of the kind.

        With `css`, return what that finds first in the nearest one in which this is not the item itself.
        """
        kind = self._matching(spot.ancestor)
        node = item.parent
        for _ in range(_MOST_LEVELS):
            if node is None:
                return None
            found = self._beside(node, item, spot.css) if node.mem_id in kind else None
            if found is not None:
                return found
            node = node.parent
        return None

    def _beside(self, node: LexborNode, item: LexborNode, css: str) -> LexborNode | None:
        found = node.css_first(css) if css else node
        return found if found is not None and found.mem_id != item.mem_id else None

    def _assigned(self, css: str) -> dict[int, LexborNode]:
        first: dict[int, LexborNode] = {}
        for node in self.tree.css(css):
            owner = self._owner(node)
            if owner is not None:
                first.setdefault(owner.mem_id, node)
        return first

    def _owner(self, node: LexborNode) -> LexborNode | None:
        """Return the innermost item around an element, or the element itself."""
        around: LexborNode | None = node
        for _ in range(_MOST_LEVELS):
            if around is None or around.mem_id in self._items:
                return around
            around = around.parent
        return None

    def _matching(self, css: str) -> frozenset[int]:
        if css not in self._found:
            self._found[css] = frozenset(node.mem_id for node in self.tree.css(css))
        return self._found[css]


@dataclass(frozen=True, slots=True)
class PageRecord:
    """One item: an element of the page."""

    node: LexborNode
    page: PageDocument

    def find(self, spot: Spot) -> object:
        """Return what stands at the spot."""
        if spot.whose is Whose.PAGE:
            return self.page.find(spot)
        if spot.const is not None:
            return spot.const
        if spot.ancestor:
            return self.page.value(self.page.enclosing(self.node, spot), spot)
        node = self.page.own(spot.css, self.node) if spot.css else self.node
        return self.page.value(node, spot)

    def holds(self, condition: Query | str) -> bool:
        """Return whether the item has an element of its own that the selector finds."""
        return isinstance(condition, str) and self.page.own(condition, self.node) is not None

    def raw(self) -> bytes:
        """Return the element as HTML."""
        return (self.node.html or "").encode()
