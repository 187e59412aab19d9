"""The one place that alerts leave by HTTP: what may be reached, and what an answer means.

A URL may hold a secret (a Slack webhook is nothing else), so nothing here ever names more of it
than the host.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

import aiohttp

from monitor.domain.errors import Misconfigured, Rejected, Retryable
from monitor.ports import Clock
from monitor.ports.http import forbidden, seconds_until, unreached
from monitor.ports.network import Networks

TIMEOUT: Final = 10.0
"""Seconds from opening the connection to the end of the answer."""

MOST_READ: Final = 4096
"""Bytes of an answer's body that are read; the connection is closed on the rest."""

SET_UP_WAIT: Final = 300.0
"""Seconds until the next try where a person must change something first."""

_SET_UP: Final = {
    HTTPStatus.UNAUTHORIZED: "does not accept the signature or login: are secret and URL those it gave?",
    HTTPStatus.PAYMENT_REQUIRED: "asks for payment",
    HTTPStatus.FORBIDDEN: "does not allow this: are secret and URL those it gave?",
    HTTPStatus.NOT_FOUND: "knows no such address: is the URL right?",
    HTTPStatus.METHOD_NOT_ALLOWED: "takes no POST there: is the URL right?",
    HTTPStatus.PROXY_AUTHENTICATION_REQUIRED: "wants a login at a proxy",
    HTTPStatus.GONE: "says this address is gone: make a new URL there",
}
"""Answers that say nothing about the alert. Refusing would lose every alert to one wrong character
in a setting, so they wait, with a message, until a person has put it right."""

_PASSING: Final = {
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.CONFLICT,  # the same Idempotency-Key is still in work there (IETF draft, section 2.7)
    HTTPStatus.TOO_EARLY,
    HTTPStatus.TOO_MANY_REQUESTS,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a channel said. `body` is its first bytes, empty where the rest of the answer broke.

    The status stands: a channel that says 200 and then falls over has taken the message.
    """

    host: str
    status: int
    retry_after: float | None
    body: bytes

    def settle(self, note: str = "") -> str:
        """Return what to record of a message that was taken; `note` is put beside the status.

        Raises:
            Retryable: the channel is overloaded or failing, or is set up wrongly.
            Rejected: this message will never be taken; with reason `http_4xx`.
        """
        said = f"HTTP {self.status} {note}".rstrip()
        if HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES:
            return said
        if HTTPStatus.MULTIPLE_CHOICES <= self.status < HTTPStatus.BAD_REQUEST:
            problem = "points elsewhere, and redirects are not followed: set the final URL"
            raise Retryable(f"{self.host} ({said}) {problem}", retry_after=SET_UP_WAIT)
        if self.status in _SET_UP:
            problem = _SET_UP[HTTPStatus(self.status)]
            raise Retryable(f"{self.host} ({said}) {problem}", retry_after=SET_UP_WAIT)
        if self.status in _PASSING or self.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise Retryable(f"{self.host} answered {said}", retry_after=self.retry_after)
        raise Rejected("http_4xx", f"{self.host} answered {said}")


class Outlet:
    """Posts to one URL, over connections that are kept open.

    Redirects are not followed, proxies of the environment not used, cookies not kept.

    Args:
        url: where to; `http` or `https`.
        networks: what the host's address may be, looked at for every connection.
        timeout: seconds for one post as a whole.
        clock: what a Retry-After date is compared with.

    Raises:
        Misconfigured: the URL is none; the message does not repeat it.
    """

    def __init__(self, url: str, *, networks: Networks, clock: Clock, timeout: float = TIMEOUT) -> None:
        self._url, self._host = url, _host(url)
        self._networks = networks
        self._timeout = timeout
        self._clock = clock
        self._session: aiohttp.ClientSession | None = None

    @property
    def host(self) -> str:
        """Return the host, which is all that may be told of the URL."""
        return self._host

    async def post(self, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Post JSON and return the answer, whatever its status.

        Raises:
            Retryable: no answer came; nobody knows whether the channel took it.
        """
        try:
            async with self._opened().post(
                self._url,
                data=body,
                headers={"Content-Type": "application/json", **headers},
                allow_redirects=False,
            ) as response:
                return Answer(
                    host=self.host,
                    status=response.status,
                    retry_after=seconds_until(response.headers.get("Retry-After", ""), self._clock()),
                    body=await _beginning(response),
                )
        except TimeoutError:
            raise Retryable(f"{self.host} did not answer within {self._timeout:g} s") from None
        except (aiohttp.ClientError, OSError) as error:
            raise self._unreached(error) from None

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(socket_factory=self._networks.socket),
                timeout=aiohttp.ClientTimeout(total=self._timeout),
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                headers={"User-Agent": "comment-monitor", "Accept-Encoding": "identity"},
            )
        return self._session

    def _unreached(self, error: aiohttp.ClientError | OSError) -> Retryable:
        if forbidden(error):
            problem = "is in a private network: name that network in the receiver's allow_private"
            return Retryable(f"{self.host} {problem}", retry_after=SET_UP_WAIT)
        if isinstance(error, aiohttp.InvalidURL):
            return Retryable(f"{self.host} is no address that can be used", retry_after=SET_UP_WAIT)
        return unreached(self.host, error)


def _host(url: str) -> str:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
        host.encode("idna")
    except ValueError:
        host = ""
    if not host or parts.scheme not in {"http", "https"}:
        raise Misconfigured.plain("the receiver's url is no address", hint="it begins with https://")
    return host


async def _beginning(response: aiohttp.ClientResponse) -> bytes:
    """Return the first bytes of the body; what breaks after the status line changes nothing."""
    body = b""
    try:
        while len(body) < MOST_READ and (chunk := await response.content.read(MOST_READ - len(body))):
            body += chunk
        if not response.content.at_eof():
            response.close()
    except (aiohttp.ClientError, OSError):
        response.close()
        return b""
    return body
