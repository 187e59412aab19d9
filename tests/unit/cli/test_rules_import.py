from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from monitor.cli import command_line


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in an empty folder with no settings."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("COMMENT_MONITOR_")]:
        monkeypatch.delenv(name)
    Path("automod.yaml").write_text("body: turnip\ntitle: soup\n", encoding="utf-8")
    Path("words.txt").write_text("turnip\nhot soup\n", encoding="utf-8")


def rules(*arguments: str) -> Result:
    return CliRunner().invoke(command_line, ["rules", *arguments])


def test_rules_go_to_standard_output_and_remarks_beside_it() -> None:
    result = rules("import", "automoderator", "automod.yaml")
    assert "# Imported from automoderator" in result.stdout
    assert [
        "automod.yaml:2:8: warning: `title` not carried over: comments have no such field",
        "    title: soup",
        "           ^",
        "    hint: the rule comes as a draft",
        "1 rule, 1 remark",
    ] == result.stderr.splitlines()


def test_lists_and_rules_are_written_where_check_and_test_find_them() -> None:
    result = rules("import", "wordlist", "words.txt", "--out", "rules")
    assert [str(Path("rules/wordlist-words.yaml")), str(Path("rules/lists/words.txt"))] == (
        result.stdout.splitlines()
    )
    assert "1 rule, 0 errors, 0 warnings\n" == rules("check").output


def test_what_is_there_is_written_over_only_by_force() -> None:
    rules("import", "wordlist", "words.txt", "--out", "rules")
    again = rules("import", "wordlist", "words.txt", "--out", "rules")
    assert 78 == again.exit_code
    assert "is there already" in again.stderr
    assert 0 == rules("import", "wordlist", "words.txt", "--out", "rules", "--force").exit_code


def test_lists_need_a_folder() -> None:
    assert 2 == rules("import", "wordlist", "words.txt").exit_code


def test_a_file_that_is_not_utf_8_is_a_sentence() -> None:
    Path("words.txt").write_bytes(b"\xff")
    result = rules("import", "wordlist", "words.txt", "--out", "rules")
    assert (78, True) == (result.exit_code, "is not UTF-8" in result.stderr)
