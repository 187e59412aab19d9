"""What several tools do with a source file: read its site, and ask it."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import click

from monitor.cli.output import leave
from monitor.sources.declared.reading import read_site
from monitor.sources.declared.site import DeclaredSite
from monitor.sources.describing import SourceText, describe
from monitor.sources.polling.site import Thread
from monitor.sources.web.client import WebClient
from monitor.sources.web.message import Answer, Web


def site_of(text: SourceText, tool: str, *, saved: bool) -> DeclaredSite:
    """Return the site of a source file; where it is wrong, print every problem and leave.

    `saved`: no site is asked, so secrets may be missing.
    """
    described, sheet = describe(text, os.environ, lenient=saved)
    if described is not None and described.kind != "poll":
        raise click.UsageError(f"`{tool}` is for sources of kind poll, not {described.kind}")
    site = read_site(described) if described is not None else None
    problems = [problem for problem in sheet.problems if problem.level == "error" or not saved]
    for problem in problems:
        click.echo(str(problem), err=True)
    wrong = any(problem.level == "error" for problem in problems)
    leave(failed=site is None or wrong)
    if site is None:
        raise AssertionError
    return site


@asynccontextmanager
async def opened_web() -> AsyncIterator[WebClient]:
    """Open what asks sites."""
    web = WebClient(lambda: datetime.now(UTC))
    try:
        yield web
    finally:
        await web.close()


async def threads_of(site: DeclaredSite, web: Web) -> tuple[Answer | None, Sequence[Thread | None]]:
    """Return the site's listing of threads, where it has one, and what to read: None for the site as a whole.

    Raises:
        Retryable: it gives no listing.
    """
    listing = site.listing()
    if listing is None:
        return None, site.fixed() or [None]
    answer = await web.ask(listing, site.manners)
    return answer, site.threads(answer)
