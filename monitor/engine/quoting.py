"""Which parts of a comment are quoted: lines that begin with `>`, and blocks between quote tags.

Both readings keep every character where it stood: what does not belong is blanked out.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_LINE: Final = re.compile(r"^[ \t]*(?:>|&gt;|\uff1e).*$", re.MULTILINE)
_TAG: Final = re.compile(r"[\[<](/?)(?:block)?quote(?:[ =][^\[\]<>\n]{0,200})?[\]>]", re.IGNORECASE)
_CHARACTER: Final = re.compile(r"[^\n]")


def unquoted(text: str) -> str:
    """Return the text with what is quoted blanked out."""
    parts = list(text)
    for start, end in _quoted(text):
        parts[start:end] = _CHARACTER.sub(" ", text[start:end])
    return "".join(parts)


def quoted(text: str) -> str:
    """Return the text with what is not quoted blanked out."""
    parts = list(_CHARACTER.sub(" ", text))
    for start, end in _quoted(text):
        parts[start:end] = text[start:end]
    return "".join(parts)


def _quoted(text: str) -> Iterator[tuple[int, int]]:
    for line in _LINE.finditer(text):
        yield line.span()
    depth = start = 0
    for tag in _TAG.finditer(text):
        if not tag[1]:
            start = start if depth else tag.start()
            depth += 1
        elif depth:
            depth -= 1
            if not depth:
                yield start, tag.end()
