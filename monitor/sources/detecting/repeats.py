"""Elements of a page that look like comments, and selectors that read them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

Selectors = Mapping[str, str]
"""A field as a source file writes it: `css`, `attr`, `regex`, `ancestor`."""

_WORDS: Final = (
    "comment", "kommentar", "commentaire", "comentario", "commento", "komentarz", "reactie",
    "reply", "antwort", "post", "message",
)  # fmt: skip
_ABOUT_COMMENTS: Final = re.compile(rf"(?i)(?:^|[-_])(?:{'|'.join(_WORDS)})(?:s|$|[-_])")
_NO_ITEM: Final = re.compile(
    r"(?i)form|respond|count|meta|author|content|text|body|link|nav|title|list|area|avatar|date|time|actions"
    r"|footer|header|button|user|signature|container|wrapper|(?:comments|posts|messages|replies)$"
)
_NUMBERED: Final = re.compile(r"^([a-zA-Z][\w-]*?[-_]?)(\d+)$")
_SCHEMA: Final = (
    "[itemprop~='comment']",
    "[itemtype*='schema.org/Comment']",
    "[itemtype*='schema.org/UserComments']",
)
_CLASS: Final = re.compile(r"^[A-Za-z_][\w-]*$")
_INNER_IDS: Final = (("a[id]", "id"), ("a[name]", "name"), ("a[href*='#']", "href"), ("[data-id]", "data-id"))
_LONGEST_ID: Final = 200
_MOST_GROUPS: Final = 25
_MOST_ITEMS: Final = 200
"""So many comments say how the others look."""

_DEEPEST: Final = 200
_LOOKED_AT: Final = 300
"""Elements around one, and pieces inside one, that are looked at: pages may be nested to do harm."""

_NEARLY_ALL: Final = 0.8
_FEWEST: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """Elements that look like comments: the selector of the items, and of the fields in them."""

    items: str
    count: int
    nested: bool
    fields: Mapping[str, Selectors]


def repeated(tree: LexborHTMLParser) -> Repeat | None:
    """Return how the comments of a page may be read; None where nothing repeats that looks like one.

    Of several ways that one wins which finds an id, the text, the author and the time in most
    elements; among equals what schema.org's words mark, then what has the more elements.
    """
    groups = [group for selector in _selectors(tree) if (group := _group(tree, selector)) is not None]
    best = max(groups, key=lambda group: group.rank, default=None)
    return best.repeat() if best else None


def _selectors(tree: LexborHTMLParser) -> Iterator[str]:
    """Yield selectors of what may be comments: schema.org, numbered ids, telling class names."""
    yield from _SCHEMA
    classes: Counter[str] = Counter()
    prefixes: Counter[str] = Counter()
    for node in tree.css("[class], [id]"):
        attributes = node.attributes
        if (numbered := _NUMBERED.match(attributes.get("id") or "")) and _ABOUT_COMMENTS.search(numbered[1]):
            prefixes[f"{node.tag}[id^='{numbered[1]}']"] += 1
        for name in (attributes.get("class") or "").split():
            if _CLASS.match(name) and _ABOUT_COMMENTS.search(name) and not _NO_ITEM.search(name):
                classes[f"{node.tag}.{name}"] += 1
    for selector, count in (prefixes + classes).most_common(_MOST_GROUPS):
        if count >= _FEWEST:
            yield selector


def _group(tree: LexborHTMLParser, selector: str) -> _Group | None:
    found = tree.css(selector)
    if "[id^=" in selector:
        found = [node for node in found if _NUMBERED.match(node.attributes.get("id") or "")]
    if len(found) < _FEWEST:
        return None
    group = _Group(tree, selector, found)
    return group if group.id and group.text else None


@dataclass(slots=True)
class _Own:
    """An item with the elements of its own: those in no item inside it."""

    item: LexborNode
    nodes: list[LexborNode] = field(default_factory=list)


class _Group:
    """Elements that one selector finds, taken for comments."""

    def __init__(self, tree: LexborHTMLParser, selector: str, items: Sequence[LexborNode]) -> None:
        self._tree = tree
        self._firsts: dict[str, dict[int, LexborNode]] = {}
        self.selector = selector
        self.count = len(items)
        self._items = {node.mem_id for node in items}
        self.owns = [_own(node, self._items) for node in items[:_MOST_ITEMS]]
        self.nested = any(_owner(own.item.parent, self._items) is not None for own in self.owns)

    @property
    def rank(self) -> tuple[int, int, int]:
        found = sum(each is not None for each in (self.author, self.time)) + (self.text != {})
        return found, self.selector in _SCHEMA, self.count

    def repeat(self) -> Repeat:
        fields = {
            "id": self.id or {},
            "text": self.text or {},
            "author": self.author,
            "created_at": self.time,
        }
        given = {name: selectors for name, selectors in fields.items() if selectors is not None}
        if self.nested and "css" not in given["id"]:
            given["parent_id"] = {"ancestor": self.selector, **given["id"]}
        return Repeat(items=self.selector, count=self.count, nested=self.nested, fields=given)

    @cached_property
    def id(self) -> Selectors | None:
        """Return an attribute that tells every item from the others, of itself or of one thing in it."""
        for name in _attributes(own.item for own in self.owns):
            if place := _telling([own.item.attributes.get(name) for own in self.owns], {"attr": name}):
                return place
        for css, name in (
            ("a[id]", "id"),
            ("a[name]", "name"),
            ("a[href*='#']", "href"),
            ("[data-id]", "data-id"),
        ):
            firsts = [self._first(own, css) for own in self.owns]
            values = [node.attributes.get(name) if node else None for node in firsts]
            if place := _telling(values, {"css": css, "attr": name}):
                return place
        return None

    @cached_property
    def author(self) -> Selectors | None:
        for name in ("data-author", "data-username"):
            if all(own.item.attributes.get(name) for own in self.owns):
                return {"attr": name}
        css = self._present(
            "[itemprop~='author'] [itemprop~='name']", "[itemprop~='author']", "[itemprop~='creator']",
            ".comment-author .fn", ".fn", *self._classes(r"(?i)author|user|nick"),
        )  # fmt: skip
        return {"css": css} if css else None

    @cached_property
    def time(self) -> Selectors | None:
        for css, attr in (
            ("time[datetime]", "datetime"), ("[itemprop~='datePublished'][content]", "content"),
            ("[itemprop~='commentTime'][datetime]", "datetime"), ("[data-time]", "data-time"),
        ):  # fmt: skip
            if self._present(css):
                return {"css": css, "attr": attr}
        return None

    @cached_property
    def text(self) -> Selectors | None:
        """Return where most of the words are, without the author's name and the time."""
        css = self._present("[itemprop~='text']", "[itemprop~='commentText']")
        if css:
            return {"css": css}
        besides = [each["css"] for each in (self.author, self.time) if each and "css" in each]
        named = self._classes(r"(?i)content|text|body|message|copy|inhalt")
        kept = [css for css in named if not self._holds_any(css, besides)]
        best = max(kept, key=self._words, default=None)
        if best is None and self._present("p"):
            best = "p"
        return {"css": best} if best else None

    def _first(self, own: _Own, css: str) -> LexborNode | None:
        """Return the first element of this selector that is the item's own."""
        if css not in self._firsts:
            found: dict[int, LexborNode] = {}
            for node in self._tree.css(css):
                owner = _owner(node, self._items)
                if owner is not None:
                    found.setdefault(owner, node)
            self._firsts[css] = found
        return self._firsts[css].get(own.item.mem_id)

    def _classes(self, pattern: str) -> list[str]:
        """Return the classes of such a name that nearly every item has an element of."""
        counted = Counter(
            name
            for own in self.owns
            for name in {name for node in own.nodes for name in (node.attributes.get("class") or "").split()}
            if _CLASS.match(name) and re.search(pattern, name)
        )
        return [f".{name}" for name, count in counted.most_common() if count >= len(self.owns) * _NEARLY_ALL]

    def _present(self, *selectors: str) -> str:
        """Return the first selector that finds words (or the attribute it asks for) in nearly every item."""
        for css in selectors:
            found = [node for own in self.owns if (node := self._first(own, css)) is not None]
            if len(found) >= len(self.owns) * _NEARLY_ALL and all(_fits(node, css) for node in found):
                return css
        return ""

    def _holds_any(self, css: str, besides: Sequence[str]) -> bool:
        for own in self.owns[:5]:
            node = self._first(own, css)
            if node is not None and any(node.css_first(other) for other in besides):
                return True
        return False

    def _words(self, css: str) -> int:
        return sum(_length(node) for own in self.owns if (node := self._first(own, css)) is not None)


def _own(item: LexborNode, items: set[int]) -> _Own:
    own = _Own(item)
    waiting = [item]
    while waiting:
        child = waiting.pop().first_child
        while child is not None:
            if child.is_element_node and child.mem_id not in items:
                own.nodes.append(child)
                waiting.append(child)
            child = child.next
    return own


def _owner(node: LexborNode | None, items: set[int]) -> int | None:
    """Return the nearest item around the node, or itself; None where there is none near."""
    for _ in range(_DEEPEST):
        if node is None or node.mem_id in items:
            break
        node = node.parent
    return node.mem_id if node is not None and node.mem_id in items else None


def _length(node: LexborNode) -> int:
    """Return how long the words inside are, as far as a look shows."""
    length, looked, waiting = 0, 0, [node]
    while waiting and looked < _LOOKED_AT:
        child = waiting.pop().first_child
        while child is not None and looked < _LOOKED_AT:
            looked += 1
            if child.is_text_node:
                length += len((child.text_content or "").strip())
            else:
                waiting.append(child)
            child = child.next
    return length


def _fits(node: LexborNode, css: str) -> bool:
    return "[datetime]" in css or "[content]" in css or "[data-" in css or _length(node) > 0


def _attributes(items: Iterator[LexborNode]) -> list[str]:
    """Return the names of attributes that may tell items apart, the likeliest first."""
    names = Counter(name for item in items for name in item.attributes)
    likely = [name for name in names if name == "id" or name.startswith("data-")]
    return sorted(likely, key=lambda name: (name != "id", not name.endswith("id"), -names[name]))


def _telling(values: Sequence[str | None], place: Selectors) -> Selectors | None:
    """Return the place if its values tell all items apart, with what in them is the number."""
    if any(not value or len(value) > _LONGEST_ID for value in values) or len(set(values)) < len(values):
        return None
    for regex in (r"^(\d+)$", r"(\d+)$", r"(\d+)"):
        numbers = [match[1] for value in values if (match := re.search(regex, value or ""))]
        if len(set(numbers)) == len(values):
            return place if regex == r"^(\d+)$" else {**place, "regex": regex}
    return place if place.get("attr") == "id" else None
