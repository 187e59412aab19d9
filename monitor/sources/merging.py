"""One YAML tree laid over another, and `${…}` put in; every node keeps a place in the person's file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from monitor.engine.nodes import ListNode, MapNode, Node, Place, Scalar

_PLACE: Final = re.compile(r"\$\{([^}]*)\}(/?)")


def laid_over(upper: Node, lower: Node) -> Node:
    """Return the upper tree, with what it says nothing about taken from the lower one.

    Groups are merged key by key, at all depths; a list or a single value replaces what it lies over.
    """
    if not isinstance(upper, MapNode) or not isinstance(lower, MapNode):
        return upper
    below = {name_of(key): value for key, value in lower.pairs}
    seen: set[str] = set()
    pairs = []
    for key, value in upper.pairs:
        name = name_of(key)
        covers = name in below and name not in seen
        pairs.append((key, laid_over(value, below[name]) if covers else value))
        seen.add(name)
    pairs += [(key, value) for key, value in lower.pairs if name_of(key) not in seen]
    return MapNode(upper.place, pairs)


def filled(node: Node, given: Mapping[str, Scalar], place: Place) -> Node:
    """Return a preset's tree with `${name}` put in, standing where the person asked for the preset.

    A text in which something of the person's was put stands where they wrote that: a mistake in it is
    theirs to find. An address that ends with a slash is no different from one that does not.
    """
    if isinstance(node, MapNode):
        return MapNode(
            place, [(filled(key, {}, place), filled(value, given, place)) for key, value in node.pairs]
        )
    if isinstance(node, ListNode):
        return ListNode(place, [filled(item, given, place) for item in node.items])
    names = [found[1] for found in _PLACE.finditer(node.value) if found[1] in given]
    if not names:
        return replace(node, place=place)
    source = given[names[0]]
    if node.value == f"${{{names[0]}}}":
        return source

    def put(found: re.Match[str]) -> str:
        if found[1] not in given:
            return found[0]
        value = given[found[1]].value
        return value.rstrip("/") + "/" if found[2] else value

    return Scalar(source.place, _PLACE.sub(put, node.value), plain=False)


def without(node: MapNode, names: tuple[str, ...]) -> MapNode:
    """Return the group without these keys."""
    return MapNode(node.place, [pair for pair in node.pairs if name_of(pair[0]) not in names])


def only(node: MapNode, names: tuple[str, ...]) -> MapNode:
    """Return the group with these keys alone."""
    return MapNode(node.place, [pair for pair in node.pairs if name_of(pair[0]) in names])


def name_of(key: Node) -> str:
    """Return a key as it is spelled; empty for one that is no single value."""
    return key.value if isinstance(key, Scalar) else ""
