"""The words of a comment that a site gives as HTML, as a reader sees them."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Final

_BLOCK_LIST: Final = """
    address article aside blockquote dd details div dl dt fieldset figcaption figure footer form
    h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody tfoot thead tr ul
"""
_PARAGRAPH_LIST: Final = "blockquote dl figure h1 h2 h3 h4 h5 h6 ol p pre table ul"
_BLOCKS: Final = frozenset(_BLOCK_LIST.split())
_PARAGRAPHS: Final = frozenset(_PARAGRAPH_LIST.split())
_UNSEEN: Final = frozenset({"head", "noscript", "script", "style", "template", "title"})
_BLANKS: Final = re.compile(r"[ \t\r\n\f]+")
_AROUND_BREAKS: Final = re.compile(r" *\n *")
_MANY_BREAKS: Final = re.compile(r"\n{3,}")


def html_to_text(html: str) -> str:
    """Return the text of a piece of HTML: entities decoded, blanks as a browser shows them.

    Paragraphs are parted by a blank line, other blocks and `<br>` by a line break. An image gives its
    `alt` text, which is how custom emoji are written. Scripts and styles give nothing. Broken HTML
    is read as far as it goes.
    """
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.text()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._parts: list[str] = []
        self._unseen = 0
        self._preformatted = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note where a line or paragraph begins, and what is not shown."""
        if tag in _UNSEEN:
            self._unseen += 1
        elif tag == "br":
            self._parts.append("\n")
        elif tag == "img":
            self.handle_data(dict(attrs).get("alt") or "")
        self._border(tag)
        self._preformatted += tag == "pre"

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take `<br/>` for `<br>`; any other is an opening tag to a browser as well."""
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        """Note where a block ends."""
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif tag == "pre":
            self._preformatted = max(0, self._preformatted - 1)
        self._border(tag)

    def handle_data(self, data: str) -> None:
        """Take the words."""
        if not self._unseen:
            self._parts.append(data if self._preformatted else _BLANKS.sub(" ", data))

    def text(self) -> str:
        """Return what was read."""
        lines = _AROUND_BREAKS.sub("\n", re.sub(r" {2,}", " ", "".join(self._parts)))
        return _MANY_BREAKS.sub("\n\n", lines).strip()

    def _border(self, tag: str) -> None:
        if tag in _PARAGRAPHS:
            self._parts.append("\n\n")
        elif tag in _BLOCKS and self._parts and not self._parts[-1].endswith("\n"):
            self._parts.append("\n")
