"""What is true of every preset."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.sources.describing import SourceText, read_sources
from monitor.sources.idle import idle_tools
from monitor.sources.presets import load_preset, preset_names
from monitor.sources.presets.starting import starting_lines
from monitor.sources.presets.table import site_of
from tests.sites.asking import Hands


@pytest.mark.parametrize("name", preset_names())
@pytest.mark.parametrize("every_secret", [False, True])
def test_the_lines_that_a_preset_needs_make_a_source(name: str, every_secret: bool) -> None:  # noqa: FBT001 - pytest's
    lines = starting_lines(
        load_preset(name), id_="gazette", url="https://gazette.example", every_secret=every_secret
    )
    environ = {f"GAZETTE_{secret.upper()}": "s3cret" for secret in load_preset(name).secrets}
    text = SourceText(path="gazette.yaml", text=lines, base=Path())
    reading = read_sources([text], idle_tools(Hands()), environ)
    assert ((), ["gazette"]) == (reading.problems, [source.name for source in reading.sources])


@pytest.mark.parametrize("name", preset_names())
def test_every_preset_tells_what_it_cannot_see_and_what_it_was_proven_against(name: str) -> None:
    preset = load_preset(name)
    assert preset.blind
    assert preset.proven


@pytest.mark.parametrize("name", preset_names())
def test_what_a_preset_names_for_other_formats_exists(name: str) -> None:
    assert set(load_preset(name).variants.values()) <= set(preset_names())


@pytest.mark.parametrize("name", preset_names())
def test_no_preset_asks_more_often_than_every_ten_seconds_or_more_than_once_a_second(name: str) -> None:
    site = site_of(load_preset(name))
    assert site is None or (site.policy.floor >= 10 and site.manners.rate <= 1)
