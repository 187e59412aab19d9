from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from monitor.cli import command_line
from monitor.engine.schema import rule_schema


def test_the_schema_goes_to_standard_output() -> None:
    printed = CliRunner().invoke(command_line, ["rules", "schema"])
    assert rule_schema() == json.loads(printed.output)


def test_the_schema_goes_where_editors_look_for_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    CliRunner().invoke(command_line, ["rules", "schema", "--out", "rules/schema.json"])
    assert rule_schema() == json.loads(Path("rules/schema.json").read_text(encoding="utf-8"))
