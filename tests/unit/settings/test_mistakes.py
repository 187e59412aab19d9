"""Every mistake in the settings gets the answer that stands beside it in tests/golden/settings.

A golden `.toml` may set variables in lines such as `# env NAME=value`. With GOLDEN=write the
answers are written anew; read them before they are committed.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from monitor.domain.errors import Misconfigured
from monitor.settings import load_settings

GOLDEN = Path(__file__).parents[2] / "golden" / "settings"
MISTAKES = sorted(GOLDEN.glob("*.toml"))


def answer_to(mistake: Path, folder: Path) -> str:
    text = mistake.read_text(encoding="utf-8")
    settings = folder / "comment-monitor.toml"
    settings.write_text(text, encoding="utf-8")
    with pytest.raises(Misconfigured) as error:
        load_settings(settings, dict(re.findall(r"^# env (\w+)=(.*)$", text, flags=re.MULTILINE)))
    return f"{error.value}\n".replace(f"{folder}{os.sep}", "")


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda path: path.stem)
def test_the_answer_is_the_golden_one(mistake: Path, tmp_path: Path) -> None:
    golden = mistake.with_suffix(".txt")
    answer = answer_to(mistake, tmp_path)
    if os.environ.get("GOLDEN") == "write":
        golden.write_text(answer, encoding="utf-8")
    assert golden.read_text(encoding="utf-8") == answer


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda path: path.stem)
def test_no_answer_shows_a_secret(mistake: Path, tmp_path: Path) -> None:
    answer = answer_to(mistake, tmp_path)
    assert "correct horse" not in answer
    assert "chat.example" not in answer


def test_there_is_an_answer_for_every_kind_of_mistake() -> None:
    assert len(MISTAKES) >= 10
