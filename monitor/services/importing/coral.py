"""Coral's word lists: banned and suspect words, from its settings as JSON or one a line.

Coral looks for whole words and phrases, whatever white space or punctuation stands between; so do lists.
"""

from __future__ import annotations

from typing import Final

import msgspec

from monitor.engine.reading import RuleFile
from monitor.services.importing.result import Importing
from monitor.services.importing.wordlist import add_list, numbered

_SEVERITIES: Final = {"banned": "high", "suspect": "medium"}


class _Words(msgspec.Struct):
    banned: list[str] = []
    suspect: list[str] = []


class _Settings(msgspec.Struct):
    word_list: _Words = msgspec.field(name="wordList")


def read(file: RuleFile, importing: Importing) -> None:
    """Make a list and a rule of the banned words, and of the suspect ones."""
    found = _words(file.text)
    if found is None:
        name = "suspect" if "suspect" in file.path.lower() else "banned"
        add_list(importing, f"coral-{name}", numbered(file.text), severity=_SEVERITIES[name])
        return
    for name, entries in (("banned", found.banned), ("suspect", found.suspect)):
        if entries:
            lines = [(_line_of(file.text, entry), entry.strip()) for entry in entries if entry.strip()]
            add_list(importing, f"coral-{name}", lines, severity=_SEVERITIES[name])


def _words(text: str) -> _Words | None:
    try:
        return msgspec.json.decode(text, type=_Settings).word_list
    except msgspec.MsgspecError:
        pass
    try:
        return msgspec.json.decode(text, type=_Words)
    except msgspec.MsgspecError:
        return None


def _line_of(text: str, entry: str) -> int:
    at = text.find(msgspec.json.encode(entry).decode())
    return text.count("\n", 0, max(at, 0)) + 1
