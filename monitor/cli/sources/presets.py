"""`sources presets`: what there is, what each needs, and how a source file of it begins."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import click

from monitor.cli.output import TEXT_OR_JSON, json_text, table_lines
from monitor.sources.presets import Preset, load_preset, preset_names
from monitor.sources.presets.starting import starting_lines
from monitor.sources.presets.table import found_out, needs


@click.command(short_help="List the presets and what each needs, or show one.")
@click.argument("name", required=False)
@TEXT_OR_JSON
def command(name: str | None, form: Literal["text", "json"]) -> None:
    """List the presets, or show one: what it needs, what it finds out and what it cannot see.

    The last lines are a source file to begin with.
    """
    shown = [load_preset(each) for each in ([name] if name else preset_names())]
    if form == "json":
        click.echo(json_text([_record(preset) for preset in shown]))
    elif name:
        click.echo("\n".join(_lines(shown[0])))
    else:
        rows = [{"preset": preset.name, "reads": preset.about} for preset in shown]
        click.echo("\n".join(table_lines(rows)))


def _lines(preset: Preset) -> Iterator[str]:
    late, deletions = found_out(preset)
    yield f"{preset.name}: {preset.about}"
    if preset.unproven:
        yield f"unproven: {preset.unproven}"
    yield f"\nneeds        {'; '.join(needs(preset)) or 'nothing'}"
    if preset.url:
        yield f"  url        {preset.url}"
    yield from (f"  {secret:<10} {says}" for secret, says in preset.secrets.items())
    for option, given in preset.options.items():
        otherwise = f"without it {given.default}" if given.default is not None else f"such as {given.example}"
        yield f"  {option:<10} {given.says} ({otherwise})"
    yield f"edits, late  {late}"
    yield f"deletions    {deletions}"
    yield f"cannot see   {preset.blind}"
    yield f"proven       {preset.proven}"
    for answers, other in preset.variants.items():
        yield f"{answers + ' of such a site':<12} `{other}`"
    yield f"\n{_start(preset).rstrip()}"


def _start(preset: Preset) -> str:
    return starting_lines(preset, id_="gazette", url="https://gazette.example", every_secret=True)


def _record(preset: Preset) -> dict[str, object]:
    late, deletions = found_out(preset)
    return {
        "preset": preset.name,
        "reads": preset.about,
        "unproven": preset.unproven or None,
        "url": preset.url or None,
        "secrets": preset.secrets,
        "needed_secrets": preset.needed_secrets,
        "options": {
            name: {"says": option.says, "default": option.default} for name, option in preset.options.items()
        },
        "edits_and_late": late,
        "deletions": deletions,
        "cannot_see": preset.blind,
        "proven_against": preset.proven,
        "variants": preset.variants,
        "file": _start(preset),
    }
