"""A proxy before any site on loopback: things go wrong by plan, and how politely it is asked is counted.

    async with open_chaos(site.url, plan=scripted(throttled(1), truncated_gzip)) as chaos:
        …                                     # ask chaos.url as though it were the site
    assert chaos.violations == []

What can go wrong stands in `tests.sites.faults`, what is counted in `tests.sites.politeness`.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Final, Protocol

import aiohttp
from aiohttp import web
from multidict import CIMultiDict
from yarl import URL

from monitor.ports import Clock
from tests.channels import Behaviour
from tests.sites.faults import Fault, Forwarded, Plan, status, well
from tests.sites.politeness import GRACE, ROBOTS, Courtesy, Referee, Visit

_HOPS: Final = frozenset(
    {"connection", "content-encoding", "content-length", "date", "keep-alive", "server", "transfer-encoding"}
)
"""Headers that belong to one connection, or to a body that is unpacked on the way."""


class Behind(Protocol):
    """Asks the site behind for what was asked for, or for another URL."""

    def __call__(self, request: web.Request, body: bytes, url: URL | None = None) -> Awaitable[Forwarded]:
        """Return the whole answer."""
        ...


WELL: Final[Plan] = lambda _request: None  # noqa: E731 - a plan is a function, and this one has no more to it
POLITE: Final = Courtesy()


@dataclass(slots=True)
class Chaos:
    """The proxy as a test sees it. `plan` may be changed at any time."""

    plan: Plan
    referee: Referee
    url: str = ""

    @property
    def violations(self) -> list[str]:
        """Return what was impolite so far; a test asserts that there is nothing."""
        return self.referee.violations

    @property
    def visits(self) -> list[Visit]:
        """Return the requests so far, but those for robots.txt, which is asked for whenever need be."""
        return [visit for visit in self.referee.visits if visit.path != ROBOTS]

    @property
    def paths(self) -> list[str]:
        """Return what was asked for, robots.txt too, in the order it was."""
        return [visit.path for visit in self.referee.visits]


@dataclass(slots=True)
class Decoy:
    """A server that nobody may be led to. It counts who was."""

    url: str = ""
    hits: list[str] = field(default_factory=list)


@asynccontextmanager
async def open_chaos(
    upstream: str | Behaviour = "",
    plan: Plan = WELL,
    courtesy: Courtesy = POLITE,
    *,
    clock: Clock = lambda: datetime.now(UTC),
    robots: Fault | None = None,
) -> AsyncIterator[Chaos]:
    """Serve the proxy on a free port of 127.0.0.1.

    Args:
        upstream: the URL of the site behind, or what answers in its place.
        plan: what goes wrong; it is not asked about robots.txt.
        courtesy: what is a violation. With `robots`, that text is served and must be obeyed.
        clock: what Retry-After is measured by; give it the clock that the asking side goes by.
        robots: what happens to requests for robots.txt, instead of the courtesy's text.
    """
    chaos = Chaos(plan=plan, referee=Referee(courtesy, clock))
    if robots is None and courtesy.robots is not None:
        robots = status(200, courtesy.robots)
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        behind = _behind(upstream, session)

        async def take(request: web.Request) -> web.StreamResponse:
            return await _meet(chaos, behind, robots, request)

        async with _serving(take, "127.0.0.1") as url:
            chaos.url = url
            yield chaos


@asynccontextmanager
async def open_decoy(host: str = "127.0.0.2") -> AsyncIterator[Decoy]:
    """Serve a decoy: at 127.0.0.2, which is not in `127.0.0.1/32`, though on this machine all the same."""
    decoy = Decoy()

    async def take(request: web.Request) -> web.StreamResponse:
        decoy.hits.append(str(request.url))
        return web.Response(text="what nobody may read")

    async with _serving(take, host) as url:
        decoy.url = url
        yield decoy


@asynccontextmanager
async def _serving(take: Behaviour, host: str) -> AsyncIterator[str]:
    app = web.Application(client_max_size=0)
    app.router.add_route("*", "/{tail:.*}", take)
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, host, 0).start()
    try:
        yield f"http://{host}:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def _behind(upstream: str | Behaviour, session: aiohttp.ClientSession) -> Behind:
    if isinstance(upstream, str):
        return partial(_proxied, session, URL(upstream))
    return partial(_played, upstream)


async def _meet(
    chaos: Chaos, behind: Behind, robots: Fault | None, request: web.Request
) -> web.StreamResponse:
    """Judge the request, let happen what the plan says, remember what the answer asks for."""
    visit = await _visit(request)
    chaos.referee.arrives(visit)
    if chaos.referee.crowded(visit.host):
        await asyncio.sleep(GRACE / 2)  # one that was hung up on may not have been noticed yet
        chaos.referee.judge_crowd(visit)
    fault = robots if visit.path == ROBOTS else chaos.plan(request)
    try:
        response = await (fault or well)(request, partial(behind, request, visit.body))
    finally:
        visit.answered = True
    chaos.referee.answers(visit, response)
    return response


async def _visit(request: web.Request) -> Visit:
    at = time.monotonic()
    return Visit(
        host=request.host,
        path=request.path,
        url=str(request.url),
        headers=request.headers.copy(),
        body=await request.read(),
        at=at,
        request=request,
    )


async def _proxied(
    session: aiohttp.ClientSession, site: URL, request: web.Request, body: bytes, url: URL | None = None
) -> Forwarded:
    """Ask the site behind, by the name that the proxy was asked by: its links then lead through here."""
    path = (url or request.url).raw_path_qs
    headers = CIMultiDict(request.headers)
    headers["Accept-Encoding"] = "identity"
    async with session.request(
        request.method,
        URL(f"{site.origin()}{path}", encoded=True),
        headers=headers,
        data=body or None,
        allow_redirects=False,
    ) as response:
        passed = [(name, value) for name, value in response.headers.items() if name.lower() not in _HOPS]
        return Forwarded(status=response.status, headers=CIMultiDict(passed), body=await response.read())


async def _played(
    behaviour: Behaviour, request: web.Request, _body: bytes, url: URL | None = None
) -> Forwarded:
    """Ask a function that stands for the site behind."""
    response = await behaviour(request if url is None else request.clone(rel_url=url.relative()))
    assert isinstance(response, web.Response)
    body = response.body
    assert body is None or isinstance(body, bytes)
    return Forwarded(status=response.status, headers=CIMultiDict(response.headers), body=body or b"")
