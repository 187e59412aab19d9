from __future__ import annotations

import json

import yaml
from click.testing import CliRunner, Result

from monitor.cli import command_line
from monitor.sources.presets import preset_names


def presets(*arguments: str) -> Result:
    return CliRunner().invoke(command_line, ["sources", "presets", *arguments])


def test_every_preset_is_listed_with_what_it_reads() -> None:
    lines = presets().output.splitlines()
    assert list(preset_names()) == [line.split()[0] for line in lines[1:]]


def test_one_preset_tells_what_it_needs_and_cannot_see_and_how_its_file_begins() -> None:
    told = presets("discourse").output
    assert "needs        `url`; may have `secrets.key`, `secrets.username`" in told
    assert "edits, late  of the last 3d, within 30m" in told
    assert "cannot see   without a key hidden posts" in told
    assert {"preset": "discourse", "id": "gazette"}.items() <= yaml.safe_load(
        told.rpartition("\n\n")[2]
    ).items()


def test_what_nobody_could_prove_says_so() -> None:
    assert "unproven: written after Disqus' documentation" in presets("disqus").output


def test_machines_get_all_of_it() -> None:
    [told] = json.loads(presets("youtube", "--format", "json").output)
    assert (["key"], "as they happen") != (told["needed_secrets"], told["deletions"])
    assert {"key": "a key of the YouTube Data API v3 (Google Cloud console)"} == told["secrets"]


def test_a_preset_that_does_not_exist_gets_a_hint() -> None:
    refused = presets("wordpres")
    assert 78 == refused.exit_code
    assert "wordpress" in refused.output
