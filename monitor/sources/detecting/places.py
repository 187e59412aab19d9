"""Where a sign may stand: a header, an element, a script, the shape of JSON, a feed's entries, the host."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Protocol

import jmespath
from jmespath.exceptions import JMESPathError

from monitor.sources.detecting.material import Material

_SHOWN: Final = 90


@dataclass(frozen=True, slots=True)
class Found:
    """What stood there. `says` shows it to a person, in markup and names only: never a comment's words.

    `value` is what the source file may take from it.
    """

    says: str
    value: str = ""


class Place(Protocol):
    """Knows where to look for one thing."""

    def find(self, seen: Material) -> Found | None:
        """Return what stands there; None where nothing does."""
        ...


@dataclass(frozen=True, slots=True)
class Host:
    """The name of the host."""

    pattern: str

    def find(self, seen: Material) -> Found | None:
        """Return the host if it is one of these."""
        return Found(f"the host is {seen.host}", seen.host) if re.search(self.pattern, seen.host) else None


@dataclass(frozen=True, slots=True)
class Address:
    """The URL."""

    pattern: str

    def find(self, seen: Material) -> Found | None:
        """Return the URL's first group."""
        found = re.search(self.pattern, seen.url)
        return (
            Found(f"the address is {_cut(found[0])}", found[1] if found.lastindex else "") if found else None
        )


@dataclass(frozen=True, slots=True)
class Header:
    """A header of the answer."""

    name: str
    pattern: str

    def find(self, seen: Material) -> Found | None:
        """Return the first group in the header."""
        found = re.search(self.pattern, seen.headers.get(self.name, ""))
        return _found(f"the header {self.name.title()} has", found)


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute of an element; `pattern` is searched in it, its first group is the value."""

    selector: str
    name: str
    pattern: str = "(.+)"

    def find(self, seen: Material) -> Found | None:
        """Return the first that fits."""
        for node in seen.tree.css(self.selector):
            given = node.attributes.get(self.name) or ""
            if found := re.search(self.pattern, given):
                says = f"{node.tag} has {self.name}=“{_cut(given)}”"
                return Found(says, found[1] if found.lastindex else given)
        return None


@dataclass(frozen=True, slots=True)
class Meaning:
    """A place where something stands that means this value."""

    place: Place
    value: str

    def find(self, seen: Material) -> Found | None:
        """Return the value if anything stands there."""
        found = self.place.find(seen)
        return Found(found.says, self.value) if found is not None else None


@dataclass(frozen=True, slots=True)
class Elements:
    """Elements that a selector finds."""

    selector: str
    least: int = 1

    def find(self, seen: Material) -> Found | None:
        """Return how many there are."""
        count = len(seen.tree.css(self.selector))
        return Found(f"{self.selector} finds {count}") if count >= self.least else None


@dataclass(frozen=True, slots=True)
class Script:
    """The text of a script inside the page."""

    pattern: str

    def find(self, seen: Material) -> Found | None:
        """Return the first group in the scripts."""
        found = re.search(self.pattern, seen.scripts)
        return _found("a script has", found)


@dataclass(frozen=True, slots=True)
class Shape:
    """A JMESPath expression that gives something, in an answer of JSON."""

    path: str

    def find(self, seen: Material) -> Found | None:
        """Return that it gives something, and what where it is a single value."""
        found = _searched(self.path, seen.data) if seen.form == "json" else None
        if found is None or found is False or found in ("", [], {}):
            return None
        return Found(f"the JSON has {self.path}", found if isinstance(found, str) else "")


@dataclass(frozen=True, slots=True)
class Entries:
    """What the ids, links or titles of a feed's entries look like."""

    pattern: str

    def find(self, seen: Material) -> Found | None:
        """Return how many entries fit."""
        fitting = [
            each for each in seen.entries if re.search(self.pattern, f"{each.id}\n{each.link}\n{each.title}")
        ]
        return Found(f"{len(fitting)} of {len(seen.entries)} entries fit {self.pattern}") if fitting else None


@dataclass(frozen=True, slots=True)
class AnyFeed:
    """A feed, whatever its entries are."""

    def find(self, seen: Material) -> Found | None:
        """Return how long it is."""
        return Found(f"a feed of {len(seen.entries)} entries") if seen.entries else None


@dataclass(frozen=True, slots=True)
class Answers:
    """Entries of a feed that say what they answer (RFC 4685)."""

    def find(self, seen: Material) -> Found | None:
        """Return how many entries do."""
        count = sum(bool(each.answers) for each in seen.entries)
        return Found(f"{count} of {len(seen.entries)} entries have thr:in-reply-to") if count else None


def _found(says: str, match: re.Match[str] | None) -> Found | None:
    if match is None:
        return None
    return Found(f"{says} {_cut(match[0])}", match[1] if match.lastindex else "")


def _searched(path: str, data: object) -> object:
    try:
        found: object = jmespath.search(path, data)
    except JMESPathError:  # a function that does not take what stands there: not of this shape
        return None
    return found


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"
