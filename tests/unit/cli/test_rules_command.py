from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from monitor.cli import command_line
from monitor.services.benign import harmless_comments

GOOD = """id: roots.turnip
title: Somebody is called a turnip
why: For this test.
owner: kitchen
status: live
severity: low
when: {text: {words: [turnip]}}
tests:
  - {it: finds one, comment: {text: a turnip}, expect: alert}
  - {it: leaves carrots alone, comment: {text: a carrot}, expect: nothing}
"""
HARMLESS = len(harmless_comments())
FAILING = GOOD.replace("{text: a carrot}, expect: nothing", "{text: a Turnip}, expect: nothing")
BAD = "id: roots.turnip\ntitle: A rule\nseverity: loud\nwhen: {text: {wordz: [turnip]}}\n"


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in an empty folder with no settings."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("COMMENT_MONITOR_")]:
        monkeypatch.delenv(name)


def write(text: str, path: str = "rules/a.yaml") -> None:
    Path(path).parent.mkdir(exist_ok=True)
    Path(path).write_text(text, encoding="utf-8")


def rules(*arguments: str) -> Result:
    return CliRunner().invoke(command_line, ["rules", *arguments])


def test_check_of_sound_rules_is_quiet_and_succeeds() -> None:
    write(GOOD)
    checked = rules("check")
    assert (checked.exit_code, checked.output) == (0, "1 rule, 0 errors, 0 warnings\n")


def test_check_shows_every_problem_with_its_line_and_fails() -> None:
    write(BAD)
    checked = rules("check")
    assert checked.exit_code == 1
    assert "rules/a.yaml:3:11: error: " in checked.output
    assert "rules/a.yaml:4:15: error: " in checked.output
    assert "did you mean `words`?" in checked.output
    assert checked.output.endswith("2 errors, 0 warnings\n")


def test_check_as_json_is_for_machines() -> None:
    write(BAD)
    said = json.loads(rules("check", "--format", "json").output)
    assert [(each["line"], each["column"], each["level"]) for each in said["problems"]] == [
        (3, 11, "error"),
        (4, 15, "error"),
    ]


def test_check_as_github_annotates_the_change() -> None:
    write(BAD)
    first = rules("check", "--format", "github").output.splitlines()[0]
    assert first.startswith("::error file=rules/a.yaml,line=3,col=11::")


def test_check_of_given_paths_leaves_the_own_folder_alone() -> None:
    write(BAD)
    write(GOOD, "more/b.yaml")
    assert rules("check", "more").exit_code == 0


def test_the_setting_says_where_the_rules_are() -> None:
    write(GOOD, "elsewhere/a.yaml")
    Path("comment-monitor.toml").write_text('[rules]\npath = "elsewhere"\n', encoding="utf-8")
    assert rules("check").output == "1 rule, 0 errors, 0 warnings\n"


def test_a_path_that_is_not_there_is_a_wrong_use() -> None:
    assert rules("check", "nowhere").exit_code == 2


def test_test_counts_rules_tests_and_failures() -> None:
    write(GOOD)
    tested = rules("test")
    assert (tested.exit_code, tested.output) == (
        0,
        f"1 rule, 2 tests, {HARMLESS} harmless comments, 0 failures\n",
    )


def test_a_failing_test_says_where_and_why() -> None:
    write(FAILING)
    tested = rules("test")
    assert tested.exit_code == 1
    assert tested.output.splitlines() == [
        "rules/a.yaml:10: failed: roots.turnip: leaves carrots alone",
        "    expected nothing, got an alert",
        "    it found “Turnip”",
        f"1 rule, 2 tests, {HARMLESS} harmless comments, 1 failure",
    ]


def test_test_as_json_is_for_machines() -> None:
    write(FAILING)
    said = json.loads(rules("test", "--format", "json").output)
    assert (said["rules"], said["tests"]) == (1, 2)
    assert said["failures"][0]["why"] == "it found “Turnip”"


def test_test_as_github_annotates_the_change() -> None:
    write(FAILING)
    first = rules("test", "--format", "github").output.splitlines()[0]
    assert first == (
        "::error file=rules/a.yaml,line=10,col=1::roots.turnip: leaves carrots alone: "
        "expected nothing, got an alert%0Ait found “Turnip”"
    )


def test_rules_that_cannot_be_read_are_not_tested() -> None:
    write(BAD)
    tested = rules("test")
    assert tested.exit_code == 1
    assert tested.output.endswith("2 errors, 0 warnings\n")


def test_tests_of_rules_that_ask_for_the_language_have_it_identified() -> None:
    write(
        GOOD.replace("when:", "applies_to: {languages: [de]}\nwhen:").replace(
            "a turnip", "das ist wirklich eine sehr schöne turnip"
        )
    )
    assert rules("test").output == f"1 rule, 2 tests, {HARMLESS} harmless comments, 0 failures\n"


def test_list_shows_what_is_in_force_and_where_it_stands() -> None:
    write(GOOD)
    assert rules("list").output.splitlines() == [
        "ID            STATUS  SEVERITY  OWNER    WHERE",
        "roots.turnip  live    low       kitchen  rules/a.yaml:1",
        "1 rule, 1 live, from rules",
    ]


def test_list_as_json_is_for_machines() -> None:
    write(GOOD)
    assert json.loads(rules("list", "--format", "json").output) == [
        {
            "id": "roots.turnip",
            "status": "live",
            "severity": "low",
            "owner": "kitchen",
            "where": "rules/a.yaml:1",
            "overridden_by": None,
        }
    ]


def test_list_says_where_a_rule_is_overridden() -> None:
    write(GOOD)
    Path("rules/b.yaml").write_text("override: roots.turnip\nseverity: high\n", encoding="utf-8")
    assert rules("list").output.splitlines()[:2] == [
        "ID            STATUS  SEVERITY  OWNER    WHERE           OVERRIDDEN BY",
        "roots.turnip  live    high      kitchen  rules/a.yaml:1  rules/b.yaml:1",
    ]
    (listed,) = json.loads(rules("list", "--format", "json").output)
    assert "rules/b.yaml:1" == listed["overridden_by"]


def test_list_of_broken_rules_says_what_is_wrong() -> None:
    write(BAD)
    listed = rules("list")
    assert listed.exit_code == 1
    assert "rules/a.yaml:3:11: error: " in listed.output


def test_the_commands_need_neither_kafka_nor_a_model() -> None:
    write(GOOD)
    program = (
        "import sys\n"
        "from monitor.cli.rules import command\n"
        "heavy = {'torch', 'detoxify', 'faust', 'aiokafka', 'py3langid', 'numpy', 'aiohttp'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert loaded.stdout == "[]\n"


def test_overrides_in_a_local_folder_stand_beside_the_rules() -> None:
    write(GOOD, "packs/a.yaml")
    write("override: roots.turnip\nstatus: shadow\n", "ours/tuning.yaml")
    Path("comment-monitor.toml").write_text('[rules]\npath = "packs"\nlocal = "ours"\n', encoding="utf-8")
    listed = rules("list").output.splitlines()
    assert ["roots.turnip", "shadow"] == listed[1].split()[:2]
    assert "1 rule, 0 live, from packs and ours" == listed[-1]
