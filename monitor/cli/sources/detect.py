"""`sources detect`: which preset reads a site, why so, and the source file for it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Final, Literal, TypedDict, Unpack

import click

from monitor.cli.output import TEXT_OR_JSON, counted, json_text, leave
from monitor.cli.sources.answers import saved_answer
from monitor.cli.sources.printing import printable
from monitor.domain.errors import Misconfigured, Retryable
from monitor.sources.declared.reading import read_site
from monitor.sources.declared.trying import try_answer
from monitor.sources.describing import Described, SourceText, describe
from monitor.sources.detecting.asking import ask
from monitor.sources.detecting.candidates import Candidate, Findings, find
from monitor.sources.detecting.material import material
from monitor.sources.detecting.signs import Sureness
from monitor.sources.detecting.systems import SYSTEMS
from monitor.sources.detecting.writing import source_text
from monitor.sources.polling.site import Thread
from monitor.sources.web.client import WebClient
from monitor.sources.web.message import Answer, Manners, Refused

_RATE: Final = 4.0
"""Requests a second: no more than a browser makes for one page."""

_FIVE_LINES: Final = ("preset", "id", "url", "secrets", "options")

_NOTHING: Final = """\
nothing here looks like comments of any kind that is known.
Do they come by a script, after the page? Look in your browser's tools (Network) for the answer that
holds them, and detect that address. Else save the page as it stands after its scripts have run, and
detect the file. Else tell where they stand: a source file may begin so:
"""
_ANY_PAGE: Final = Candidate(
    name="Any page of HTML",
    sureness=Sureness.HINT,
    seen=(),
    say="",
    content={"preset": "html", "id": "site", "url": "https://SITE", "select": {"items": "SELECTOR"}},
)

_ANY_DATA: Final = replace(
    _ANY_PAGE,
    name="Any JSON",
    content={
        "preset": "json",
        "id": "site",
        "url": "https://SITE",
        "select": {"items": "PATH"},
        "fields": {"id": {"path": "PATH"}, "text": {"path": "PATH"}},
    },
)


class Options(TypedDict):
    """The command's options."""

    out: Path | None
    preset: str | None
    networks: tuple[str, ...]
    form: Literal["text", "json"]


@click.command(short_help="Say which preset fits a page, and write the file.")
@click.argument("site", metavar="URL|FILE")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the source file there.",
)
@click.option("--preset", metavar="NAME", help="The file for this one of what was found, not for the first.")
@click.option(
    "--network",
    "networks",
    multiple=True,
    metavar="NETWORK",
    help="A private network that may be asked, such as 10.1.0.0/16; may be repeated.",
)
@TEXT_OR_JSON
def command(site: str, **options: Unpack[Options]) -> None:
    """Say what a site's comments can be read by, the best way first, what gave it away, and the source file.

    URL is asked, as robots.txt allows, and where its API may help that too. FILE is a page or an answer
    saved from a site; `sources record` saves them with their headers.

    Exit codes: 0 a way was found, 1 none.
    """
    out = options["out"]
    if out is not None and out.exists():
        raise Misconfigured.plain(f"{out} is there already", hint="choose another name for --out")
    answer, findings = _looked_at(site, options["networks"])
    chosen = _reachable(_chosen(findings, options["preset"]), options["networks"])
    if options["form"] == "json":
        click.echo(json_text(_record(answer, findings, chosen)))
    else:
        click.echo("\n".join(_told(answer, findings, chosen, written=out is not None)))
    if out is not None and chosen is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(source_text(chosen), encoding="utf-8")
        click.echo(f"{out}: written; next: comment-monitor sources try {out}", err=True)
    leave(failed=not findings.candidates)


def _looked_at(site: str, networks: Sequence[str]) -> tuple[Answer, Findings]:
    if "://" in site:
        answer, findings = asyncio.run(_asked(site, networks))
        return answer, _plainest(findings, answer)
    path = Path(site)
    if not path.is_file():
        hint = f"for a site write https://{site}" if "." in site else ""
        raise Misconfigured.plain(f"there is no file {site}", hint=hint)
    answer = saved_answer(path)
    return answer, _plainest(find(material(answer)), answer)


def _plainest(findings: Findings, answer: Answer) -> Findings:
    """Return the findings without guesses of fields where the preset alone reads as much."""
    return replace(findings, candidates=tuple(_plain(each, answer) for each in findings.candidates))


def _plain(candidate: Candidate, answer: Answer) -> Candidate:
    bare = replace(
        candidate, content={key: candidate.content[key] for key in _FIVE_LINES if key in candidate.content}
    )
    if bare.content == candidate.content or (_read(bare, answer) or 0) < (_read(candidate, answer) or 0):
        return candidate
    return bare


async def _asked(url: str, networks: Sequence[str]) -> tuple[Answer, Findings]:
    web = WebClient(lambda: datetime.now(UTC))
    try:
        return await ask(web, url, Manners(rate=_RATE, networks=tuple(networks)))
    except Refused as error:
        if error.reason != "private_network":
            raise
        raise Refused(error.reason, f"{error}; here with --network, such as --network 10.1.0.0/16") from None
    finally:
        await web.close()


def _chosen(findings: Findings, preset: str | None) -> Candidate | None:
    """Return the candidate that the file is for: the first that a preset reads, or the one asked for.

    Raises:
        Misconfigured: that one was not found.
    """
    readable = [each for each in findings.candidates if each.way]
    if preset is None:
        return next(iter(readable), None)
    found = next((each for each in readable if each.way == preset), None)
    if found is None:
        ways = ", ".join(dict.fromkeys(each.way for each in readable)) or "none"
        raise Misconfigured.plain(f"nothing here is for the preset `{preset}`", hint=f"found were: {ways}")
    return found


def _reachable(chosen: Candidate | None, networks: Sequence[str]) -> Candidate | None:
    """Return the candidate with the private networks in its file that had to be named to ask its site."""
    if chosen is None or not networks or _described(chosen) is None:
        return chosen
    return replace(chosen, content={**chosen.content, "politeness": {"networks": list(networks)}})


def _told(answer: Answer, findings: Findings, chosen: Candidate | None, *, written: bool) -> Iterator[str]:
    if answer.url:
        yield f"{printable(answer.url)} answers HTTP {answer.status}"
    if answer.status >= HTTPStatus.BAD_REQUEST:
        yield "that is an error: what follows may be about the page that tells of it"
    for number, candidate in enumerate(findings.candidates, 1):
        way = f"preset: {candidate.way}" if candidate.way else "no preset"
        sure = candidate.sureness.name.lower()
        yield f"\n{number}. {click.style(way, bold=True)} ({sure}): {candidate.name}"
        yield f"   {candidate.say}"
        yield from (f"   - {printable(says)}" for says in candidate.seen)
        if (count := _read(candidate, answer)) is not None:
            yield f"   = it reads {counted(count, 'comment')} from this answer"
    yield from (f"\nnote: {printable(note)}" for note in findings.notes)
    if not findings.candidates:
        yield _NOTHING
        yield f"looked for: {', '.join(system.name for system in SYSTEMS)}\n"
        yield source_text(_ANY_DATA if material(answer).form == "json" else _ANY_PAGE)
    elif chosen is not None and not written:
        yield f"\nThe source file for `{chosen.way}` (--out FILE writes it):\n\n{source_text(chosen)}"


def _record(answer: Answer, findings: Findings, chosen: Candidate | None) -> dict[str, object]:
    return {
        "url": answer.url,
        "status": answer.status,
        "candidates": [
            {
                "preset": each.way or None,
                "name": each.name,
                "sureness": each.sureness.name.lower(),
                "seen": each.seen,
                "say": each.say,
                "comments": _read(each, answer),
                "file": source_text(each) or None,
            }
            for each in findings.candidates
        ],
        "chosen": chosen.way if chosen else None,
        "notes": findings.notes,
    }


def _read(candidate: Candidate, answer: Answer) -> int | None:
    """Return how many comments the candidate's file reads from the answer; None where it is for others."""
    described = _described(candidate)
    site = read_site(described) if described is not None else None
    if site is None:
        return None
    thread = Thread(id=answer.url, url=answer.url) if site.fan else None
    try:
        return len(try_answer(site, site.first(thread), answer, thread).tried)
    except Retryable:
        return None


def _described(candidate: Candidate) -> Described | None:
    """Return the candidate's file as it is read; None where it is of no site that is polled."""
    if not candidate.way:
        return None
    text = SourceText(path=candidate.way, text=source_text(candidate), base=Path())
    described, _ = describe(text, {}, lenient=True)
    return described if described is not None and described.kind == "poll" else None
