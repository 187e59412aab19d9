"""`sources schema`: what editors complete and check by."""

from __future__ import annotations

from pathlib import Path

import click

from monitor.cli.output import json_text, print_or_write
from monitor.sources.declared.schema import source_schema
from monitor.sources.push.forms import LISTENING


@click.command(short_help="Print the JSON Schema of source files, by which editors complete.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write it there, such as sources/schema.json.",
)
def command(out: Path | None) -> None:
    """Print the JSON Schema of source files, by which editors complete and check while you type.

    With it beside your sources, `# yaml-language-server: $schema=schema.json` as the first line of a
    source file is all that an editor with YAML support needs.
    """
    print_or_write(json_text(source_schema(LISTENING)), out)
