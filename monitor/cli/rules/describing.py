"""`rules schema`: what editors complete and check by."""

from __future__ import annotations

from pathlib import Path

import click

from monitor.cli.output import json_text, print_or_write
from monitor.engine.schema import rule_schema


@click.command(short_help="Print the JSON Schema of rule files, by which editors complete.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write it there, such as rules/schema.json.",
)
def command(out: Path | None) -> None:
    """Print the JSON Schema of rule files, by which editors complete and check while you type.

    With it beside your rules, `# yaml-language-server: $schema=schema.json` as the first line of a rule
    file is all that an editor with YAML support needs.
    """
    print_or_write(json_text(rule_schema()), out)
