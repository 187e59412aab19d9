from __future__ import annotations

import json
import os
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from monitor.cli import command_line

EXAMPLE = """
[kafka]
bootstrap = "broker:9092"
security_protocol = "SASL_SSL"
sasl_username = "monitor"
sasl_password = "correct horse"
"""


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in a folder with a settings file and no settings in the environment."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("COMMENT_MONITOR_")]:
        monkeypatch.delenv(name)
    Path("comment-monitor.toml").write_text(EXAMPLE, encoding="utf-8")


def run(*arguments: str, **environ: str) -> Result:
    return CliRunner(env=environ).invoke(command_line, ["config", *arguments])


def test_show_prints_a_settings_file_with_origins() -> None:
    shown = run("show").output
    assert 'bootstrap = "broker:9092"  # comment-monitor.toml:3\n' in shown
    assert tomllib.loads(shown)["kafka"]["bootstrap"] == "broker:9092"


def test_show_masks_secrets() -> None:
    assert 'sasl_password = "********"' in run("show").output
    assert "correct horse" not in run("show").output + run("show", "--format", "json").output


def test_show_as_json_is_for_machines() -> None:
    values = {each["key"]: each for each in json.loads(run("show", "--format", "json").output)}
    assert values["kafka.bootstrap"]["origin"] == {"kind": "file", "where": "comment-monitor.toml:3"}
    assert values["http.port"] == {
        "key": "http.port",
        "value": 8080,
        "origin": {"kind": "default", "where": ""},
    }


def test_show_names_the_variable_that_won() -> None:
    shown = run("show", COMMENT_MONITOR_HTTP__PORT="9000").output
    assert "port = 9000  # environment COMMENT_MONITOR_HTTP__PORT\n" in shown


def test_check_says_that_all_is_right() -> None:
    result = run("check")
    assert (result.exit_code, result.stdout) == (0, "comment-monitor.toml: right\n")


def test_check_shows_every_mistake_and_fails() -> None:
    Path("comment-monitor.toml").write_text("[http]\nport = -1\nhots = 'x'\n", encoding="utf-8")
    result = run("check")
    assert result.exit_code == 78
    assert "comment-monitor.toml:2:8: error: http.port" in result.stderr
    assert "comment-monitor.toml:3:1: error: unknown key 'hots' in http" in result.stderr


def test_check_finds_files_that_do_not_exist() -> None:
    result = run("check", COMMENT_MONITOR_RULES__PATH="no-such-folder")
    assert result.exit_code == 78
    assert "error: rules.path: no-such-folder does not exist" in result.stderr
    assert "it is set in environment COMMENT_MONITOR_RULES__PATH" in result.stderr


def test_check_finds_types_that_nothing_installed_provides() -> None:
    result = run("check", COMMENT_MONITOR_RECEIVERS='[{"name": "desk", "type": "webhok"}]')
    assert result.exit_code == 78
    assert result.stderr == (
        "error: receiver 'desk': there is no type 'webhok'\n    hint: did you mean 'webhook'?\n"
    )


def test_schema_is_json_schema() -> None:
    schema = json.loads(run("schema").output)
    assert schema["properties"]["http"]["properties"]["port"]["default"] == 8080


def test_check_finds_that_a_folder_of_source_files_is_not_there() -> None:
    Path("comment-monitor.toml").write_text('[[sources]]\ntype = "site"\npath = "sites"\n', encoding="utf-8")
    result = run("check")
    assert result.exit_code == 78
    assert "sources.0.path: sites does not exist" in result.stderr
