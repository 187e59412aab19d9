"""A plain word list: one word or phrase a line, # for remarks."""

from __future__ import annotations

from pathlib import PurePath

from monitor.engine.nodes import Place
from monitor.engine.reading import RuleFile
from monitor.services.importing.result import Importing


def read(file: RuleFile, importing: Importing) -> None:
    """Make a list of the entries, and a rule that looks for it."""
    name = PurePath(file.path).stem.lower().replace(" ", "-")
    add_list(importing, name, numbered(file.text), severity="medium")


def numbered(text: str) -> list[tuple[int, str]]:
    """Return the lines that hold an entry, with their numbers."""
    lines = ((number, line.strip()) for number, line in enumerate(text.splitlines(), start=1))
    return [(number, line) for number, line in lines if line and not line.startswith("#")]


def add_list(importing: Importing, name: str, entries: list[tuple[int, str]], *, severity: str) -> None:
    """Add these entries as a word list, each as it is spelled first, and a rule that looks for it."""
    kept: dict[str, str] = {}
    lines: dict[str, int] = {}
    for number, entry in entries:
        word = entry.casefold()
        if not any(char.isalnum() for char in entry):
            importing.remark("not carried over: an entry without a letter", Place(number, 1))
        elif word in kept:
            importing.remark(f"left out: it stands in line {lines[word]} already", Place(number, 1))
        else:
            kept[word], lines[word] = entry, number
    if not kept:
        importing.remark("there is no entry in this list", None)
        return
    listed = importing.add_list(name, [escaped(entry) for entry in kept.values()])
    importing.add_rule(
        name,
        {"title": f"A word of the list {name}", "severity": severity, "when": {"text": {"lists": [listed]}}},
        Place(1, 1),
    )


def escaped(entry: str) -> str:
    r"""Return the entry so that a list takes it as it is spelled: no star, no option, no remark.

    A bar cannot be written in a list; it is a border between words, as a space is.
    """
    plain = " ".join(entry.replace("|", " ").split()).replace("*", r"\*")
    return f"\\{plain}" if plain.startswith("#") else plain
