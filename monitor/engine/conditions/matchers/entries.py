"""Entries of word lists: how they are spelled, and how they are read through the lens of the text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from monitor.engine.cursor import Cursor
    from monitor.engine.text import Lens

_STAR: Final = re.compile(r"\\\*|\*")


@dataclass(frozen=True, slots=True)
class Starred:
    """An entry without its stars: `opens` and `ends` tell whether any letters may stand before and after."""

    text: str
    opens: bool
    ends: bool


@dataclass(frozen=True, slots=True)
class Entries:
    """Reads entries through the lens under which they are looked for."""

    lens: Lens

    def literal(self, cursor: Cursor, written: str) -> str | None:
        """Return the entry as the lens shows it."""
        text = self.lens.read(written)
        if not text:
            cursor.error(
                "nothing is left of this entry",
                "it holds invisible characters only; use `view: raw` to look for them",
            )
            return None
        return text

    def starred(self, cursor: Cursor, written: str) -> Starred | None:
        r"""Return the entry with its stars understood; `\*` is the mark itself."""
        written = written.strip()
        opens = written.startswith("*")
        ends = len(written) > 1 and written.endswith("*") and not written.endswith(r"\*")
        inner = written[1 if opens else 0 : -1 if ends else None]
        if _STAR.sub(lambda found: "" if found[0] == r"\*" else "*", inner).count("*"):
            cursor.error(
                f"`*` stands inside `{written}`",
                r"it may stand at the start and the end of an entry, for any letters; \* is the mark itself",
            )
            return None
        text = self.literal(cursor, inner.replace(r"\*", "*"))
        return Starred(text, opens, ends) if text else None
