"""Brings rules over from other tools. A new one is a file of its own and a line in `IMPORTERS`.

Whatever an importer cannot carry over it says, with the line; what it writes passes
`comment-monitor rules check`. Rules that lost a part of their condition come as drafts: they would
find more than they did.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from monitor.engine.reading import RuleFile
from monitor.services.importing import automoderator, coral, sigma, smokedetector, wordlist
from monitor.services.importing.result import Imported, Importing

__all__ = ["IMPORTERS", "Imported", "import_rules"]

Importer = Callable[[RuleFile, Importing], None]

IMPORTERS: Final[Mapping[str, Importer]] = {
    "automoderator": automoderator.read,
    "coral": coral.read,
    "sigma": sigma.read,
    "smokedetector": smokedetector.read,
    "wordlist": wordlist.read,
}


def import_rules(tool: str, file: RuleFile) -> Imported:
    """Return the rules and lists that this file of that tool comes to, and what was left behind."""
    importing = Importing(file, tool)
    IMPORTERS[tool](file, importing)
    return importing.finish()
