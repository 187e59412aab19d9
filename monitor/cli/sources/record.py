"""`sources record`: one answer of a site, byte for byte, to try a source file against and to show others."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Final

import click

from monitor.cli.output import counted
from monitor.cli.sources.answers import headers_of, save
from monitor.cli.sources.sites import opened_web, site_of, threads_of
from monitor.domain.errors import Misconfigured
from monitor.settings.secret import Secret
from monitor.sources.declared.site import DeclaredSite
from monitor.sources.describing import source_texts
from monitor.sources.web.message import Answer, Request, Web

_SUFFIXES: Final = {"json": ".json", "html": ".html", "xml": ".xml", "csv": ".csv", "plain": ".txt"}


@click.command(short_help="Save a site's answers, to try a source file against them.")
@click.argument("path", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--out",
    required=True,
    metavar="FILE|DIR",
    help="Where to; in a folder (DIR/ or one that exists) it is named after the source.",
)
def command(path: Path, out: str) -> None:
    """Ask a source's site once and save its answer: the body byte for byte, the headers beside it.

    A site that is asked thread by thread is asked for its threads and for the first one's comments.
    `sources try --file` and `sources detect` read what was saved. The source's own secrets and cookies
    are starred out; the words of people are not: keep what you saved as you keep their comments.
    """
    text = source_texts(path)[0]
    site = site_of(text, "record", saved=False)
    for name, request, answer in asyncio.run(_asked(site)):
        target = _target(out, f"{site.name}{name}{_suffix(answer)}", name)
        if target.exists():
            raise Misconfigured.plain(f"{target} is there already", hint="choose another name for --out")
        starred = save(answer, target, _secrets(request))
        click.echo(
            f"{target}: HTTP {answer.status}, {len(answer.body)} bytes; headers in {headers_of(target).name}"
        )
        if starred:
            click.echo(f"{target}: {counted(starred, 'secret')} in the body starred out")
    click.echo("these hold people's words and names: keep them as you keep the comments", err=True)


def _target(out: str, in_folder: str, name: str) -> Path:
    """Return the file of an answer: in the folder that was named, or as it was named itself."""
    path = Path(out)
    if path.is_dir() or out.endswith("/"):
        return path / in_folder
    return path.with_name(f"{path.stem}{name}{path.suffix}")


async def _asked(site: DeclaredSite) -> list[tuple[str, Request, Answer]]:
    """Return what was asked and answered, each with what its file's name ends with."""
    async with opened_web() as web:
        listing, threads = await threads_of(site, web)
        request = site.first(threads[0]) if threads else None
        asked: list[tuple[str, Request, Answer]] = []
        if listing is not None and (listed := site.listing()) is not None:
            asked.append((".threads", listed, listing))
        if request is not None:
            asked.append(("", request, await _whatever(web, request, site)))
        return asked


async def _whatever(web: Web, request: Request, site: DeclaredSite) -> Answer:
    """Return the answer, of the wanted kind or not: the unwanted ones are what people ask about."""
    return await web.ask(replace(request, accept=()), site.manners)


def _secrets(request: Request) -> list[str]:
    """Return what must not be shown; of `Bearer TOKEN` the token."""
    values = (*request.headers.values(), *request.params.values())
    secrets = [value.reveal() for value in values if isinstance(value, Secret)]
    return [secret.partition(" ")[2] or secret for secret in secrets]


def _suffix(answer: Answer) -> str:
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().rpartition("/")[2]
    return next((suffix for name, suffix in _SUFFIXES.items() if name in kind), ".body")
