"""What can be generated from the code is, and says what the code says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs import PARTS, ROOT, documents, generated


@pytest.mark.parametrize("path", documents(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_the_generated_parts_are_up_to_date(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert generated(text) == text, "run: python -m tests.docs --write"


@pytest.mark.parametrize("part", PARTS)
def test_every_part_stands_in_some_readme(part: str) -> None:
    assert any(f"<!-- generated: {part} -->" in path.read_text(encoding="utf-8") for path in documents())
