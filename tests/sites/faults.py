"""What goes wrong between a monitor and a site, one function for each way."""

from __future__ import annotations

import asyncio
import gzip
import json
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache
from typing import Final, cast

from aiohttp import web
from multidict import CIMultiDict
from yarl import URL

from tests.channels import GONE, Behaviour, breaks_off, never_answers, never_ends, resets, says_nonsense
from tests.sites.politeness import HELD


@dataclass(frozen=True, slots=True, kw_only=True)
class Forwarded:
    """What the site behind answered: decoded, whole."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def response(self, **headers: str) -> web.Response:
        """Return it as it is, with these headers put in; underscores stand for hyphens."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        merged: CIMultiDict[str] = CIMultiDict(self.headers)
        merged.update(named)
        return web.Response(status=self.status, headers=merged, body=self.body)


Forward = Callable[..., Awaitable[Forwarded]]
"""Asks the site behind: for the request as it came, or for another URL (`forward(url)`)."""

Fault = Callable[[web.Request, Forward], Awaitable[web.StreamResponse]]
Plan = Callable[[web.Request], Fault | None]
"""Chooses what goes wrong with a request; None: nothing."""


async def well(_request: web.Request, forward: Forward) -> web.StreamResponse:
    """Answer as the site behind does."""
    return (await forward()).response()


def always(fault: Fault) -> Plan:
    """Let it happen to every request."""
    return lambda _request: fault


def scripted(*faults: Fault | None) -> Plan:
    """Let one after the other happen, then nothing any more."""
    left = list(faults)
    return lambda _request: left.pop(0) if left else None


def one_by_one(*faults: Fault) -> Fault:
    """Let one after the other happen; the last one stays."""
    left = list(faults)

    async def fault(request: web.Request, forward: Forward) -> web.StreamResponse:
        return await (left.pop(0) if len(left) > 1 else left[0])(request, forward)

    return fault


def seeded(seed: int, *faults: Fault, share: float = 0.3, in_a_row: int = 3) -> Plan:
    """Let any of them happen to a share of the requests, but never to more in a row."""
    chance = random.Random(seed)
    row = 0

    def plan(_request: web.Request) -> Fault | None:
        nonlocal row
        row = row + 1 if chance.random() < share and row < in_a_row else 0
        return chance.choice(faults) if row else None

    return plan


def on(path: str, plan: Plan) -> Plan:
    """Let it happen where the path begins so."""
    return lambda request: plan(request) if request.path.startswith(path) else None


def behaving(behaviour: Behaviour) -> Fault:
    """Answer without asking the site behind."""

    async def fault(request: web.Request, _forward: Forward) -> web.StreamResponse:
        return await behaviour(request)

    return fault


SILENCE: Final = behaving(never_answers)
RESET: Final = behaving(resets)
NONSENSE: Final = behaving(says_nonsense)
ENDLESS: Final = behaving(never_ends)
BROKEN_OFF: Final = behaving(breaks_off)


def late(seconds: float, then: Fault = well) -> Fault:
    """Take so long before anything is done."""

    async def fault(request: web.Request, forward: Forward) -> web.StreamResponse:
        await asyncio.sleep(seconds)
        return await then(request, forward)

    return fault


def status(code: int, body: str = "", media: str = "text/plain", **headers: str) -> Fault:
    """Answer with this status, body and headers, underscores standing for hyphens."""

    async def fault(_request: web.Request, _forward: Forward) -> web.StreamResponse:
        forwarded = Forwarded(status=code, headers={"Content-Type": media}, body=body.encode())
        return forwarded.response(**headers)

    return fault


def throttled(seconds: float | None = None, *, code: int = 429) -> Fault:
    """Ask to wait so many whole seconds, or say nothing of how long."""
    return status(code, "slow down") if seconds is None else status(code, Retry_After=f"{seconds:.0f}")


def throttled_until(seconds: float, *, code: int = 429) -> Fault:
    """Ask to wait until the second, as a date, that is so far away."""

    async def fault(request: web.Request, forward: Forward) -> web.StreamResponse:
        date = format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)
        return await status(code, Retry_After=date)(request, forward)

    return fault


def quota_spent(seconds: float, *, form: str = "epoch") -> Fault:
    """Answer well, and say that this was the last request of the quota until it is renewed.

    `form` is how the time is told: `epoch`, `delta`, `iso`, or `draft` (the RateLimit header).
    """

    async def fault(_request: web.Request, forward: Forward) -> web.StreamResponse:
        moment = datetime.now(UTC) + timedelta(seconds=seconds)
        if form == "draft":
            response = (await forward()).response(RateLimit=f'"minute";r=0;t={seconds:.0f}')
        else:
            forms = {
                "epoch": f"{moment.timestamp():.0f}",
                "delta": f"{seconds:.0f}",
                "iso": moment.isoformat(),
            }
            response = (await forward()).response(X_RateLimit_Remaining="0", X_RateLimit_Reset=forms[form])
        response[HELD] = seconds - (form == "epoch")
        return response

    return fault


async def truncated_gzip(_request: web.Request, forward: Forward) -> web.StreamResponse:
    """Send half of a gzip body as though it were all: only unpacking shows it."""
    forwarded = await forward()
    packed = gzip.compress(forwarded.body)
    return replace(forwarded, body=packed[: len(packed) // 2]).response(Content_Encoding="gzip")


async def zipped(_request: web.Request, forward: Forward) -> web.StreamResponse:
    """Answer well, with the body as gzip."""
    forwarded = await forward()
    return replace(forwarded, body=gzip.compress(forwarded.body)).response(Content_Encoding="gzip")


@cache
def _zeros(size: int) -> bytes:
    return gzip.compress(bytes(size))


def gzip_bomb(size: int = 20_000_000) -> Fault:
    """Send a small body that unpacks to so many bytes."""

    async def fault(_request: web.Request, forward: Forward) -> web.StreamResponse:
        return replace(await forward(), body=_zeros(size)).response(Content_Encoding="gzip")

    return fault


async def reset_mid_body(_request: web.Request, forward: Forward) -> web.StreamResponse:
    """Send half of the body and cut the connection."""
    forwarded = await forward()
    whole = forwarded.body or b"nothing"
    response = web.StreamResponse(status=forwarded.status, headers=CIMultiDict(forwarded.headers))
    response.content_length = len(whole)
    await response.prepare(_request)
    await response.write(whole[: len(whole) // 2])
    transport = _request.transport
    assert transport is not None
    transport.abort()
    return GONE


async def drips_headers(request: web.Request, _forward: Forward) -> web.StreamResponse:
    """Send a header line every now and then, never the last one."""
    transport = cast("asyncio.WriteTransport", request.transport)
    transport.write(b"HTTP/1.1 200 OK\r\n")
    while not transport.is_closing():
        transport.write(b"X-Patience: please\r\n")
        await asyncio.sleep(0.02)
    return GONE


LOGIN_PAGE: Final = status(
    200, "<!doctype html><html><title>Sign in</title><form method=post></form></html>", "text/html"
)


def charset(label: str) -> Fault:
    """Answer well, and call the charset of the body by this name."""

    async def fault(_request: web.Request, forward: Forward) -> web.StreamResponse:
        forwarded = await forward()
        media = forwarded.headers.get("Content-Type", "text/plain").partition(";")[0]
        return forwarded.response(Content_Type=f"{media}; charset={label}")

    return fault


def lying_etag(etag: str = '"never-changes"') -> Fault:
    """Say that nothing changed to whoever asks so, whatever happened."""

    async def fault(request: web.Request, forward: Forward) -> web.StreamResponse:
        if request.headers.keys() & {"If-None-Match", "If-Modified-Since"}:
            return web.Response(status=304, headers={"ETag": etag})
        return (await forward()).response(ETag=etag)

    return fault


def redirected(to: str, code: int = 302) -> Fault:
    """Send elsewhere, such as `http://169.254.169.254/latest/meta-data/` or a `Decoy`'s URL."""
    return status(code, Location=to)


def rewritten(change: Callable[[bytes], bytes]) -> Fault:
    """Change the body of the answer."""

    async def fault(_request: web.Request, forward: Forward) -> web.StreamResponse:
        forwarded = await forward()
        return replace(forwarded, body=change(forwarded.body)).response()

    return fault


def shuffled(seed: int) -> Fault:
    """Put the items of a JSON list into another order."""
    chance = random.Random(seed)

    def change(body: bytes) -> bytes:
        items = json.loads(body)
        chance.shuffle(items)
        return json.dumps(items).encode()

    return rewritten(change)


def asked_instead(change: Callable[[URL], URL]) -> Fault:
    """Answer another request than was made: a page before, an offset that moved by one."""

    async def fault(request: web.Request, forward: Forward) -> web.StreamResponse:
        return (await forward(change(request.url))).response()

    return fault


def stale() -> Fault:
    """Give the first answer again and again, as a cache does that nobody purges."""
    kept: list[Forwarded] = []

    async def fault(_request: web.Request, forward: Forward) -> web.StreamResponse:
        if not kept:
            kept.append(await forward())
        return kept[0].response()

    return fault
