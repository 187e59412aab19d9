"""Every mistake of a rule author gets the answer that stands beside it in tests/golden/rules.

With GOLDEN=write the answers are written anew; read them before they are committed.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from monitor.domain.errors import Misconfigured
from monitor.engine.reading import RuleFile, read_book

GOLDEN = Path(__file__).parents[2] / "golden" / "rules"
MISTAKES = sorted(GOLDEN.glob("*.yaml"))


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda path: path.stem)
def test_the_answer_is_the_golden_one(mistake: Path) -> None:
    golden = mistake.with_suffix(".txt")
    with pytest.raises(Misconfigured) as error:
        read_book([RuleFile(f"rules/{mistake.name}", mistake.read_text(encoding="utf-8"))])
    answer = f"{error.value}\n"
    if os.environ.get("GOLDEN") == "write":
        golden.write_text(answer, encoding="utf-8")
    assert golden.read_text(encoding="utf-8") == answer


def test_there_is_an_answer_for_every_kind_of_mistake() -> None:
    assert len(MISTAKES) >= 40
