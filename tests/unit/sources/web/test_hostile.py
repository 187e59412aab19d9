"""A server may send anything at all: what comes of it is an answer or an error of ours."""

from __future__ import annotations

import asyncio
import gzip
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.errors import Retryable
from monitor.sources.web.charset import decoded
from monitor.sources.web.freshness import fresh_for
from monitor.sources.web.message import Answer, Request
from tests.sites.asking import QUICK, Hands, open_web

NAMES = [
    "Content-Type",
    "Content-Encoding",
    "Content-Length",
    "Transfer-Encoding",
    "Location",
    "Retry-After",
    "X-RateLimit-Remaining",
    "X-RateLimit-Reset",
    "RateLimit",
    "ETag",
    "Last-Modified",
    "Cache-Control",
    "Expires",
    "Set-Cookie",
    "Connection",
    "Link",
]
VALUES = [
    "gzip",
    "deflate",
    "br",
    "chunked",
    "text/html; charset=utf-7",
    "application/json",
    "/",
    "//[",
    "http://169.254.169.254/",
    "0",
    "-1",
    "1e9",
    "99999999999999999999",
    "keep-alive",
    "Sun, 29 Nov 2026 25:61:61 GMT",
]
values = st.sampled_from(VALUES).map(str.encode) | st.binary(max_size=30)
headers = st.lists(st.tuples(st.sampled_from(NAMES).map(str.encode), values), max_size=6)
statuses = st.sampled_from([100, 101, 200, 200, 200, 204, 206, 301, 302, 304, 307, 403, 404, 429, 500, 999])
bodies = st.binary(max_size=80) | st.binary(max_size=80).map(gzip.compress)


async def asked(sent: bytes, *, enforce: bool) -> Answer | Retryable:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(sent)
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server, open_web(Hands()) as web:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/comments"
        manners = replace(QUICK, timeout=2.0, robots="enforce" if enforce else "skip")
        try:
            return await web.ask(Request(url=url, accept=("application/json",)), manners)
        except Retryable as error:
            return error


@given(statuses, headers, bodies, st.booleans())
async def test_no_answer_breaks_the_client(
    status: int,
    lines: list[tuple[bytes, bytes]],
    body: bytes,
    enforce: bool,  # noqa: FBT001 - drawn
) -> None:
    head = b"".join(name + b": " + value + b"\r\n" for name, value in lines)
    got = await asked(b"HTTP/1.1 %d OK\r\n%b\r\n%b" % (status, head, body), enforce=enforce)
    if isinstance(got, Answer):
        assert (str, True) == (type(decoded(got)), fresh_for(got) >= 0)
        assert got.validators.etag.encode() is not None


@given(st.binary(max_size=200))
async def test_no_bytes_break_the_client(sent: bytes) -> None:
    assert isinstance(await asked(sent, enforce=False), Answer | Retryable)
