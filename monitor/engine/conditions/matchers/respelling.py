"""Patterns that name characters which their view shows otherwise: `straße`, where every ß is read as ss."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.engine.text import Lens

_NUMBERED: Final = r"\\x[0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\U[0-9a-fA-F]{8}"
_NAMED: Final = r"\(\?(?:P<[^>]*>|P=[^)]*\)|#[^)]*\))"
_PART: Final = re.compile(rf"\[\^?\]?(?:\\.|[^\]\\])*\]|{_NAMED}|{_NUMBERED}|\\.|.", re.DOTALL)
_MEMBER: Final = re.compile(rf"{_NUMBERED}|\\.|.", re.DOTALL)
_NUMBER: Final = re.compile(r"\\[xuU]([0-9a-fA-F]+)")
_ODD: Final = re.compile(rf"[^\x00-\x7f]|{_NUMBERED}")


def respell(written: str, lens: Lens) -> str:
    """Return the pattern with what the lens makes of such a character in its place.

    One of several, `[äß]`, becomes that or the several; none of several, `[^ß]`, stays as it is.
    """
    if not _ODD.search(written):
        return written
    return _PART.sub(lambda part: _respelled(part[0], lens), written)


def unseen(char: str, lens: Lens) -> str | None:
    """Return what the lens shows in place of this character; None where a pattern finds it as it is."""
    shown = lens.read(char)
    return None if char.isascii() or shown in {char, char.lower()} else shown


def _respelled(part: str, lens: Lens) -> str:
    if part.startswith("(?"):
        return part
    if not part.startswith("["):
        shown = unseen(_character(part), lens)
        return f"(?:{re.escape(shown)})" if shown else part
    instead = "" if part.startswith("[^") else "|".join(_instead(part, lens))
    return f"(?:{instead}|{part})" if instead else part


def _instead(several: str, lens: Lens) -> Iterator[str]:
    for member in _MEMBER.findall(several[1:-1]):
        if shown := unseen(_character(member), lens):
            yield re.escape(shown)


def _character(part: str) -> str:
    """Return the character that stands here, be it by its number; of an escape the backslash."""
    numbered = _NUMBER.match(part)
    return chr(int(numbered[1], 16)) if numbered else part[0]
