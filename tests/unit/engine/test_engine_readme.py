from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from monitor.engine.conditions import matchers, text
from monitor.engine.conditions.matchers import Matcher
from tests.trial import fires, found

ROOM = Path(matchers.__file__).parents[2]
README = (ROOM / "README.md").read_text(encoding="utf-8")


@pytest.fixture
def echoed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Add the README's matcher as an engineer would: its file, and its line."""
    file: dict[str, Any] = {"__name__": "echoed"}
    exec(re.findall(r"```python\n(.*?)```", README, re.DOTALL)[0], file)  # noqa: S102 - our own example
    added = Matcher(file["FORM"], file["read"])
    monkeypatch.setattr(text, "MATCHERS", {**matchers.MATCHERS, "echoed": added})


@pytest.mark.usefixtures("echoed")
def test_a_matcher_is_one_file_and_one_line() -> None:
    assert fires("text: {echoed: [bye]}", "bye bye then")
    assert not fires("text: {echoed: [bye]}", "bye then")
    assert ["ｂｙｅ BYE"] == found("text: {echoed: [bye]}", "so ｂｙｅ BYE then")
    assert fires("text: {echoed: [bye], view: leet}", "b¥e b¥e")


def test_every_file_that_the_readme_names_is_there() -> None:
    table = README[README.index("| part") : README.index("## A matcher")]
    for name in re.findall(r"`([\w./]+)`", table):
        assert (ROOM / name).exists(), name
    for name in re.findall(r"`(tests/[\w./]+)`", README):
        assert (ROOM.parents[1] / name).exists(), name
