from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from monitor.cli import command_line

RULE = (
    "id: roots.{name}\ntitle: A root\nstatus: {status}\nseverity: low\nwhen: {{text: {{words: [{name}]}}}}\n"
)


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in a folder with rules, an archive and no settings."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("COMMENT_MONITOR_")]:
        monkeypatch.delenv(name)
    write("rules", *("turnip", "carrot"))
    archive(
        *(verdict(number, text) for number, text in enumerate(["a turnip", "a carrot", "turnip, carrot"]))
    )


def write(folder: str, *names: str, status: str = "shadow") -> None:
    Path(folder).mkdir()
    for name in names:
        Path(folder, f"{name}.yaml").write_text(RULE.format(name=name, status=status), encoding="utf-8")


def verdict(number: int, text: str, at: str = "2026-03-01T12:{:02}:00Z") -> dict[str, object]:
    return {
        "id": f"c{number}",
        "author": "ann",
        "text": text,
        "language": {"code": "en", "confidence": 0.5},
        "scores": None,
        "matches": [],
        "at": at.format(number),
        "source": "gazette",
        "thread": "soups",
    }


def archive(*lines: object) -> None:
    Path("verdicts.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")


def backtest(*arguments: str) -> Result:
    return CliRunner().invoke(command_line, ["rules", "backtest", "--file", "verdicts.jsonl", *arguments])


def test_one_rule_is_told_of_at_length() -> None:
    assert [
        "3 verdicts over 1 hour, 2026-03-01 12:00 to 2026-03-01 12:02",
        "",
        "roots.turnip (shadow)",
        "  matches    2 by 1 author (2 by one) in 1 thread",
        "  alerts     2, 2 an hour: 2 low; most in one hour 2, 2026-03-01 12:00",
        "  overlap    50% with roots.carrot",
        "  sample     2026-03-01 12:00 gazette:c0: a turnip",
        "  sample     2026-03-01 12:02 gazette:c2: turnip, carrot",
    ] == backtest("roots.turnip").output.splitlines()


def test_many_rules_are_a_table() -> None:
    write("more", *(f"root{letter}" for letter in "abcd"), "turnip")
    lines = backtest("--rules", "more").output.splitlines()
    assert ["RULE", "STATUS", "MATCHES"] == lines[1].split()[:3]
    assert ["roots.turnip", "shadow", "2"] == lines[2].split()[:3]
    assert "4 rules matched nothing" == lines[3]


def test_as_json_for_machines() -> None:
    said = json.loads(backtest("roots.turnip", "--format", "json").output)
    assert (3, 2) == (said["verdicts"], said["rules"][0]["alerts"])


def test_the_version_in_force_is_compared_with() -> None:
    write("inforce", "turnip", status="shadow")
    Path("rules/turnip.yaml").write_text(
        RULE.format(name="turnip", status="shadow").replace("[turnip]", "[carrot]")
    )
    output = backtest("roots.turnip", "--against", "inforce").output
    assert "  against    matches +1 -1" in output
    assert "  new        2026-03-01 12:01 gazette:c1: a carrot" in output


def test_decisions_give_the_precision() -> None:
    decided = {"comment": "gazette:c0", "decision": "false_alarm"}
    Path("decisions.jsonl").write_text(json.dumps(decided) + "\n", encoding="utf-8")
    output = backtest("roots.turnip", "--decisions", "decisions.jsonl").output
    assert "  precision  0% of 1 decided, at least 0%" in output


def test_a_line_that_is_no_decision_is_shown_with_its_place() -> None:
    Path("decisions.jsonl").write_text("{}\n", encoding="utf-8")
    result = backtest("--decisions", "decisions.jsonl")
    assert 78 == result.exit_code
    assert "decisions.jsonl:1:1: error: this is no decision" in result.stderr


def test_only_the_recent_past_may_count() -> None:
    archive(verdict(1, "turnip"), verdict(2, "turnip", at="2999-01-01T00:00:00Z"))
    result = backtest("roots.turnip", "--since", "7d")
    assert "1 verdict older than that left out" in result.stderr
    assert "  matches    1 by" in result.stdout


def test_lines_that_are_no_verdict_are_left_out_and_told() -> None:
    archive(verdict(1, "turnip"), *[{"id": "old", "text": "x"}] * 5)
    result = backtest("roots.turnip")
    assert 0 == result.exit_code
    assert "verdicts.jsonl:2: left out: " in result.stderr
    assert "and 2 more lines left out" in result.stderr


def test_an_archive_without_any_verdict_is_an_error() -> None:
    archive()
    assert 78 == backtest().exit_code


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["roots.turnips"], "did you mean `roots.turnip`?"), (["--since", "7"], "no length of time")],
)
def test_a_wrong_use_is_told(arguments: list[str], said: str) -> None:
    result = backtest(*arguments)
    assert 2 == result.exit_code
    assert said in result.output


def test_no_comment_can_command_the_terminal() -> None:
    archive(verdict(1, "turnip \x1b[2J \u202eevil"))
    result = backtest("roots.turnip")
    assert "turnip ␛[2J evil" in result.output
    assert "\x1b" not in result.output
