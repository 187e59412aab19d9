"""Word lists: files with one entry a line, shared by rules.

# a comment
idiot*
*coon* | except: raccoon, tycoon | note: seen in the sports section
old meme | until: 2027-01-01
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Final

from monitor.engine.cursor import suggestion
from monitor.engine.nodes import MAX_BYTES, Place, Sheet

if TYPE_CHECKING:
    from collections.abc import Iterable

_OPTIONS: Final = ("except", "until", "note")
_OPTION: Final = re.compile(r"\s*([a-zA-Z_]+)\s*:\s*(.*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class ListEntry:
    """One line of a list. `exceptions` are words that do not count, `until` is the last day that it does."""

    text: str
    place: Place
    exceptions: tuple[str, ...] = ()
    until: date | None = None


@dataclass(frozen=True, slots=True)
class WordList:
    """A list and the sheet that its problems go to."""

    name: str
    sheet: Sheet
    entries: list[ListEntry] = field(default_factory=list)

    def content(self) -> list[str]:
        """Return what the list says, whatever order and layout it says it in."""
        return sorted(f"{entry.text}|{sorted(entry.exceptions)}|{entry.until}" for entry in self.entries)


def read_lists(sheets: Iterable[Sheet]) -> dict[str, WordList]:
    """Return the lists by name, which is the file's name without its ending."""
    lists: dict[str, WordList] = {}
    for sheet in sheets:
        name = sheet.path.replace("\\", "/").rsplit("/", 1)[-1].rsplit(".", 1)[0]
        if name in lists:
            sheet.report(
                f"there is another list `{name}`: {lists[name].sheet.path}", None, hint="rename one of them"
            )
        else:
            lists[name] = _read(WordList(name, sheet))
    return lists


def _read(words: WordList) -> WordList:
    if len(words.sheet.text) > MAX_BYTES:
        words.sheet.report("this list is larger than 1 MB", None, hint="divide it into several lists")
        return words
    seen: dict[str, int] = {}
    for number, line in enumerate(words.sheet.text.splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        entry = _entry(words.sheet, number, line)
        if entry is None:
            continue
        first = seen.setdefault(entry.text, number)
        if first == number:
            words.entries.append(entry)
        else:
            words.sheet.report(
                f"`{entry.text}` stands in line {first} already", entry.place, warning=True, hint="keep one"
            )
    if not words.entries:
        words.sheet.report(
            "this list has no entries", None, hint="write one entry a line; # begins a comment"
        )
    return words


def _entry(sheet: Sheet, number: int, line: str) -> ListEntry | None:
    text, *options = line.split("|")
    place = Place(number, len(text) - len(text.lstrip()) + 1)
    if not text.strip():
        sheet.report(
            "an entry without a text",
            place,
            hint="write `entry | except: other, another | until: 2027-01-01`",
        )
        return None
    exceptions: tuple[str, ...] = ()
    until: date | None = None
    column = len(text) + 2
    for option in options:
        name, value = _option(sheet, option, Place(number, column + len(option) - len(option.lstrip())))
        if name == "except":
            exceptions = tuple(part.strip() for part in value.split(",") if part.strip())
        elif name == "until":
            until = _date(sheet, value, Place(number, column + option.find(value)))
        column += len(option) + 1
    return ListEntry(
        text=text.strip().removeprefix("\\") if text.strip().startswith("\\#") else text.strip(),
        place=place,
        exceptions=exceptions,
        until=until,
    )


def _option(sheet: Sheet, option: str, place: Place) -> tuple[str, str]:
    found = _OPTION.match(option)
    if found is None:
        return "note", option
    if found[1] not in _OPTIONS:
        sheet.report(f"an entry has no option `{found[1]}`", place, hint=suggestion(found[1], _OPTIONS))
    return found[1], found[2].strip()


def _date(sheet: Sheet, written: str, place: Place) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        sheet.report(f"`{written}` is no date", place, hint="write the year first: 2027-01-31")
        return None
