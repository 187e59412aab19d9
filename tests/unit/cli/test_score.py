from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from monitor.cli import command_line


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in a folder without settings."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("COMMENT_MONITOR_")]:
        monkeypatch.delenv(name)


def score(*arguments: str, given: str | None = None) -> Result:
    return CliRunner().invoke(command_line, ["score", "--scorer", "none", *arguments], input=given)


def rows(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def test_lines_of_text_are_told_apart_by_language() -> None:
    result = score(given="what are you talking about\ndas ist ein sehr schöner Garten\n🥔\n")
    assert 0 == result.exit_code
    assert [(1, "en", None), (2, "de", None), (3, "und", None)] == [
        (row["line"], row["language"], row["scores"]) for row in rows(result.stdout)
    ]
    assert "texts      3 in" in result.stderr
    assert "scored by  3 unknown" in result.stderr


def test_a_file_is_read_by_its_name_and_the_texts_keep_their_ids() -> None:
    Path("texts.jsonl").write_text('{"id": "c1", "body": "what are you talking about"}\n', encoding="utf-8")
    result = score("texts.jsonl", "--text", "body", "--out", "scores.jsonl")
    assert (0, "") == (result.exit_code, result.stdout)
    (row,) = rows(Path("scores.jsonl").read_text(encoding="utf-8"))
    assert ("c1", "en") == (row["id"], row["language"])


def test_lines_without_a_text_are_told_and_the_others_scored() -> None:
    result = score("--format", "jsonl", given='{"text": "hello"}\nhello\n{}\n"hello"\n')
    assert 65 == result.exit_code
    assert [1, 4] == [row["line"] for row in rows(result.stdout)]
    assert "no text    line 2: it is no JSON object" in result.stderr
    assert "no text    line 3: it has no 'text'" in result.stderr


def test_many_lines_without_a_text_are_counted() -> None:
    assert "and 2 more" in score("--format", "jsonl", given="hello\n" * 12).stderr


def test_the_language_can_be_given() -> None:
    result = score("--language", "tr", given="?\n")
    assert ["tr"] == [row["language"] for row in rows(result.stdout)]


@pytest.mark.parametrize(("tag", "code"), [("EN", "en"), ("pt-BR", "pt"), ("zh_Hant_TW", "zh")])
def test_a_language_is_told_as_platforms_write_it(tag: str, code: str) -> None:
    assert [code] == [row["language"] for row in rows(score("--language", tag, given="hello\n").stdout)]


def test_what_is_no_language_is_refused() -> None:
    result = score("--language", "english", given="hello\n")
    assert (2, True) == (result.exit_code, "'english' is no language code" in result.stderr)


def test_a_file_that_is_empty_has_no_rows() -> None:
    result = score(given="")
    assert (0, "") == (result.exit_code, result.stdout)
    assert "scored by  nothing" in result.stderr


def test_a_model_that_is_asked_for_and_missing_is_a_sentence() -> None:
    setting = '[toxicity]\ncheckpoint = "gone.ckpt"\nconfig_path = "base"\n'
    Path("comment-monitor.toml").write_text(setting, encoding="utf-8")
    result = score("--scorer", "detoxify", given="hello\n")
    assert 78 == result.exit_code
    assert "gone.ckpt" in result.stderr


def test_a_model_that_is_missing_is_told_and_its_fallback_works() -> None:
    setting = '[toxicity]\nscorer = "detoxify"\ncheckpoint = "gone.ckpt"\nconfig_path = "base"\n'
    Path("comment-monitor.toml").write_text(setting, encoding="utf-8")
    result = CliRunner().invoke(command_line, ["score"], input="hello\n")
    assert 0 == result.exit_code
    assert "gone.ckpt" in result.stderr
    assert "embedded-1 judges instead, by the setting toxicity.fallback" in result.stderr
    assert 1 == len(rows(result.stdout))
