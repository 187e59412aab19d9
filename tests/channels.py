"""A channel on loopback that answers as it is told and remembers what it was sent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final, cast

from aiohttp import web

Behaviour = Callable[[web.Request], Awaitable[web.StreamResponse]]

GONE: Final = web.Response(status=500)
"""What a handler returns where nobody is left to answer to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One request as it came."""

    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(slots=True)
class Channel:
    """`behaviour` may be changed at any time; `arrived` is notified of every post."""

    url: str = ""
    behaviour: Behaviour = field(default_factory=lambda: answers(200))
    posts: list[Post] = field(default_factory=list)
    arrived: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def take(self, request: web.Request) -> web.StreamResponse:
        """Remember the request and behave."""
        async with self.arrived:
            body = await request.read()
            self.posts.append(Post(path=request.path, headers=request.headers.copy(), body=body))
            self.arrived.notify_all()
        return await self.behaviour(request)

    async def has_got(self, count: int) -> list[Post]:
        """Wait until so many posts came, 10 seconds at most."""
        async with asyncio.timeout(10), self.arrived:
            await self.arrived.wait_for(lambda: len(self.posts) >= count)
        return self.posts

    def ids(self) -> list[str]:
        """Return the ids of the posts in the order they came."""
        return [post.headers["Idempotency-Key"] for post in self.posts]


@asynccontextmanager
async def open_channel() -> AsyncIterator[Channel]:
    """Serve a channel on a free port."""
    channel = Channel()
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", channel.take)
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    channel.url = f"http://{host}:{port}/hook/s3cret-path"
    try:
        yield channel
    finally:
        await runner.cleanup()


def answers(status: int, body: str = "", **headers: str) -> Behaviour:
    """Answer with this status; headers' underscores stand for hyphens."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}

    async def behave(_request: web.Request) -> web.StreamResponse:
        return web.Response(status=status, text=body, headers=named)

    return behave


def one_by_one(*behaviours: Behaviour) -> Behaviour:
    """Behave in turn; the last one stays."""
    left = list(behaviours)

    async def behave(request: web.Request) -> web.StreamResponse:
        return await (left.pop(0) if len(left) > 1 else left[0])(request)

    return behave


async def never_answers(_request: web.Request) -> web.StreamResponse:
    """Keep the connection open and say nothing."""
    await asyncio.Event().wait()
    return GONE


async def resets(request: web.Request) -> web.StreamResponse:
    """Cut the connection without a word."""
    assert request.transport is not None
    request.transport.abort()
    return GONE


async def says_nonsense(request: web.Request) -> web.StreamResponse:
    """Answer with something that is not HTTP."""
    transport = cast("asyncio.WriteTransport", request.transport)
    transport.write(b"\x00 no status line\r\n\r\n")
    transport.close()
    return GONE


async def breaks_off(request: web.Request) -> web.StreamResponse:
    """Answer 200, promise a body and cut the connection within it."""
    response = web.StreamResponse(headers={"Content-Length": "1000"})
    await response.prepare(request)
    await response.write(b"half a bo")
    assert request.transport is not None
    request.transport.abort()
    return response


async def never_ends(request: web.Request) -> web.StreamResponse:
    """Answer 200 and write until the other side hangs up."""
    response = web.StreamResponse()
    await response.prepare(request)
    while True:
        await response.write(b"x" * 65536)
