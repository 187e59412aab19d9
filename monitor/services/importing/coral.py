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


_NAMES: Final = tuple(_SEVERITIES)
_WRAPPINGS: Final = 5
"""How deep the word list may stand in what the API answers: `data`, `settings`, `wordList`."""


def read(file: RuleFile, importing: Importing) -> None:
    """Make a list and a rule of the banned words, and of the suspect ones."""
    try:
        answer = msgspec.json.decode(file.text)
    except msgspec.DecodeError:
        name = "suspect" if "suspect" in file.path.lower() else "banned"
        add_list(importing, f"coral-{name}", numbered(file.text), severity=_SEVERITIES[name])
        return
    found = _words(answer, _WRAPPINGS)
    if not any(found.values()):
        importing.remark("there is no word list with `banned` or `suspect` words in this JSON", None)
    for name, entries in found.items():
        if entries:
            lines = [(_line_of(file.text, entry), entry.strip()) for entry in entries if entry.strip()]
            add_list(importing, f"coral-{name}", lines, severity=_SEVERITIES[name])


def _words(answer: object, depth: int) -> dict[str, list[str]]:
    """Return the words by list, wherever they stand in what was saved of Coral's settings."""
    if not isinstance(answer, dict) or not depth:
        return {}
    words = {name: _texts(answer[name]) for name in _NAMES if name in answer}
    inner = (_words(value, depth - 1) for value in answer.values()) if not words else ()
    return words or next(filter(None, inner), {})


def _texts(value: object) -> list[str]:
    return [entry for entry in value if isinstance(entry, str)] if isinstance(value, list) else []


def _line_of(text: str, entry: str) -> int:
    at = text.find(msgspec.json.encode(entry).decode())
    return text.count("\n", 0, max(at, 0)) + 1
