"""Letters only, for names and links: all that is no letter is left out."""

from __future__ import annotations

import re
from typing import Final

from monitor.engine.views.edits import Edit

_NO_LETTERS: Final = re.compile(r"[\W\d_]+")


def undo(text: str) -> list[Edit]:
    """Return all that is no letter."""
    return [Edit(found.start(), found.end(), ("",)) for found in _NO_LETTERS.finditer(text)]


def letters(text: str) -> str:
    """Return an entry as it is looked for among letters only."""
    return _NO_LETTERS.sub("", text)
