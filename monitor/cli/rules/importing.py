"""`rules import`: rules and lists of other tools."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from monitor.cli.output import counted
from monitor.domain.errors import Misconfigured
from monitor.engine.reading import RuleFile
from monitor.services.importing import IMPORTERS, Imported, import_rules

_LISTS: Final = "lists"


@click.command(short_help="Bring over rules and word lists from other tools.")
@click.argument("tool", type=click.Choice(sorted(IMPORTERS)))
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Write the rules here and lists below it; without it the rules go to standard output.",
)
@click.option("--force", is_flag=True, help="Write over files that are there.")
def command(tool: str, file: Path, out: Path | None, *, force: bool) -> None:
    """Bring over the rules or word lists of TOOL in FILE, and say what could not be.

    What comes over whole is in shadow; a rule that lost a part of its condition is a draft.
    """
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise Misconfigured.plain(f"{file} is not UTF-8", hint="save the file as UTF-8") from None
    imported = import_rules(tool, RuleFile(str(file), text))
    if out is None:
        _print(imported)
    else:
        _write(imported, out, f"{tool}-{file.stem.lower()}.yaml", force=force)
    _say(imported)


def _print(imported: Imported) -> None:
    if imported.lists:
        raise click.UsageError("this import makes word lists: say with --out where to write them")
    click.echo(imported.rules, nl=False)


def _write(imported: Imported, out: Path, name: str, *, force: bool) -> None:
    files = {out / name: imported.rules} if imported.rules else {}
    files |= {out / _LISTS / f"{name}.txt": text for name, text in imported.lists.items()}
    there = [path for path in files if path.exists()]
    if there and not force:
        raise Misconfigured.plain(f"{there[0]} is there already", hint="--force writes over it")
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        click.echo(str(path))


def _say(imported: Imported) -> None:
    for problem in imported.remarks:
        click.echo(str(problem), err=True)
    brought = [counted(imported.count, "rule")]
    brought += [counted(len(imported.lists), "list")] if imported.lists else []
    click.echo(f"{', '.join(brought)}, {counted(len(imported.remarks), 'remark')}", err=True)
