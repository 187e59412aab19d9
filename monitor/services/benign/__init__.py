"""Harmless comments that come with the product: what a live rule must leave alone.

`harmless.txt` holds one comment a line, in the project's own wording, in several languages; lines
that start with # are remarks. Many come close on purpose: quotation, counter-speech, sport, war.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from monitor.domain.errors import Misconfigured


@dataclass(frozen=True, slots=True)
class Harmless:
    """A comment that no live rule may fire on, and where it stands."""

    text: str
    file: str
    line: int


def harmless_comments(*more: Path) -> tuple[Harmless, ...]:
    """Return the comments that come with the product, and those in the files given.

    Raises:
        Misconfigured: a file cannot be read.
    """
    own = Path(str(resources.files(__name__) / "harmless.txt"))
    return tuple(comment for path in (own, *more) for comment in _comments(path, own))


def _comments(path: Path, own: Path) -> Iterator[Harmless]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise Misconfigured.plain(
            f"the harmless comments in {path} cannot be read", hint="a text file in UTF-8, one comment a line"
        ) from error
    name = path.name if path == own else str(path)
    for number, line in enumerate(lines, start=1):
        if line.strip() and not line.startswith("#"):
            yield Harmless(line, name, number)
