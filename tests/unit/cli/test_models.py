from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from monitor.cli import command_line
from monitor.domain.signals import LABELS


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in a folder of its own, with no settings but the ones given."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("COMMENT_MONITOR_")]:
        monkeypatch.delenv(name)


def models(*arguments: str) -> Result:
    return CliRunner().invoke(command_line, ["models", *arguments])


def test_each_model_tells_its_languages_and_labels() -> None:
    found = {each["model"]: each for each in json.loads(models("--json").stdout)}
    assert {"embedded-1", "original", "unbiased", "multilingual"} <= set(found)
    ours = found["embedded-1"]
    assert ("embedded", list(LABELS)) == (ours["scorer"], ours["languages"]["en"])
    assert {"en", "de", "pt", "zh", "ar"} == set(ours["languages"])
    assert "threat" not in ours["languages"]["de"]


def test_the_model_in_use_is_marked() -> None:
    assert ["* embedded"] == marked(models())
    Path("comment-monitor.toml").write_text('[toxicity]\nscorer = "detoxify"\nmodel = "multilingual"\n')
    assert ["* detoxify"] == marked(models())
    Path("comment-monitor.toml").write_text('[toxicity]\nscorer = "cascade"\n')
    assert ["* embedded", "* detoxify"] == marked(models())


def marked(result: Result) -> list[str]:
    lines = [line.split() for line in result.stdout.splitlines() if line.startswith("*")]
    return [" ".join(line[:2]) for line in lines]


def test_a_model_of_ones_own_that_is_missing_is_one_sentence() -> None:
    Path("comment-monitor.toml").write_text('[toxicity]\nembedded_model = "gone.npz"\n')
    result = models()
    assert 78 == result.exit_code
    assert "gone.npz cannot be read" in result.stderr
