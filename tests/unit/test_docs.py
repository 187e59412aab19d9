"""What can be generated from the code is, and says what the code says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs import PARTS, ROOT, SCHEMAS, documents, files


@pytest.mark.parametrize(
    ("path", "text"), [pytest.param(*file, id=str(file[0].relative_to(ROOT))) for file in files().items()]
)
def test_what_is_generated_is_up_to_date(path: Path, text: str) -> None:
    assert path.is_file(), "run: python -m tests.docs --write"
    assert path.read_text(encoding="utf-8") == text, "run: python -m tests.docs --write"


def test_no_schema_is_left_of_a_topic_that_is_gone() -> None:
    assert set(SCHEMAS.iterdir()) <= set(files())


@pytest.mark.parametrize("part", PARTS)
def test_every_part_stands_in_some_readme(part: str) -> None:
    assert any(f"<!-- generated: {part} -->" in path.read_text(encoding="utf-8") for path in documents())
