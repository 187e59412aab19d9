"""Letters that a control character shows from right to left, so that they read backwards where they stand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from monitor.engine.views.edits import Edit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from monitor.engine.views.edits import Span

_OVERRIDE: Final = "\u202e"
_OVERRIDDEN: Final = re.compile("\u202e([^\u202a-\u202e\u2066-\u2069\n]{2,})")


def overridden(text: str) -> list[Span]:
    """Return what of an original text is shown from its end to its beginning."""
    return [found.span(1) for found in _OVERRIDDEN.finditer(text)] if _OVERRIDE in text else []


def turn(text: str, places: Iterable[Span]) -> list[Edit]:
    """Return how these places read when they are turned round."""
    return [Edit(start, end, (text[start:end][::-1],)) for start, end in places if start < end <= len(text)]
