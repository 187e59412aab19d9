from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from monitor.cli import command_line


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in a folder of its own, with no settings but the ones given."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("COMMENT_MONITOR_")]:
        monkeypatch.delenv(name)
    Path("rows.csv").write_text(
        "text,toxicity,threat,lang\n"
        "you are a stupid idiot and everybody hates you,1,0,en\n"
        "shut up you worthless idiot,1,,en\n"
        "thank you for the lovely pictures of your garden,0,0,en\n"
        "the train to the coast leaves at noon,0,0,en\n"
        "mitä kello on nyt,0,0,fi\n",
        encoding="utf-8",
    )


def evaluate(*arguments: str) -> Result:
    return CliRunner().invoke(command_line, ["evaluate", "rows.csv", *arguments])


def test_figures_come_as_a_table() -> None:
    result = evaluate("--scorer", "embedded")
    assert 0 == result.exit_code
    first, heading, row = (line.split() for line in result.stdout.splitlines()[:3])
    assert "on 5 comments, 1 of them not scored" == " ".join(first[1:])
    assert ["language", "label", "comments", "with", "it", "AUC"] == heading[:6]
    assert ["all", "toxicity", "4", "2", "1.000", "1.000"] == row[:6]


def test_a_program_reads_them_as_json() -> None:
    found = json.loads(evaluate("--scorer", "embedded", "--json").stdout)
    assert (5, 1) == (found["n"], found["unscored"])
    assert {"en", "fi"} == set(found["languages"])
    toxicity = found["labels"]["toxicity"]
    assert (4, 2, 1.0, 1.0) == tuple(toxicity[key] for key in ("n", "positives", "auc", "average_precision"))
    assert {"0.01": 1.0, "0.02": 1.0, "0.05": 1.0} == toxicity["recall_at_fpr"]
    assert 0 <= toxicity["calibration_error"] < 0.5
    assert {
        "n": 3,
        "positives": 0,
        "auc": None,
        "average_precision": None,
        "recall_at_fpr": {"0.01": None, "0.02": None, "0.05": None},
        "calibration_error": None,
    } == found["labels"]["threat"]


def test_a_doubt_for_the_cascade_is_proposed() -> None:
    said = evaluate("--scorer", "embedded", "--recall", "0.95").stdout.splitlines()[-3:]
    assert said[0].startswith("toxicity.doubt = ")
    assert "  100.0% of toxicity" == said[1]
    assert said[2].endswith("% of what has none of these labels")
    found = json.loads(evaluate("--scorer", "embedded", "--recall", "0.95", "--json").stdout)
    assert {"share", "found", "harmless"} == set(found["doubt"])


@pytest.mark.slow
def test_pictures_are_drawn() -> None:
    pytest.importorskip("matplotlib")
    assert 0 == evaluate("--scorer", "embedded", "--plots", "pictures").exit_code
    for name in ("roc.png", "calibration.png"):
        assert Path("pictures", name).read_bytes().startswith(b"\x89PNG")


def test_without_matplotlib_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)  # as if it were not installed
    result = evaluate("--scorer", "embedded", "--plots", "pictures")
    assert (78, False) == (result.exit_code, Path("pictures").exists())
    assert "comment-monitor[plots]" in result.stderr


def test_no_scorer_cannot_be_evaluated() -> None:
    result = evaluate("--scorer", "none")
    assert 78 == result.exit_code
    assert "there is no scorer to evaluate" in result.stderr


def test_a_missing_file_is_one_sentence() -> None:
    result = CliRunner().invoke(command_line, ["evaluate", "none.csv", "--scorer", "embedded"])
    assert 78 == result.exit_code
    assert "none.csv cannot be read: No such file or directory" in result.stderr
