"""Ways to look for entries in a text. A new one is a file of its own and a line in `MATCHERS`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from monitor.engine.conditions.matchers import listed, parts, patterns, phrases, words
from monitor.engine.conditions.matchers.entries import Entries

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from monitor.engine.cursor import Cursor
    from monitor.engine.scanning import Probe

    Reader: TypeAlias = "Callable[[Cursor, Entries], Sequence[Probe]]"

__all__ = ["MATCHERS", "Entries"]

MATCHERS: Final[Mapping[str, Reader]] = {
    "words": words.read,
    "phrases": phrases.read,
    "contains": parts.read_contains,
    "starts_with": parts.read_starts_with,
    "ends_with": parts.read_ends_with,
    "full": parts.read_full,
    "regex": patterns.read,
    "lists": listed.read,
}
