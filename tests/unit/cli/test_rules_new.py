from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from monitor.cli import command_line
from monitor.engine.schema import rule_schema

FILE = Path("rules/shop.refund-scam.yaml")
ANSWERS = (
    *("--title", "Fake refund offer", "--why", "Fraud (policy 2)", "--owner", "shop-desk"),
    *("--words", "refundz, claim your refund", "--severity", "high"),
    *("--finds", "Claim your REFUND now!", "--spares", "How do I claim my refund?"),
)


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in an empty folder with no settings."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("COMMENT_MONITOR_")]:
        monkeypatch.delenv(name)


def rules(*arguments: str, given: str | None = None) -> Result:
    return CliRunner().invoke(command_line, ["rules", *arguments], input=given)


def test_a_new_rule_passes_check_and_test() -> None:
    assert 0 == rules("new", "shop.refund-scam", *ANSWERS).exit_code
    assert "1 rule, 0 errors, 0 warnings\n" == rules("check").output
    assert "1 rule, 2 tests, 0 failures\n" == rules("test").output


def test_an_editor_completes_it_by_the_schema_beside_it() -> None:
    rules("new", "shop.refund-scam", *ANSWERS)
    assert "# yaml-language-server: $schema=schema.json" == FILE.read_text(encoding="utf-8").splitlines()[0]
    assert rule_schema() == json.loads(Path("rules/schema.json").read_text(encoding="utf-8"))


def test_what_no_option_says_is_asked_for() -> None:
    answers = "refundz\nFake refund\nFraud\ndesk\na refundz\nmy refund\n"
    result = rules("new", "shop.refund-scam", given=answers)
    assert 0 == result.exit_code
    assert "Owner: who answers for the rule" in result.stderr
    assert "title: Fake refund\n" in FILE.read_text(encoding="utf-8")


def test_a_rule_for_one_language_is_tested_in_it() -> None:
    assert 0 == rules("new", "shop.refund-scam", *ANSWERS, "--language", "en").exit_code
    assert "1 rule, 2 tests, 0 failures\n" == rules("test").output


def test_where_its_tests_fail_nothing_is_written() -> None:
    result = rules("new", "shop.refund-scam", *ANSWERS[:-1], "Please claim your refund at the desk.")
    assert 1 == result.exit_code
    assert "leaves this alone: expected nothing, got an alert: it found “claim your refund”" in result.stderr
    assert not FILE.exists()


def test_an_id_that_is_none_is_told() -> None:
    result = rules("new", "Refund Scam", *ANSWERS, "--out", "a.yaml")
    assert 1 == result.exit_code
    assert "is no rule id" in result.output
    assert not Path("a.yaml").exists()


def test_a_file_that_is_there_is_left_alone() -> None:
    FILE.parent.mkdir()
    FILE.write_text("mine")
    assert 78 == rules("new", "shop.refund-scam", *ANSWERS).exit_code
    assert "mine" == FILE.read_text()
