from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from monitor.cli import command_line

RULE = """id: roots.turnip
title: Somebody is called a turnip
status: shadow
severity: low
applies_to: {languages: [en]}
when:
  all:
    - text: {words: [turnip]}
    - not: {text: {words: [soup]}}
    - toxicity: {insult: ">= 0.5"}
escalate: {by: author, count: 3, within: 10m}
"""


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in a folder with one rule and no settings."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("COMMENT_MONITOR_")]:
        monkeypatch.delenv(name)
    Path("rules").mkdir()
    Path("rules/a.yaml").write_text(RULE, encoding="utf-8")


def explain(*arguments: str) -> Result:
    return CliRunner().invoke(command_line, ["rules", "explain", *arguments])


def test_why_not_shows_each_clause_with_what_it_saw() -> None:
    result = explain("roots.turnip", "--text", "Tur\u200bnip soup", "--language", "en")
    *lines, score = result.output.splitlines()
    assert [
        "roots.turnip (shadow) does not fire",
        "  ✗ all of these",
        "    ✓ text, folded: “turnip”",
        "        found “Turnip” at 0-7 by “turnip” (view folded)",
        "    ✗ not",
        "      ✓ text, folded: “soup”",
        "          found “soup” at 8-12 by “soup” (view folded)",
    ] == lines
    assert score.startswith("    ✗ toxicity: insult >= 0.5  (insult 0.")


def test_without_a_model_scores_are_unknown() -> None:
    Path("comment-monitor.toml").write_text('[toxicity]\nscorer = "none"\n', encoding="utf-8")
    result = explain("roots.turnip", "--text", "you turnip", "--language", "en")
    assert "    ? toxicity: insult >= 0.5  (no model scored this comment)" in result.output.splitlines()


def test_a_model_that_is_missing_is_told_and_its_fallback_scores() -> None:
    setting = '[toxicity]\nscorer = "detoxify"\ncheckpoint = "gone.ckpt"\nconfig_path = "base"\n'
    Path("comment-monitor.toml").write_text(setting, encoding="utf-8")
    result = explain("roots.turnip", "--text", "you turnip", "--language", "en")
    assert "gone.ckpt" in result.stderr
    assert "✗ toxicity: insult >= 0.5  (insult 0." in result.stdout


def test_why_says_what_follows() -> None:
    result = explain("roots.turnip", "--text", "you turnip", "--language", "en", "--score", "insult=0.8")
    lines = result.output.splitlines()
    assert "roots.turnip (shadow) fires" == lines[0]
    assert "    ✓ toxicity: insult >= 0.5  (insult 0.80)" in lines
    assert (
        "  so nobody is alerted: it is in shadow; live, "
        "an alert opens at 3 matches by the same author within 10m"
    ) == lines[-1]


def test_a_comment_outside_the_scope_says_so() -> None:
    result = explain("roots.turnip", "--text", "you turnip", "--language", "de")
    assert "it looks at en only, and this text was taken for de" in result.output


def test_a_comment_may_come_from_a_file_and_the_answer_be_json() -> None:
    Path("one.json").write_text('{"id": "1", "author": "ann", "text": "you turnip"}', encoding="utf-8")
    result = explain("roots.turnip", "--comment", "one.json", "--language", "en", "--format", "json")
    answer = json.loads(result.output)
    assert (False, False) == (answer["fires"], answer["when"]["truth"])
    assert [[4, 10]] == answer["when"]["parts"][0]["found"][0]["spans"]


def test_a_verdict_brings_its_own_signals() -> None:
    verdict: dict[str, object] = {
        "id": "1",
        "author": "ann",
        "text": "turnip",
        "language": {"code": "es", "confidence": 1},
        "scores": None,
        "matches": [],
        "at": "2026-03-01T12:00:00Z",
        "source": "gazette",
    }
    Path("verdicts.jsonl").write_text(json.dumps(verdict) + "\n", encoding="utf-8")
    assert "taken for es" in explain("roots.turnip", "--comment", "verdicts.jsonl").output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["roots.turnip"], "either --text or --comment"),
        (["roots.turnips", "--text", "x"], "did you mean `roots.turnip`?"),
        (["roots.turnip", "--text", "x", "--score", "insult=9"], "no score from 0 to 1"),
    ],
)
def test_a_wrong_use_is_told(arguments: list[str], said: str) -> None:
    result = explain(*arguments)
    assert 2 == result.exit_code
    assert said in result.output
