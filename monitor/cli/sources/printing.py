"""What sites say, as it may be printed."""

from __future__ import annotations


def printable(text: str) -> str:
    """Return the text without what could command a terminal; its lines stay."""
    return "".join(char if char.isprintable() or char == "\n" else "\ufffd" for char in text)
