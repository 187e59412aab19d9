r"""SmokeDetector's lists: one pattern a line, or time, user and pattern divided by tabs.

Keywords are bookended there (`(?:^|\b)…(?:\b|$)`), websites and user names are searched for anywhere;
the file's name tells which. Patterns ignore case.
"""

from __future__ import annotations

from typing import Final

from monitor.engine.nodes import Place
from monitor.engine.reading import RuleFile
from monitor.services.importing.result import Importing, Plain, fits
from monitor.services.importing.wordlist import numbered

_WATCHED_COLUMNS: Final = 3
_CHUNK: Final = 200
"""Patterns in one rule: a reviewer still finds what hit."""


def read(file: RuleFile, importing: Importing) -> None:
    """Make rules of the patterns, up to 200 each."""
    name = file.path.replace("\\", "/").rsplit("/", 1)[-1].rsplit(".", 1)[0].lower()
    if "number" in name or "cidr" in name or "nses" in name or "asn" in name:
        importing.remark("lists of phone numbers and networks are not carried over", None)
        return
    field, bookended = ("author.name", False) if "username" in name else ("text", "website" not in name)
    patterns = [
        pattern
        for number, line in numbered(file.text)
        if (pattern := _pattern(importing, number, line, bookended=bookended))
    ]
    severity = "low" if name.startswith("watched") else "medium"
    for start in range(0, len(patterns), _CHUNK):
        chunk: list[Plain] = [*patterns[start : start + _CHUNK]]
        rule: dict[str, Plain] = {
            "title": f"A pattern of {name}",
            "severity": severity,
            "when": {field: {"regex": chunk}},
        }
        importing.add_rule(name, rule, Place(1, 1))


def _pattern(importing: Importing, number: int, line: str, *, bookended: bool) -> str | None:
    parts = line.split("\t")
    written = parts[-1].strip() if len(parts) >= _WATCHED_COLUMNS else line
    if "\t" in line and len(parts) < _WATCHED_COLUMNS:
        importing.remark("not carried over: a line of two columns", Place(number, 1))
        return None
    pattern = rf"(?:^|\b)(?:{written})(?:\b|$)" if bookended else written
    if complaint := fits({"text": {"regex": [pattern]}}):
        importing.remark(f"not carried over: {complaint}", Place(number, max(line.find(written), 0) + 1))
        return None
    return pattern
