"""Every mistake in a source file gets the answer that stands beside it in tests/golden/sources.

With GOLDEN=write the answers are written anew; read them before they are committed.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.domain.problems import render
from monitor.sources.describing import SourceText, read_sources
from monitor.sources.idle import idle_tools

GOLDEN = Path(__file__).parents[3] / "golden" / "sources"
MISTAKES = sorted(GOLDEN.glob("*.yaml"))


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda path: path.stem)
def test_the_answer_is_the_golden_one(mistake: Path) -> None:
    golden = mistake.with_suffix(".txt")
    text = SourceText(path=f"sources/{mistake.name}", text=mistake.read_text("utf-8"), base=GOLDEN)
    reading = read_sources([text], idle_tools(lambda: datetime.now(UTC)), {"HOME": "x", "P": "x"})
    answer = f"{render(reading.problems)}\n"
    if os.environ.get("GOLDEN") == "write":
        golden.write_text(answer, encoding="utf-8")
    assert golden.read_text(encoding="utf-8") == answer
    assert not reading.sound
    assert reading.sources == ()


def test_there_is_an_answer_for_every_kind_of_mistake() -> None:
    assert len(MISTAKES) >= 30
