"""Entries of word lists: how they are spelled, and how they are read through the lens of the text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from monitor.engine.views import letters, without_accents

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping

    from monitor.engine.cursor import Cursor
    from monitor.engine.lists import WordList
    from monitor.engine.scanning import Probe
    from monitor.engine.text import Lens

_STAR: Final = re.compile(r"(?<!\\)\*")


@dataclass(frozen=True, slots=True)
class Starred:
    """An entry without its stars: `opens` and `ends` tell whether letters may stand before and after."""

    text: str
    opens: bool = False
    ends: bool = False

    def covers(self, other: Starred) -> bool:
        """Return whether this one finds whatever the other finds."""
        if (other.opens and not self.opens) or (other.ends and not self.ends):
            return False
        if self.opens and self.ends:
            return self.text in other.text
        if self.opens:
            return other.text.endswith(self.text)
        return other.text.startswith(self.text) if self.ends else self.text == other.text


@dataclass(frozen=True, slots=True)
class Entries:
    """Reads entries through the lens under which they are looked for.

    `shared` holds the probes of the whole book by what they look for, `listed` those of whole lists.
    `accents` tells whether they count; `inside` that entries are looked for among letters only.
    """

    lens: Lens
    lists: Mapping[str, WordList]
    shared: dict[Hashable, Probe]
    listed: dict[Hashable, tuple[Probe, ...]] = field(default_factory=dict)
    accents: bool = True
    inside: bool = False

    @property
    def is_plain(self) -> bool:
        """Return whether entries are read as they are spelled, but for their capitals."""
        return self.accents and not self.inside

    def read(self, written: str) -> str:
        """Return what is written as the text will show it."""
        text = self.lens.read(written)
        if self.inside:
            return letters(text)
        return text if self.accents else without_accents(text)

    def share(self, probe: Probe, *identity: Hashable) -> Probe:
        """Return the probe that looks for the same, if some rule has one; else this one."""
        return self.shared.setdefault((type(probe), probe.needle, probe.until, *identity), probe)

    def literals(self, cursor: Cursor, *, trim: bool) -> Iterator[tuple[str, str]]:
        """Yield each entry of the list as it is written and as the lens shows it."""
        for written, place in cursor.words():
            text = self.literal(place, written.strip() if trim else written)
            if text:
                yield written, text

    def literal(self, cursor: Cursor, written: str) -> str | None:
        """Return the entry as the lens shows it."""
        text = self.read(written)
        if not text:
            cursor.error(
                "nothing is left of this entry", "it holds invisible characters only: `view: raw` shows them"
            )
            return None
        return text

    def starred(self, cursor: Cursor, written: str) -> Starred | None:
        r"""Return the entry with its stars understood; `\*` is the mark itself."""
        written = written.strip()
        opens = written.startswith("*")
        ends = len(written) > 1 and written.endswith("*") and not written.endswith(r"\*")
        inner = written[1 if opens else 0 : -1 if ends else None]
        if not inner.strip():
            cursor.error(
                f"`{written}` would match everything", r"write letters beside the star; \* is the mark itself"
            )
            return None
        if star := _STAR.search(inner):
            cursor.error(
                f"`*` stands inside `{written}`",
                r"it may stand at the start and the end of an entry, for any letters; \* is the mark itself",
                at=star.start() + opens,
            )
            return None
        text = self.literal(cursor, inner.replace(r"\*", "*"))
        return Starred(text, opens, ends) if text else None
