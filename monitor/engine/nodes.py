"""YAML text to a tree of nodes with places, and nothing that YAML can do beyond that.

Built from the parser's events, so that no value is ever resolved (`no`, `010` and `null` stay
as they are spelled) and anchors, aliases and tags are refused where they stand: no file can
blow itself up in memory.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, TypeAlias

import yaml

from monitor.domain.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_BYTES: Final = 1_000_000
MAX_DEPTH: Final = 40
_TOO_DEEP: Final = f"this is nested deeper than {MAX_DEPTH} levels"

_LINE_ENDS: Final = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
_FORBIDDEN: Final = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Place:
    """A line and a column, both from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value as it is spelled. `plain` means that no quotes stand around it."""

    place: Place
    value: str
    plain: bool


@dataclass(frozen=True, slots=True)
class ListNode:
    """A list."""

    place: Place
    items: list[Node] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class MapNode:
    """Keys and values in the order in which they stand, doubled ones included."""

    place: Place
    pairs: list[tuple[Node, Node]] = field(default_factory=list)


Node: TypeAlias = Scalar | ListNode | MapNode


def scalars(node: Node) -> Iterator[Scalar]:
    """Yield every single value in this tree, keys too, in the order in which they stand."""
    if isinstance(node, Scalar):
        yield node
        return
    inner = node.items if isinstance(node, ListNode) else [part for pair in node.pairs for part in pair]
    for part in inner:
        yield from scalars(part)


class Unreadable(Exception):
    """The text is no YAML that this product reads. `place` is None where the whole file is meant."""

    def __init__(self, message: str, place: Place | None, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.place = place
        self.hint = hint


class Sheet:
    """One file under reading: its lines, and every problem found in it so far."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text.removeprefix("\ufeff")
        self.problems: list[Problem] = []
        self._lines: list[str] | None = None
        self._concealed: dict[int, list[str]] = {}

    def conceal(self, value: str, place: Place) -> None:
        """Let no problem, so far or later, show this text of a line, which must not be read.

        Its length stays, so that carets point where they did.
        """
        if value:
            self._concealed.setdefault(place.line, []).append(value)
            self.problems[:] = [
                replace(each, source_line=self._shown(each.line)) if each.line == place.line else each
                for each in self.problems
            ]

    def report(self, message: str, place: Place | None, *, hint: str = "", warning: bool = False) -> None:
        """Record a problem at a place of this file."""
        self.problems.append(
            Problem(
                message=message,
                hint=hint,
                file=self.path,
                line=place.line if place else 0,
                column=place.column if place else 0,
                source_line=self._shown(place.line) if place else "",
                level="warning" if warning else "error",
            )
        )

    def documents(self) -> list[Node]:
        """Return the file's documents; empty ones are left out. What cannot be read is reported."""
        try:
            return list(_documents(self.text))
        except Unreadable as error:
            self.report(error.message, error.place, hint=error.hint)
            return []

    def line(self, number: int) -> str:
        """Return this line of the file, counted from 1."""
        if self._lines is None:
            self._lines = _LINE_ENDS.split(self.text)
        return self._lines[number - 1] if number <= len(self._lines) else ""

    def _shown(self, number: int) -> str:
        line = self.line(number)
        for value in sorted(self._concealed.get(number, ()), key=len, reverse=True):
            line = line.replace(value, "*" * len(value))
        return line


def _documents(text: str) -> Iterator[Node]:
    if len(text.encode(errors="replace")) > MAX_BYTES:
        raise Unreadable(
            "this file is larger than 1 MB",
            None,
            "divide it into several files; word lists belong in rules/lists/",
        )
    if forbidden := _FORBIDDEN.search(text):
        raise Unreadable(
            f"the character U+{ord(forbidden[0]):04X} cannot stand in a YAML file",
            _place_of(text, forbidden.start()),
            'write it as "\\u…" in double quotes, or remove it',
        )
    tree = _Tree()
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            tree.take(event)
    except yaml.MarkedYAMLError as error:
        raise _explained(error, text) from None
    yield from tree.documents


class _Tree:
    """Builds nodes from events with a stack of its own, so that depth is a number we choose."""

    def __init__(self) -> None:
        self.documents: list[Node] = []
        self._open: list[ListNode | MapNode] = []
        self._keys: list[Node | None] = []

    def take(self, event: yaml.Event) -> None:
        """Add what the event brings."""
        if isinstance(event, yaml.NodeEvent):
            _refuse_references(event)
        if isinstance(event, yaml.ScalarEvent):
            self._add(Scalar(_place(event), event.value, not event.style))
        elif isinstance(event, yaml.SequenceStartEvent):
            self._begin(ListNode(_place(event)))
        elif isinstance(event, yaml.MappingStartEvent):
            self._begin(MapNode(_place(event)))
        elif isinstance(event, yaml.CollectionEndEvent):
            self._open.pop()
            self._keys.pop()

    def _begin(self, node: ListNode | MapNode) -> None:
        if len(self._open) >= MAX_DEPTH:
            raise Unreadable(_TOO_DEEP, node.place)
        self._add(node)
        self._open.append(node)
        self._keys.append(None)

    def _add(self, node: Node) -> None:
        if not self._open:
            if not _is_empty(node):
                self.documents.append(node)
            return
        parent = self._open[-1]
        if isinstance(parent, ListNode):
            parent.items.append(node)
            return
        key, self._keys[-1] = self._keys[-1], None
        if key is None:
            self._keys[-1] = node
        else:
            parent.pairs.append((key, node))


def _is_empty(node: Node) -> bool:
    return isinstance(node, Scalar) and node.plain and not node.value


def _refuse_references(event: yaml.NodeEvent) -> None:
    place = _place(event)
    if isinstance(event, yaml.AliasEvent):
        raise Unreadable(
            f"a text that starts with * needs quotes (*{event.anchor})",
            place,
            "without them YAML takes it for an alias, and aliases are not taken here",
        )
    if event.anchor is not None:
        raise Unreadable(
            f"a text that starts with & needs quotes (&{event.anchor})",
            place,
            "without them YAML takes it for an anchor, and anchors are not taken here",
        )
    tag = getattr(event, "tag", None)
    if tag is not None:
        raise Unreadable(
            f"a text that starts with ! needs quotes ({tag.replace('tag:yaml.org,2002:', '!!')})",
            place,
            "without them YAML takes it for a tag, and tags are not taken here",
        )


def _place(event: yaml.Event) -> Place:
    mark = event.start_mark
    return Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)


def _place_of(text: str, index: int) -> Place:
    lines = _LINE_ENDS.split(text[:index])
    return Place(len(lines), len(lines[-1]) + 1)


_EXPLANATIONS: Final = (
    (
        "chomping or indentation indicators",
        "a text that starts with > or | needs quotes",
        'write the comparison in quotes: ">= 0.8"',
    ),
    (
        "did not find expected comment or line break",
        "a text that starts with > or | needs quotes",
        'write the comparison in quotes: ">= 0.8"',
    ),
    (
        "mapping values are not allowed",
        "a colon followed by a space stands inside a value",
        "put the whole value in quotes, or check the indentation of this line",
    ),
    (
        "cannot start any token",
        "this character cannot start a value",
        "put the value in quotes",
    ),
    (
        "expected ',' or ']'",
        "this list is not closed with ]",
        "divide entries with commas and close the list with ]; a text with # or a bracket needs quotes",
    ),
    (
        "expected ',' or '}'",
        "this group is not closed with }",
        "divide entries with commas and close the group with }; a text with # or a bracket needs quotes",
    ),
    (
        "unexpected end of stream",
        "a quotation mark is not closed",
        "close the text with the mark that opened it",
    ),
    ("maximum nesting depth", _TOO_DEEP, "no rule needs so many levels"),
    ("could not find expected ':'", "a key without a colon", "write `key: value`"),
    (
        "did not find expected key",
        "this line does not fit the lines above it",
        "lines of one group start in the same column; a text that starts with a quotation mark ends with it",
    ),
    (
        "did not find expected '-' indicator",
        "this line does not fit the list above it",
        "entries start with `- ` in one column; a text that is partly in quotes needs them around all of it",
    ),
    (
        "unknown escape character",
        "an unknown escape in a text in double quotes",
        r"use single quotes where a text holds \ ",
    ),
)


def _explained(error: yaml.MarkedYAMLError, text: str) -> Unreadable:
    """Return the parser's complaint in words that help, at the place where it arose."""
    mark = error.problem_mark or error.context_mark
    complaint = error.problem or "this is no YAML"
    unclosed = "end of stream" in complaint or "or ']'" in complaint or "or '}'" in complaint
    if unclosed and error.context_mark is not None:
        mark = error.context_mark
    place = Place(mark.line + 1, mark.column + 1) if mark else None
    if mark and text[mark.index : mark.index + 1] == "\t":
        return Unreadable("a tab cannot indent", place, "indent with spaces")
    for part, message, hint in _EXPLANATIONS:
        if part in complaint:
            return Unreadable(message, place, hint.strip())
    return Unreadable(f"this is no YAML: {complaint}", place)
