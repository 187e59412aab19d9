"""Every source of ours keeps the promises that guests' sources are held to."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from monitor.ports import Source
from monitor.sources.contract import SourceCase, SourceContract
from monitor.sources.files import FileSource
from monitor.sources.tray import Reading
from tests.contracts import heard, polled

TEXTS: Final = (
    "Good morning, all.",
    "Good morning, Ann.\n\nAnd to you.",
    "Same here, friends.",
    "Bye.",
    "Bye.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileCase:
    """A file of one of our formats; `write` gives its content."""

    file: str
    write: Callable[[bool], str]
    breaks: bool = True

    def open(self, folder: Path, *, broken: bool) -> Source:
        path = folder / self.file
        path.write_text(self.write(broken), encoding="utf-8")
        return FileSource(path, Reading(site="gazette", batch=2))


def _lines(broken: bool) -> str:  # noqa: FBT001 - one of the writers, which have one argument
    lines = [json.dumps({"id": number, "text": text}) for number, text in enumerate(TEXTS)]
    return "\n".join([lines[0], *['{"id": 7'] * broken, *lines[1:], *['{"id": 9}'] * broken]) + "\n"


def _table(broken: bool) -> str:  # noqa: FBT001
    rows = [f'{number};"{text}"' for number, text in enumerate(TEXTS)]
    return "\n".join(["id;text", rows[0], *["7;a;b"] * broken, *rows[1:], *['9;"oops'] * broken]) + "\n"


def _page(broken: bool) -> str:  # noqa: FBT001
    assert not broken
    return "The Title\n\nThe article says this.\n\n\n" + "\n\n\n".join(TEXTS)


CASES: Final[dict[str, SourceCase]] = {
    "jsonl": FileCase(file="comments.jsonl", write=_lines),
    "csv": FileCase(file="comments.csv", write=_table),
    "page": FileCase(file="page.txt", write=_page, breaks=False),
    **heard.CASES,
    **polled.CASES,
}


class TestSources(SourceContract):
    """The promises, kept by every source of ours."""

    @pytest.fixture(autouse=True, params=CASES)
    def _case(self, request: pytest.FixtureRequest) -> None:
        self.case = CASES[request.param]
