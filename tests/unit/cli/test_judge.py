from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from monitor.cli import command_line

RULES = """
id: insults.turnip
title: Somebody is called a turnip
why: For this test.
owner: tests
status: live
severity: {severity}
when: {{text: {{words: [turnip]}}}}
tests:
  - {{it: finds one, comment: {{text: a turnip}}, expect: alert}}
  - {{it: leaves carrots alone, comment: {{text: a carrot}}, expect: nothing}}
"""

COMMENTS = [
    {"id": "c1", "author": "ann", "text": "you turnip, what are you talking about"},
    {"id": "c2", "author": "bob", "text": "das ist wirklich ein sehr schöner Garten"},
    {"id": "c3", "text": "turnip again"},
]


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in a folder with rules and comments, and no settings."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("COMMENT_MONITOR_")]:
        monkeypatch.delenv(name)
    for folder, severity in (("rules", "high"), ("others", "low")):
        Path(folder).mkdir()
        Path(folder, "turnips.yaml").write_text(RULES.format(severity=severity), encoding="utf-8")
    write("comments.jsonl", *COMMENTS)


def write(name: str, *records: object) -> None:
    Path(name).write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")


def judge(*arguments: str, given: str | None = None) -> Result:
    return CliRunner().invoke(command_line, ["judge", *arguments], input=given)


def rows(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def test_verdicts_go_to_standard_output_and_the_summary_beside_it() -> None:
    result = judge("--input", "comments.jsonl")
    assert 0 == result.exit_code
    assert ["c1", "c2", "c3"] == [row["id"] for row in rows(result.stdout)]
    assert ["ann", "bob", None] == [row["author"] for row in rows(result.stdout)]
    assert [
        "comments   3",
        "rules      1",
        "languages  2 en, 1 de",
        "scores     3 by embedded-1",
        "alerts     2 high",
    ] == result.stderr.splitlines()


def test_the_summary_tells_what_scored_and_why_the_others_have_no_scores() -> None:
    texts = ("what are you talking about", "el puente está cerrado otra vez", "?")
    write("mixed.jsonl", *({"id": str(number), "text": text} for number, text in enumerate(texts)))
    said = judge("--input", "mixed.jsonl").stderr
    assert "scores     1 by embedded-1, 1 in a language that no model knows, 1 unknown" in said


def test_verdicts_and_alerts_go_to_files() -> None:
    result = judge("--input", "comments.jsonl", "--out", "verdicts.jsonl", "--alerts", "alerts.jsonl")
    assert "" == result.stdout
    assert 3 == len(rows(Path("verdicts.jsonl").read_text(encoding="utf-8")))
    alerts = rows(Path("alerts.jsonl").read_text(encoding="utf-8"))
    assert [["c1"], ["c3"]] == [row["comments"] for row in alerts]
    assert ["comment=comments:c1", "comment=comments:c3"] == [row["key"] for row in alerts]


def test_other_rules_can_be_tried() -> None:
    result = judge("--input", "comments.jsonl", "--rules", "others")
    assert "alerts     2 low" in result.stderr


def test_the_source_can_be_named() -> None:
    judge("--input", "comments.jsonl", "--source", "gazette", "--alerts", "alerts.jsonl")
    alerts = rows(Path("alerts.jsonl").read_text(encoding="utf-8"))
    assert "comment=gazette:c1" == alerts[0]["key"]


def test_a_table_is_read_by_its_name() -> None:
    Path("comments.csv").write_text("id,text\nc1,you turnip\n", encoding="utf-8")
    assert ["c1"] == [row["id"] for row in rows(judge("--input", "comments.csv").stdout)]


@pytest.mark.parametrize("given", ["", "\n"])
def test_an_empty_file_is_no_comments(given: str) -> None:
    Path("empty.jsonl").write_text(given, encoding="utf-8")
    result = judge("--input", "empty.jsonl", "--out", "verdicts.jsonl")
    assert (0, "") == (result.exit_code, Path("verdicts.jsonl").read_text(encoding="utf-8"))
    assert "languages  none" in result.stderr


def test_records_that_cannot_be_read_are_told_and_the_others_judged() -> None:
    write("comments.jsonl", COMMENTS[0], {"id": "lost"}, COMMENTS[2])
    result = judge("--input", "comments.jsonl")
    assert 65 == result.exit_code
    assert ["c1", "c3"] == [row["id"] for row in rows(result.stdout)]
    assert "comments.jsonl:2" in result.stderr
    assert "could not be read and was not judged" in result.stderr


def test_many_records_that_cannot_be_read_are_counted() -> None:
    write("comments.jsonl", *[{"id": "lost"}] * 12)
    assert "           and 2 more" in judge("--input", "comments.jsonl").stderr


def test_an_output_that_cannot_be_written_is_a_sentence() -> None:
    result = judge("--input", "comments.jsonl", "--out", "no/such/folder.jsonl")
    assert 1 == result.exit_code
    assert "no/such/folder.jsonl" in result.stderr


def test_a_missing_file_is_a_sentence() -> None:
    Path("verdicts.jsonl").write_text("of yesterday", encoding="utf-8")
    result = judge("--input", "missing.jsonl", "--out", "verdicts.jsonl")
    assert "of yesterday" == Path("verdicts.jsonl").read_text(encoding="utf-8")
    assert 78 == result.exit_code
    assert "missing.jsonl" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_mistake_in_a_rule_is_shown_before_anything_is_judged() -> None:
    Path("rules", "broken.yaml").write_text("id: x\nwhen: {}\n", encoding="utf-8")
    result = judge("--input", "comments.jsonl", "--out", "verdicts.jsonl")
    assert 78 == result.exit_code
    assert "broken.yaml:" in result.stderr
    assert not Path("verdicts.jsonl").exists()


def test_a_model_that_is_missing_leaves_the_scores_unknown_and_is_told() -> None:
    setting = '[toxicity]\nscorer = "detoxify"\ncheckpoint = "weights.ckpt"\nconfig_path = "base"\n'
    Path("comment-monitor.toml").write_text(setting, encoding="utf-8")
    result = judge("--input", "comments.jsonl")
    assert 0 == result.exit_code
    assert "no detoxify model at" in result.stderr
    assert "weights.ckpt" in result.stderr
    assert "no detoxify model" not in judge("--input", "comments.jsonl", "--scorer", "none").stderr


def test_who_asks_for_a_model_gets_no_other() -> None:
    setting = '[toxicity]\ncheckpoint = "weights.ckpt"\nconfig_path = "base"\n'
    Path("comment-monitor.toml").write_text(setting, encoding="utf-8")
    result = judge("--input", "comments.jsonl", "--scorer", "detoxify")
    assert 78 == result.exit_code
    assert "no detoxify model at" in result.stderr
