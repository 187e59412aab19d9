"""`sources try`: the first comments of a site, or of a saved answer, with every field's origin."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import IO, Final, Literal, TypedDict, Unpack

import click
import msgspec

from monitor.cli.output import TEXT_OR_JSON, counted
from monitor.cli.sources.answers import answer_of
from monitor.cli.sources.printing import printable
from monitor.cli.sources.sites import opened_web, site_of, threads_of
from monitor.sources.declared.site import DeclaredSite
from monitor.sources.declared.trying import IN_FILE, Trial, Tried, canonical, try_answer
from monitor.sources.describing import SourceText, source_texts
from monitor.sources.detecting.material import material
from monitor.sources.presets import load_preset
from monitor.sources.presets.starting import starting_lines
from monitor.sources.web.message import Answer

_SHOWN: Final = 10
"""Comments of a site that are shown without `--limit`."""

_NOWHERE: Final = "https://site.example/"
_MOST_THREADS: Final = 3
"""Threads of a site that are asked for comments."""


class Options(TypedDict):
    """The command's options."""

    path: Path | None
    preset: str | None
    url: str | None
    file: IO[bytes] | None
    form: Literal["text", "json"]
    limit: int | None


@click.command(short_help="Print the first comments of a site, or of a saved answer.")
@click.argument("path", required=False, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--preset", metavar="NAME", help="Instead of a source file: the preset alone.")
@click.option("--url", help="The site's address, with --preset.")
@click.option(
    "--file",
    type=click.File("rb"),
    metavar="ANSWER",
    help="An answer that `record` or you saved; no site is asked. - is standard input.",
)
@TEXT_OR_JSON
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    help="The most comments. Without it: all of an answer, 10 of a site.",
)
def command(**options: Unpack[Options]) -> None:
    """Print the first comments of a site by asking it once, or of an answer saved to a file.

    text: every field with its origin, the place in the answer that gave it; which fields were missing;
    what could not be read. json: one comment a line, with the keys id, native_id, parent, thread,
    author, text, url, created_at, edited_at.
    """
    file, limit, preset = options["file"], options["limit"], options["preset"]
    if (options["path"] is None) == (preset is None):
        raise click.UsageError("give a source file, or --preset NAME")
    if preset is None and options["url"]:
        raise click.UsageError("--url goes with --preset; a source file has its own")
    if preset and file is None and not options["url"]:
        raise click.UsageError("--preset needs --url, or a saved answer by --file")
    answer = answer_of(file) if file is not None else None
    if preset is not None:
        text = _preset_text(_fitting(preset, answer), options["url"])
    else:
        text = source_texts(options["path"] or Path())[0]
    site = site_of(text, "try", saved=answer is not None)
    if answer is not None:
        trials = [_of_answer(site, answer)]
    else:
        limit = limit or _SHOWN
        trials = asyncio.run(_of_site(site, limit))
    _print(trials, options["form"], limit)


def _fitting(name: str, answer: Answer | None) -> str:
    """Return the preset, or the one that reads its sites' answers of this format instead."""
    if answer is None:
        return name
    form = material(answer).form
    other = load_preset(name).variants.get(form, name)
    if other != name:
        click.echo(f"this is {form}: read by the preset {other}", err=True)
    return other


def _preset_text(name: str, url: str | None) -> SourceText:
    """Return the least source file of a preset; its id is the preset's name."""
    text = starting_lines(load_preset(name), id_=name, url=url or _NOWHERE)
    return SourceText(path=f"--preset {name}", text=text, base=Path())


def _of_answer(site: DeclaredSite, answer: Answer) -> Trial:
    request = site.template.fill({})
    if not request.url.startswith("http"):
        request = replace(request, url=_NOWHERE)
    return try_answer(site, request, replace(answer, url=answer.url or request.url), None)


async def _of_site(site: DeclaredSite, limit: int) -> list[Trial]:
    """Ask the site once, or, thread by thread, until there are enough comments."""
    trials: list[Trial] = []
    async with opened_web() as web:
        listing, threads = await threads_of(site, web)
        if listing is not None:
            click.echo(f"{counted(len(threads), 'thread')}, the most active first", err=True)
        for thread in threads[:_MOST_THREADS]:
            request = site.first(thread)
            trials.append(try_answer(site, request, await web.ask(request, site.manners), thread))
            if sum(len(trial.tried) for trial in trials) >= limit:
                break
    return trials


def _print(trials: Sequence[Trial], form: Literal["text", "json"], limit: int | None) -> None:
    tried = [each for trial in trials for each in trial.tried][:limit]
    for each in tried:
        click.echo(_json(each) if form == "json" else "\n".join((*_lines(each), "")))
    for line in _summary(trials, len(tried)):
        click.echo(line, err=form == "json")


def _json(tried: Tried) -> str:
    return msgspec.json.encode(canonical(tried.item.comment)).decode()


def _lines(tried: Tried) -> Iterator[str]:
    """Yield the comment's fields, each with the place that gave it."""
    comment = tried.item.comment
    yield click.style(comment.key, bold=True)
    shown = {**canonical(comment), "standing": str(tried.item.standing), **comment.extra}
    origin_of = {**IN_FILE, "standing": "status"}
    for name, value in shown.items():
        if name == "id" or value is None:
            continue
        origin = tried.origins.get(origin_of.get(name, name), "")
        words = "\n              ".join(printable(str(value)).split("\n"))
        yield f"  {name:<11} {words}" + (click.style(f"   <- {origin}", dim=True) if origin else "")


def _summary(trials: Sequence[Trial], shown: int) -> Iterator[str]:
    found = sum(trial.found for trial in trials)
    comments = sum(len(trial.tried) for trial in trials)
    dropped = sum(trial.dropped for trial in trials)
    unreadable = [each for trial in trials for each in trial.unreadable]
    yield (
        f"{counted(found, 'item')} found, {counted(comments, 'comment')} ({shown} shown), "
        f"{dropped} left out, {len(unreadable)} unreadable"
    )
    missing = sum((trial.missing for trial in trials), Counter[str]())
    for name, count in sorted(missing.items()):
        yield f"missing: {name} in {count} of {comments}"
    reasons = Counter(each.detail for each in unreadable)
    for reason, count in reasons.most_common():
        yield f"unreadable: {reason} ({count})"
    if not found:
        yield "nothing stands where `select` looks for comments: is it the right page, and selector?"
    following = next((trial.next for trial in trials if trial.next is not None), None)
    if following is not None:
        yield f"next page: {following.url}" + (" with other parameters" if following.params else "")
