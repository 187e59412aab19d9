"""Connections that stay open: who may be reached, and what it means when one ends."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from http import HTTPStatus
from typing import Final, Literal

import aiohttp

from monitor.domain.errors import Retryable
from monitor.ports.http import forbidden, seconds_until, unreached
from monitor.ports.network import Networks
from monitor.sources.web.message import Refused

CONNECT_SECONDS: Final = 20.0

_REFUSALS: Final = {
    HTTPStatus.UNAUTHORIZED: "does not accept the login: is the token right, and may it read this?",
    HTTPStatus.FORBIDDEN: "does not allow this: is the token right, and may it read this?",
    HTTPStatus.NOT_FOUND: "knows no such address: is the URL right?",
    HTTPStatus.GONE: "says that this address is gone",
}

Ending = Literal["closed", "silent", "unreachable", "unreadable"]


class Lost(Retryable):
    """A connection ended, or none came to be. `reason` is from a closed set (it becomes a metric label)."""

    def __init__(self, reason: Ending, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message, retry_after=retry_after)
        self.reason: Ending = reason


@asynccontextmanager
async def open_session(networks: tuple[str, ...], agent: str) -> AsyncIterator[aiohttp.ClientSession]:
    """Yield a session that reaches the public internet and these networks, and never gives up waiting."""
    session = aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(socket_factory=Networks(networks).socket),
        timeout=aiohttp.ClientTimeout(total=None, connect=CONNECT_SECONDS),
        cookie_jar=aiohttp.DummyCookieJar(),
        headers={"User-Agent": agent},
    )
    async with session:
        yield session


@contextmanager
def named_endings(host: str) -> Iterator[None]:
    """Say what ended a connection, naming the host and nothing else of the address.

    Raises:
        Lost: whatever aiohttp raised.
        Refused: the host stands in a network that may not be reached.
    """
    try:
        yield
    except TimeoutError:
        raise Lost("unreachable", f"{host} did not answer within {CONNECT_SECONDS:g} s") from None
    except (aiohttp.ClientError, OSError) as error:
        if forbidden(error):
            problem = "is in a private network: name that network in the source's `networks`"
            raise Refused("private_network", f"{host} {problem}") from None
        reason: Ending = "unreachable" if isinstance(error, aiohttp.ClientConnectorError) else "closed"
        raise Lost(reason, str(unreached(host, error))) from None


def check_status(host: str, status: int, wait: float | None = None) -> None:
    """Return where the status is a success.

    Raises:
        Refused: a person must change something first.
        Lost: it may be better later; after `wait` seconds, where the host says so.
    """
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return
    if status in _REFUSALS:
        raise Refused("forbidden", f"{host} (HTTP {status}) {_REFUSALS[HTTPStatus(status)]}")
    raise Lost("unreachable", f"{host} answered HTTP {status}", retry_after=wait)


def asked_wait(headers: Mapping[str, str] | None, now: datetime) -> float | None:
    """Return the seconds that a host asks to wait, in either form; None where it does not."""
    return seconds_until((headers or {}).get("Retry-After", ""), now)
