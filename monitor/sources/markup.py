"""The words of a comment that a site gives as HTML, as a reader sees them."""

from __future__ import annotations

import re
from collections.abc import Collection
from html import unescape
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from monitor.sources.nesting import too_deep

_BLOCK_LIST: Final = """
    address article aside blockquote dd details div dl dt fieldset figcaption figure footer form
    h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody tfoot thead tr ul
"""
_PARAGRAPH_LIST: Final = "blockquote dl figure h1 h2 h3 h4 h5 h6 ol p pre table ul"
_BLOCKS: Final = frozenset(_BLOCK_LIST.split())
_PARAGRAPHS: Final = frozenset(_PARAGRAPH_LIST.split())
_UNSEEN: Final = frozenset(
    ["button", "head", "noscript", "script", "select", "style", "svg", "template", "textarea", "title"]
)
_BLANKS: Final = re.compile(r"[ \t\r\n\f]+")
_SPACES: Final = re.compile(r" {2,}")
_BORDER: Final = re.compile(" *[\n\x01\x02][ \n\x01\x02]*")
_BLOCK_EDGE: Final = "\x01"
_PARAGRAPH_EDGE: Final = "\x02"
_MARKS: Final = re.compile(r"[<&\n]")
_TAG: Final = re.compile(r"<[^>]*>")
_MOST_LEVELS: Final = 200
"""Elements nested deeper than this give their words without their form; nobody writes so by hand."""

_LEVELS_OF_A_QUOTE: Final = 20


def html_to_text(html: str) -> str:
    """Return the text of a piece of HTML: entities decoded, blanks as a browser shows them.

    Paragraphs are parted by a blank line, other blocks and `<br>` by a line break. Quoted lines
    (`<blockquote>`) begin with `> `, as the rules know quotations. An image gives its `alt` text,
    which is how custom emoji are written. Scripts, styles and what is no text of a comment (buttons,
    forms' fields) give nothing. Broken HTML is read as a browser reads it.
    """
    if not _MARKS.search(html):
        return _SPACES.sub(" ", html).strip()
    if too_deep(html):
        return _BLANKS.sub(" ", unescape(_TAG.sub(" ", html))).strip()
    root = LexborHTMLParser(f"<body>{html}").body
    return node_to_text(root) if root is not None else ""


def node_to_text(node: LexborNode, without: Collection[int] = ()) -> str:
    """Return the text inside an element, as `html_to_text` does.

    `without` are elements (by `mem_id`) that are left out with all they hold.
    """
    return _read(node, without, 0)


def _read(node: LexborNode, without: Collection[int], level: int) -> str:
    parts: list[str] = []
    _write(node, parts, without, level)
    return _tidy("".join(parts))


def _tidy(text: str) -> str:
    return _BORDER.sub(_breaks, _SPACES.sub(" ", text)).strip()


def _breaks(border: re.Match[str]) -> str:
    """Return what parts two lines: edges that meet are one, as are a block's edge and a `<br>` at it."""
    edges = border[0]
    if _PARAGRAPH_EDGE in edges:
        return "\n\n"
    return "\n" * min(max(edges.count("\n"), 1), 2)


def _write(node: LexborNode, parts: list[str], without: Collection[int], level: int) -> None:
    """Append what stands inside a node."""
    child = node.first_child
    while child is not None:
        if child.is_text_node:
            parts.append(_BLANKS.sub(" ", child.text_content or ""))
        elif child.is_element_node and not (without and child.mem_id in without):
            _write_element(child, parts, without, level)
        child = child.next


def _write_element(node: LexborNode, parts: list[str], without: Collection[int], level: int) -> None:
    tag = node.tag or ""
    if tag in _UNSEEN:
        return
    if tag == "br":
        parts.append("\n")
    elif tag == "img":
        parts.append(node.attributes.get("alt") or "")
    elif tag == "blockquote" and level <= _MOST_LEVELS:
        quoted = _read(node, without, level + _LEVELS_OF_A_QUOTE).split("\n")
        lines = _BLOCK_EDGE.join(f"> {line}".rstrip() for line in quoted)
        parts.append(f"{_PARAGRAPH_EDGE}{lines}{_PARAGRAPH_EDGE}")
    elif tag == "pre" or level > _MOST_LEVELS:
        parts.append(f"{_PARAGRAPH_EDGE}{node.text(deep=True)}{_PARAGRAPH_EDGE}")
    else:
        edge = _PARAGRAPH_EDGE if tag in _PARAGRAPHS else _BLOCK_EDGE if tag in _BLOCKS else ""
        parts.append(edge)
        _write(node, parts, without, level + 1)
        parts.append(edge)
