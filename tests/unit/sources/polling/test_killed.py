from __future__ import annotations

import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[4]
PAGE = 10


def ingest(folder: Path, saves: int) -> int:
    """Poll the board until it is killed at the save after so many; return how it ended."""
    arguments = ["board", str(folder / "store.db"), str(folder / "published"), str(saves)]
    program = [sys.executable, "-m", "tests.programs.ingest_and_die", *arguments]
    return subprocess.run(program, cwd=REPOSITORY, check=False, timeout=60).returncode


@pytest.mark.slow
@pytest.mark.parametrize("kills", [(0, 3), pytest.param((0, 1, 2, 0, 1), marks=pytest.mark.slow)])
def test_killed_between_publishing_and_saving_it_loses_nothing_and_doubles_a_page_at_most(
    tmp_path: Path, kills: tuple[int, ...]
) -> None:
    assert {ingest(tmp_path, saves) for saves in kills} == {-signal.SIGKILL}
    assert ingest(tmp_path, -1) == 0
    published = Counter((tmp_path / "published").read_text().split())
    assert set(published) == {str(number) for number in range(1, 48)}
    assert published.total() - len(published) <= PAGE * len(kills)
