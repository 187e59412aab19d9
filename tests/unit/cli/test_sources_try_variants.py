from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from monitor.cli import command_line

PAGE = """<html><body><ol><li class="comment" id="comment-7">
<div class="comment-content">One.</div></li></ol></body></html>"""
JSON = '[{"id": 7, "post": 1, "author_name": "Ann", "content": {"rendered": "One."}, "status": "approved"}]'


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def tried(preset: str, answer: str) -> Result:
    Path("answer").write_text(answer, encoding="utf-8")
    return CliRunner().invoke(command_line, ["sources", "try", "--preset", preset, "--file", "answer"])


@pytest.mark.parametrize(
    ("preset", "answer", "note"),
    [
        ("wordpress", JSON, ""),
        ("wordpress", PAGE, "this is html: read by the preset wordpress-html\n"),
        ("wordpress-html", JSON, "this is json: read by the preset wordpress\n"),
    ],
)
def test_an_answer_of_another_format_is_read_by_the_preset_for_it(
    preset: str, answer: str, note: str
) -> None:
    result = tried(preset, answer)
    assert 0 == result.exit_code
    assert note == result.stderr
    assert "1 comment (1 shown)" in result.output


def test_an_answer_that_no_preset_for_such_sites_reads_is_told() -> None:
    assert "the answer is no JSON" in tried("lemmy", PAGE).output
