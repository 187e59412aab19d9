from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from monitor.cli import command_line

RULE = """id: roots.turnip
title: A root
why: Roots are off topic (policy 3).
owner: kitchen
status: shadow
severity: low
when: {text: {words: [turnip]}}
tests:
  - {it: finds one, comment: {text: a turnip}, expect: alert}
  - {it: leaves carrots alone, comment: {text: a carrot}, expect: nothing}
"""


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in a folder with a rule that ran in shadow, its archive and decisions."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("COMMENT_MONITOR_")]:
        monkeypatch.delenv(name)
    Path("rules").mkdir()
    write(RULE)
    lines("archive.jsonl", *map(verdict, range(60)))
    lines("decisions.jsonl", *({"comment": f"gazette:c{n}", "decision": "confirmed"} for n in range(25)))


def write(rule: str) -> None:
    Path("rules/a.yaml").write_text(rule, encoding="utf-8")


def lines(name: str, *records: object) -> None:
    Path(name).write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")


def verdict(number: int) -> dict[str, object]:
    return {
        "id": f"c{number}",
        "author": "ann",
        "text": "a turnip",
        "language": {"code": "en", "confidence": 0.5},
        "scores": None,
        "matches": [{"rule": "old.rule", "severity": "low", "status": "live", "view": None, "spans": []}],
        "at": f"2026-03-01T12:{number:02}:00Z",
        "source": "gazette",
    }


def promote(*arguments: str) -> Result:
    return CliRunner().invoke(command_line, ["rules", "promote", "roots.turnip", *arguments])


PROOF = ("--archive", "archive.jsonl", "--decisions", "decisions.jsonl")


def test_a_rule_that_has_proved_itself_is_ready() -> None:
    result = promote(*PROOF)
    assert 0 == result.exit_code
    assert [
        "✓ status     it is in shadow",
        "✓ owner      kitchen",
        "✓ why        Roots are off topic (policy 3).",
        "✓ tests      2 hold, and harmless comments are left alone",
        "✓ matches    60 in the archive, 50 are needed",
        "✓ decisions  25 alerts, 20 are needed",
        "✓ precision  100%, 95% is needed",
        f"ready: set `status: live` in {Path('rules/a.yaml')}:1",
    ] == result.output.splitlines()


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (RULE.replace("shadow", "draft"), "✗ status     it is draft; let it run in shadow first"),
        (RULE.replace("owner: kitchen\n", ""), "✗ owner      write `owner:` into the rule"),
        (
            RULE.replace("expect: nothing", "expect: alert"),
            "✗ tests      add a test in which it stays silent",
        ),
        (
            RULE.replace("text: a carrot", "text: a Turnip"),
            "✗ tests      leaves carrots alone: expected nothing",
        ),
        (
            RULE.replace("[turnip]", "[turnip, you]"),
            "✗ tests      leaves the harmless comment in harmless.txt:",
        ),
    ],
)
def test_what_the_rule_lacks_is_said(rule: str, said: str) -> None:
    write(rule)
    result = promote(*PROOF)
    assert 1 == result.exit_code
    assert said in result.output
    assert "not ready yet" in result.output


def test_without_an_archive_nothing_is_proved() -> None:
    result = promote()
    assert 1 == result.exit_code
    assert "✗ matches    give an archive of verdicts with --archive" in result.output


def test_false_alarms_hold_it_back() -> None:
    decisions = ({"comment": f"gazette:c{n}", "decision": "false_alarm"} for n in range(25))
    lines("decisions.jsonl", *decisions)
    assert "✗ precision  0%, 95% is needed" in promote(*PROOF).output


def test_how_much_is_enough_can_be_chosen_and_read_by_machines() -> None:
    options = ("--matches", "10", "--decided", "0", "--precision", "0", "--format", "json")
    said = json.loads(promote("--archive", "archive.jsonl", *options).output)
    assert [gate["name"] for gate in said["gates"] if not gate["met"]] == ["precision"]


def test_list_shows_hits_and_when_each_rule_last_fired() -> None:
    write(RULE.replace("roots.turnip", "old.rule") + "---\n" + RULE)
    result = CliRunner().invoke(command_line, ["rules", "list", "--archive", "archive.jsonl"])
    assert ["old.rule", "60", "2026-03-01 12:59"] == [
        result.output.splitlines()[1].split()[0],
        *" ".join(result.output.splitlines()[1].split()[4:7]).split(" ", 1),
    ]
    assert "never" in result.output.splitlines()[2]


def test_list_as_json_has_numbers_for_numbers() -> None:
    write(RULE.replace("roots.turnip", "old.rule") + "---\n" + RULE)
    arguments = ["rules", "list", "--archive", "archive.jsonl", "--format", "json"]
    rows = json.loads(CliRunner().invoke(command_line, arguments).output)
    assert [(60, "2026-03-01T12:59:00Z"), (0, None)] == [(row["hits"], row["last_fired"]) for row in rows]
