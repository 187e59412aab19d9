r"""SmokeDetector's lists: one pattern a line, or time, user and pattern divided by tabs.

Keywords are bookended there (`(?:^|\b)…(?:\b|$)`), websites and user names are searched for anywhere;
the file's name tells which. Patterns ignore case. Numbers are telephone numbers, of which those of
North America often stand without their country code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from monitor.engine.nodes import Place
from monitor.engine.reading import RuleFile
from monitor.services.importing.result import Importing, Plain, across_lines, fits, minding_case
from monitor.services.importing.wordlist import numbered

_WATCHED_COLUMNS: Final = 3
_CHUNK: Final = 200
"""Patterns in one rule: a reviewer still finds what hit."""

_REMARK: Final = re.compile(r"\(\?#[^)]*\)")
_NUMBER: Final = re.compile(r"\+?[\d ().\-/]+")
_FEWEST_DIGITS, _NORTH_AMERICAN, _MOST_DIGITS = 7, 10, 15


def read(file: RuleFile, importing: Importing) -> None:
    """Make rules of the patterns, up to 200 each."""
    name = file.path.replace("\\", "/").rsplit("/", 1)[-1].rsplit(".", 1)[0].lower()
    if "cidr" in name or "nses" in name or "asn" in name:
        importing.remark("lists of networks are not carried over", None)
        return
    if "number" in name:
        _numbers(name, file, importing)
        return
    field, bookended = ("author.name", False) if "username" in name else ("text", "website" not in name)
    patterns = [
        pattern
        for number, line in numbered(file.text)
        if (pattern := _pattern(importing, number, line, bookended=bookended))
    ]
    exact = [pattern for each in patterns if (pattern := minding_case(each))]
    for chunk in _chunks([pattern for pattern in patterns if not minding_case(pattern)]):
        _add(name, f"A pattern of {name}", {field: {"regex": chunk}}, importing)
    for chunk in _chunks(exact):
        _add(name, f"A pattern of {name}", {field: {"regex": chunk, "case": "sensitive"}}, importing)


def _numbers(name: str, file: RuleFile, importing: Importing) -> None:
    """Make rules of telephone numbers, each with its country code."""
    lines = list(numbered(file.text))
    written = [(at, each) for at, line in lines if (each := _entry(importing, at, line)) is not None]
    numbers = [number for at, each in written if (number := _number(importing, at, each))]
    for chunk in _chunks(list(dict.fromkeys(numbers))):
        _add(name, f"A telephone number of {name}", {"phones": chunk}, importing)


def _number(importing: Importing, at: int, written: str) -> str | None:
    """Return a number with its country code; North America's where none stands there."""
    bare = _REMARK.sub("", written).strip()
    digits = "".join(filter(str.isdigit, bare))
    if not _NUMBER.fullmatch(bare) or not _FEWEST_DIGITS <= len(digits) <= _MOST_DIGITS:
        importing.remark("not carried over: this is no telephone number as a whole", Place(at, 1))
        return None
    if bare.startswith("+"):
        return f"+{digits}"
    if len(digits) == _NORTH_AMERICAN:
        return f"+1{digits}"
    if len(digits) > _NORTH_AMERICAN:
        return f"+{digits.lstrip('0')}"
    importing.remark("not carried over: nothing tells the country of this number", Place(at, 1))
    return None


def _chunks(entries: list[str]) -> Iterator[list[Plain]]:
    for start in range(0, len(entries), _CHUNK):
        yield [*entries[start : start + _CHUNK]]


def _add(name: str, title: str, when: Plain, importing: Importing) -> None:
    severity = "low" if name.startswith("watched") else "medium"
    rule: dict[str, Plain] = {"title": title, "severity": severity, "when": when}
    importing.add_rule(name, rule, Place(1, 1))


def _entry(importing: Importing, number: int, line: str) -> str | None:
    """Return the entry of a line: all of it, or the last of three columns."""
    parts = line.split("\t")
    if "\t" in line and len(parts) < _WATCHED_COLUMNS:
        importing.remark("not carried over: a line of two columns", Place(number, 1))
        return None
    return parts[-1].strip() if len(parts) >= _WATCHED_COLUMNS else line


def _pattern(importing: Importing, number: int, line: str, *, bookended: bool) -> str | None:
    written = _entry(importing, number, line)
    if written is None:
        return None
    pattern = across_lines(rf"(?:^|\b)(?:{written})(?:\b|$)" if bookended else written)
    exact = minding_case(pattern)
    inner: dict[str, Plain] = {"regex": [exact], "case": "sensitive"} if exact else {"regex": [pattern]}
    if complaint := fits({"text": inner}):
        importing.remark(f"not carried over: {complaint}", Place(number, max(line.find(written), 0) + 1))
        return None
    return pattern
