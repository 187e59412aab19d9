"""Ways to look for entries in a text. A new one is a file of its own and a line in `MATCHERS`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from monitor.engine.conditions.forms import Form
from monitor.engine.conditions.matchers import listed, near, parts, patterns, phrases, words
from monitor.engine.conditions.matchers.entries import Entries

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from monitor.engine.cursor import Cursor
    from monitor.engine.scanning import Probe

    Reader: TypeAlias = "Callable[[Cursor, Entries], Sequence[Probe]]"

__all__ = ["MATCHERS", "Entries"]


@dataclass(frozen=True, slots=True)
class Matcher:
    """A way to look for entries: how it is written, and who reads it."""

    form: Form
    read: Reader


MATCHERS: Final[Mapping[str, Matcher]] = {
    "words": Matcher(words.FORM, words.read),
    "phrases": Matcher(phrases.FORM, phrases.read),
    "contains": Matcher(parts.CONTAINS, parts.read_contains),
    "starts_with": Matcher(parts.STARTS_WITH, parts.read_starts_with),
    "ends_with": Matcher(parts.ENDS_WITH, parts.read_ends_with),
    "full": Matcher(parts.FULL, parts.read_full),
    "regex": Matcher(patterns.FORM, patterns.read),
    "near": Matcher(near.FORM, near.read),
    "lists": Matcher(listed.FORM, listed.read),
}
